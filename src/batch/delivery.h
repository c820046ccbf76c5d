/* delivery.h - how works end: each as one result, delivered and forgotten, also when the task is cancelled.
 *
 * All take the work over.  Less than 0: the result could not be delivered, and the batch ends.
 */
#pragma once

#include "state.h"

int delivery_cached(struct co_task *self, struct work *work);
int delivery_ok(struct co_task *self, struct work *work);
int delivery_failed(struct co_task *self, struct work *work); /* may stop the batch: fail_early */
int delivery_bad(struct co_task *self, struct work *work, const char *problem);
int delivery_barred(struct co_task *self, struct work *work);
int delivery_skipped(struct co_task *self, struct work *work); /* a file is there */
int delivery_stopped(struct co_task *self, struct work *work); /* the batch has ended before it did */

/* The failure of a work that is being cancelled, and of one that cannot be asked for. */
void delivery_note_cancel(struct work *work);
void delivery_note_bad(struct work *work, const char *problem);

/* Ends the batch before its end; the first reason counts. */
void batch_stop(struct batch *batch, const char *reason);
bool batch_stops_by_policy(const struct batch *batch);
