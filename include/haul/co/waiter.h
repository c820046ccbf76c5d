/* waiter.h - what every await is made of: park a task, wake it; the seam for other sources of events.
 *
 * A waiter lives on the stack of the waiting task.  Whoever can bring the event keeps a pointer to it, in a list
 * through `link` if that is handy, and calls co_wake exactly when it has happened.  Nothing is allocated.
 *
 *     static int wait_for_answer(struct co_task *self, struct question *question)
 *     {
 *         struct co_waiter waiter;
 *
 *         if (co_check(self) < 0)
 *             return -ECANCELED;
 *         co_waiter_init(&waiter, self, "answer", co_abort_now);
 *         question->waiter = &waiter;
 *         return co_park(self, &waiter);
 *     }
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

enum co_abort {
    CO_ABORT_NOW,   /* nobody points at the waiter any more: the wait ends with -ECANCELED */
    CO_ABORT_LATER, /* the event was asked to end early; co_wake will still be called */
};

struct co_waiter {
    struct list link;     /* for the event's owner; waking and aborting unlink it */
    struct co_task *task; /* private: NULL once resolved */
    /* What a cancel does.  NULL: the wait cannot be cancelled, for putting things away. */
    enum co_abort (*on_cancel)(struct co_waiter *waiter);
    const char *what; /* static, for people: "semaphore" */
};

/* `what` tells people what is waited for; on_cancel as above. */
void co_waiter_init(struct co_waiter *waiter, struct co_task *self, const char *what,
                    enum co_abort (*on_cancel)(struct co_waiter *));

/* Suspends until the waiter is woken or, with an on_cancel, the wait cancelled.
 *
 * Gives the result it was woken with.
 *
 * Fails as it was woken; -ECANCELED: the wait was cancelled. */
int co_park(struct co_task *self, struct co_waiter *waiter);

/* Makes the task ready with this result.  False when the waiter was already resolved.  The waiter is not touched
 * again.  Never runs the task. */
bool co_wake(struct co_waiter *waiter, int result);

/* An on_cancel for waiters that nobody but a list of waiters points at. */
enum co_abort co_abort_now(struct co_waiter *waiter);

/* To be called by an await that completed without parking: lets others run after 128 such in a row. */
void co_completed_at_once(struct co_task *self);

CO_EXPORT_END
