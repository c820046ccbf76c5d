/* signal.h - signals as something to wait for. */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_signal;

/* From now on the signal no longer does what it usually does. */
int co_signal_open(struct co_runtime *runtime, int number, struct co_signal **ret_signal);

/* Waits for an arrival since the last wait (or the opening); several arrivals may count as one. */
int co_signal_wait(struct co_task *self, struct co_signal *signal);

/* The signal does again what it usually does.  Nobody may be waiting; NULL is fine. */
void co_signal_close(struct co_signal *signal);

CO_EXPORT_END
