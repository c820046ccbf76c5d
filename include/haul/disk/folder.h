/* folder.h - the output folder of a run, and which names in it are taken.
 *
 * All paths are relative to it and resolved below it, component by component, without following symbolic links
 * (openat(2), O_NOFOLLOW), so nothing is ever written outside.
 *
 * The names that the folder held when the run began are remembered as far as there are at most
 * FOLDER_NAMES_MAXIMUM of them: then a name that is not among them needs no look at the disk.  A file was made
 * in this run when its change time (st_ctim) is not before the beginning and its name is among those that the run has
 * published.  Of these, too, no more than FOLDER_NAMES_MAXIMUM are remembered: in a run that has made more files, what
 * another program puts there meanwhile counts as made in this run.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/error.h>
#include <haul/co/task.h>

#include <time.h>

#define FOLDER_NAMES_MAXIMUM 65536

struct folder;

/* Makes the folder, and those above it, when it is not there. */
int folder_open(struct co_task *self, const char *path, struct error *error, struct folder **ret_folder);

/* To look only: one that is not there stays so, and holds nothing. */
int folder_open_as_is(struct co_task *self, const char *path, struct error *error, struct folder **ret_folder);
void folder_close(struct folder *folder); /* no output of it may be open; NULL is fine */
CLEANUP_FUNCTION(folder_close, struct folder *)

/* The name of the file that folder_path_of gave this path for; NULL: it is not in the folder. */
const char *folder_name_of(const struct folder *folder, const char *path);

/* A file of an interrupted run, which this run goes on with, has the name: no other output gets it.  Until it is
 * released, for an output of that name. */
void folder_claim(struct folder *folder, const char *name);
void folder_release(struct folder *folder, const char *name);

/* When that run began.  A file that was made since, and is not claimed, is one whose end that run did not tell: an
 * output of its name may be published if it has the same bytes. */
void folder_resume(struct folder *folder, time_t began);

/* The folder and a name in it, as a user would write it. */
const char *folder_path_of(const struct folder *folder, const char *name, struct arena *arena);

/* For a name that several outputs want: 1, 2, and so on, so that the ten thousandth does not try all before it.  In the
 * long run a name may be forgotten and begin at 1 again, but never at what was `tried` already for this output. */
unsigned folder_next_number(struct folder *folder, const char *name, unsigned tried);
