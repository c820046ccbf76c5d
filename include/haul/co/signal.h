/* signal.h - signals as something to wait for.
 *
 * Any number may be open for one signal; each gets every arrival, in this runtime and in those of other threads.  For
 * ^C there is less to write: cancel_on_interrupt, in runtime.h.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_signal;

/* From now on the signal no longer does what it usually does.  On success *ret_signal is the caller's, to be closed.
 *
 * Fails with -EINVAL: no signal, or one that cannot be caught; -ENOMEM. */
int co_signal_open(struct co_runtime *runtime, int number, struct co_signal **ret_signal);

/* Waits for an arrival since the last wait (or the opening); several arrivals may count as one.  A signal can come at
 * any time: while a task waits for one, co_run sees no deadlock, unless the signal only stands by.
 *
 * Fails when cancelled. */
int co_signal_wait(struct co_task *self, struct co_signal *signal);

/* Waiting for this one is a sideline of the program, no reason for it to go on: when all other tasks wait for what
 * cannot come, that is a deadlock. */
void co_signal_stand_by(struct co_signal *signal);

/* The signal does again what it usually does.  Nobody may be waiting; NULL is fine. */
void co_signal_close(struct co_signal *signal);
CLEANUP_FUNCTION(co_signal_close, struct co_signal *)

CO_EXPORT_END
