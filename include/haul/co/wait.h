/* wait.h - until some of several tasks have ended.
 *
 *     struct co_task *tasks[3];                                  // from co_spawn_named
 *     int done = co_wait(self, tasks, 3, CO_FIRST_DONE, co_after(CO_SECONDS(2)));
 *     for (int i = 0; i < done; i++)
 *         use(co_join(self, tasks[i]));                          // does not wait
 *     for (int i = done; i < 3; i++)
 *         co_cancel(tasks[i]);                                   // if they are not wanted any more
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>
#include <haul/co/timer.h>

#include <stddef.h>

CO_EXPORT_BEGIN

enum co_wait_until {
    CO_FIRST_DONE,  /* one has ended, however */
    CO_FIRST_ERROR, /* one has failed (-ECANCELED is no failure), or all have ended */
    CO_ALL_DONE,
};

/* Waits for that, or until the moment `deadline` (CO_FOREVER: no such).  Those that have ended are moved to the front
 * of `tasks`, whose order is not kept otherwise.  Nothing is cancelled, and every handle stays good.
 *
 * The tasks must have been spawned with a handle and not been joined; meanwhile nobody may join them, nor another wait
 * for them.  When the waiting itself is cancelled, `tasks` is as it was.
 *
 * Gives how many have ended, 0 if none had by the deadline.
 *
 * Fails when cancelled. */
int co_wait(struct co_task *self, struct co_task **tasks, size_t count, enum co_wait_until until, int64_t deadline);

CO_EXPORT_END
