/* journal.h - a report of ours as the memory of a run that was interrupted: which jobs are done, and as which file.
 *
 *     journal_open(self, "results.jsonl", note_file, folder, &error, &journal);
 *     while (journal_take(self, journal, job, url, arena, &record) == 0)
 *         if the disk confirms the record, the job is done
 *
 * A job is known by its URL, output name and, where the input gave one, its id.  What is no result, such as a last line
 * that was cut, says nothing.  What is kept in memory is 24 bytes for each job that is done; records are read again
 * when they are asked for.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/error.h>
#include <haul/co/task.h>
#include <haul/job/job.h>

#include <stdint.h>
#include <time.h>

struct journal;

struct journal_record {
    const char *path; /* of the file, as haul wrote it; NULL: nothing was saved */
    int64_t bytes;
    const char *algorithm, *digest; /* hex; NULL: none was computed */
};

/* Calls `note` for the path of each file that is told of, on a thread.  A file that is not there is an empty journal.
 * ERROR_INPUT that names it: it cannot be read, is no file, or has whole lines of which none is ours. */
int journal_open(struct co_task *self, const char *path, void (*note)(void *context, const char *path), void *context,
                 struct error *error, struct journal **ret_journal);
void journal_close(struct journal *journal); /* NULL is fine */
CLEANUP_FUNCTION(journal_close, struct journal *)

/* When the first run began, wall clock; 0: it does not say. */
time_t journal_began(const struct journal *journal);

/* The last record of the job that says it is done and has not been taken; strings are the arena's.  -ENOENT: there is
 * none; -ECANCELED; -EIO: it cannot be read. */
int journal_take(struct co_task *self, struct journal *journal, const struct job *job, const char *url,
                 struct arena *arena, struct journal_record *ret_record);
