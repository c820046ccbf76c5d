/* folder.h - the insides of a folder, for its outputs. */
#pragma once

#include "contests.h"
#include "names.h"

#include <haul/co/work_queue.h>
#include <haul/disk/folder.h>

#include <sys/stat.h>
#include <time.h>

struct folder {
    char *path;
    int fd;
    struct timespec began;  /* by the clock that stamps files */
    time_t resumed;         /* when the run that this one goes on with began; 0: there was none */
    struct names at_start;  /* names at the top of the folder when the run began */
    bool at_start_complete; /* there were no more than those */
    struct names taken;     /* of outputs that are open */
    struct names published; /* of files that this run has made, the first FOLDER_NAMES_MAXIMUM */
    struct contests contests;
    struct co_work_queue *small_work; /* bodies written in one piece */
    bool tells_late;                  /* of failed writes, when a file is closed: a network file system */
    bool names_late;                  /* a file without a name can get one here, and no part file was left */
};

/* Could a file of that name have been there before the run?  No needs no look at the disk. */
bool folder_may_have_held(const struct folder *folder, const char *name);

/* The name is now that of a file of this run. */
void folder_note_published(struct folder *folder, const char *name);

/* By its time the file of that name is of this run: is it another's all the same, as far as is remembered? */
bool folder_has_anothers(const struct folder *folder, const char *name);

/* Has folder_next_number been asked for it, as far as is remembered? */
bool folder_is_contested(const struct folder *folder, const char *name);

/* Was it made by the run that this one goes on with? */
bool folder_is_of_resumed_run(const struct folder *folder, const struct stat *status);

/* Was the file made, or put in its place, since the run began? */
bool folder_is_of_this_run(const struct folder *folder, const struct stat *status);
