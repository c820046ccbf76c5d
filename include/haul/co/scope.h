/* scope.h - a stretch of a task that can be cancelled, or has a deadline, or is shielded.
 *
 *     struct co_scope scope;
 *     co_scope_begin(self, &scope, co_after(CO_SECONDS(5)));
 *     int result = fetch(self, url);
 *     result = co_scope_end(self, &scope, result);        // -ETIMEDOUT when the five seconds ran out
 *
 * Scopes live on the stack and nest strictly; a group (group.h) opens one, and the tasks in it are inside it.
 * Cancelling is level-triggered: every await inside fails with -ECANCELED until the scope ends, so an error return
 * that somebody drops does not lose the cancel.  An await that had already happened stays happened.
 *
 * Only the end of the scope absorbs its own cancel:
 *
 *     the body gave          this scope was cancelled   an outer one was   co_scope_end gives
 *     not -ECANCELED         either way                 either way         that, unchanged
 *     -ECANCELED             no                         either way         -ECANCELED
 *     -ECANCELED             yes                        yes                -ECANCELED
 *     -ECANCELED             by its deadline            no                 -ETIMEDOUT
 *     -ECANCELED             by co_scope_cancel         no                 0
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>
#include <haul/co/timer.h>

CO_EXPORT_BEGIN

struct co_scope {
    /* private: */
    struct co_task *task;
    struct co_scope *parent;
    struct list children, link;
    bool effective;   /* cancelled here or outside */
    bool cancelled;   /* cancelled here */
    bool by_deadline; /* and that by the deadline */
    bool shielded;
    bool timed;            /* it has, or had, a deadline: the timer holds something */
    struct co_timer timer; /* last: most scopes do not touch it */
};

/* `deadline` is a moment (timer.h), CO_FOREVER for none; one that is past cancels at once.  So CO_SECONDS(5), which is
 * a moment long past, is wrong, and co_after(CO_SECONDS(5)) is right; with CO_DEBUG=1 such a mistake is told. */
void co_scope_begin(struct co_task *self, struct co_scope *scope, int64_t deadline);

/* A cancel from outside does not reach into it; its own deadline and co_scope_cancel do. */
void co_scope_begin_shielded(struct co_task *self, struct co_scope *scope, int64_t deadline);

/* The task that began the scope must end it, after all that it began inside; otherwise that is a defect, and aborts.
 *
 * Gives what the body gave; 0 in place of -ECANCELED when co_scope_cancel was the reason.
 *
 * Fails as the body did; -ETIMEDOUT: the body gave -ECANCELED, and the deadline of this scope was the reason. */
int co_scope_end(struct co_task *self, struct co_scope *scope, int result);

/* Has its deadline cancelled it?  Also good after its end: then an -ETIMEDOUT was the scope's, otherwise it was the
 * body's own, that of a kernel which had given up connecting for one. */
bool co_scope_expired(const struct co_scope *scope);

/* Cancels what is inside.  Does not wait; more than once is fine.  For whoever is on the thread of the runtime, a task
 * inside or outside or a callback, until the scope has ended. */
void co_scope_cancel(struct co_scope *scope);

/* Moves the deadline, from where co_scope_cancel may be called.  A scope that is cancelled stays so. */
void co_scope_set_deadline(struct co_scope *scope, int64_t deadline);

/* Calls function under a deadline `nanoseconds` from now, 0 for one that is over at once.  asyncio's wait_for.
 *
 * Gives what function gave.
 *
 * Fails as function did, cancelled or not; -ETIMEDOUT: the deadline ran out, and function gave up because of that. */
int co_timeout(struct co_task *self, int64_t nanoseconds, co_function *function, void *argument);

/* Calls function inside a shield: cancels from outside do not reach it until it has returned, or `nanoseconds` are
 * over. The caller notices such a cancel at its next await.
 *
 * Gives what function gave.
 *
 * Fails as function did, never because of a cancel from outside; -ETIMEDOUT: `nanoseconds` were over, and function gave
 * up because of that. */
int co_shield(struct co_task *self, int64_t nanoseconds, co_function *function, void *argument);

CO_EXPORT_END
