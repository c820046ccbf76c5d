#include "scheduler.h"

#include <signal.h>

static const int numbers[] = {SIGINT, SIGTERM};

/* From then on they do what they usually do. */
static void let_go(struct interrupt_watch *watch)
{
    for (int i = 0; i < 2; i++) {
        if (watch->open[i])
            uv_signal_stop(&watch->signals[i]);
    }
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct co_runtime *runtime = signal->data;

    let_go(&runtime->interrupt_watch);
    if (runtime->interrupt_watch.ret_signal)
        *runtime->interrupt_watch.ret_signal = number;
    co_scope_cancel(&runtime->first_task->base);
}

/* A shell starts what it puts into the background with SIGINT ignored, nohup with SIGHUP: that stays so. */
static bool is_at_its_default(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

static bool watch_signal(struct co_runtime *runtime, uv_signal_t *signal, int number)
{
    if (!is_at_its_default(number) || uv_signal_init(runtime->loop, signal) < 0)
        return false;
    signal->data = runtime;
    uv_unref((uv_handle_t *)signal); /* one that may come is no reason to wait: it would hide a deadlock */
    uv_signal_start(signal, on_signal, number);
    return true;
}

void interrupt_watch_begin(struct co_runtime *runtime, const struct co_run_options *options)
{
    struct interrupt_watch *watch = &runtime->interrupt_watch;

    if (!options)
        return;
    watch->ret_signal = options->ret_interrupt;
    for (int i = 0; i < 2 && options->cancel_on_interrupt; i++)
        watch->open[i] = watch_signal(runtime, &watch->signals[i], numbers[i]);
}

void interrupt_watch_end(struct co_runtime *runtime)
{
    for (int i = 0; i < 2; i++) {
        if (runtime->interrupt_watch.open[i])
            uv_close((uv_handle_t *)&runtime->interrupt_watch.signals[i], NULL);
    }
}
