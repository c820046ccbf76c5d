/* callback.h - functions that are called soon on the thread of a runtime, and the way in for other threads.
 *
 *     struct download {
 *         struct co_callback arrived;
 *         struct co_event event;
 *     };
 *
 *     static void on_arrived(struct co_callback *callback)       // on the loop's thread
 *     {
 *         struct download *download = LIST_MEMBER(callback, struct download, arrived);
 *
 *         co_event_set(&download->event);
 *         co_runtime_let_go(download->runtime);
 *     }
 *
 *     co_runtime_hold(runtime);                                  // before the other thread is started
 *     co_post(runtime, &download->arrived);                      // in that thread
 *
 * A callback is the caller's memory and must stay until its function is called, which may free it or call it soon
 * again.  Functions run on the scheduler's own stack, in the order in which they were handed in, not before this call
 * has returned: they may wake, resolve, cancel, call soon and start timers, but not wait.  co_run calls those that are
 * left when its first task has ended.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_callback {
    void (*function)(struct co_callback *callback);
    /* private: */
    struct list link; /* starts as all zero */
};

/* From the thread of the runtime.  The callback must not be waiting already. */
void co_call_soon(struct co_runtime *runtime, struct co_callback *callback);

/* A callback that was to be called soon is not called, and its memory is free again; nothing when it did not wait.
 * Not for callbacks that were posted. */
void co_callback_forget(struct co_callback *callback);

/* From any thread, this one included: the only call that may come from others.  Wakes the loop.  The runtime must not
 * have ended: hold it. */
void co_post(struct co_runtime *runtime, struct co_callback *callback);

/* Something outside of the runtime will post.  While it is held, a runtime whose tasks all wait is not taken for a
 * deadlock, and co_run does not return.  Holds are counted; both calls are for the thread of the runtime, letting go
 * usually for the posted function. */
void co_runtime_hold(struct co_runtime *runtime);
void co_runtime_let_go(struct co_runtime *runtime);

CO_EXPORT_END
