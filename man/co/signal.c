#include <haul/co/runtime.h>
#include <haul/co/signal.h>

#include <signal.h>
#include <stdio.h>

static int wait_for_hangup(struct co_task *self, void *argument)
{
    struct co_signal *hangup;
    int result = co_signal_open(co_task_runtime(self), SIGHUP, &hangup);

    (void)argument;
    if (result < 0)
        return result;
    raise(SIGHUP); /* somebody's kill -HUP */
    result = co_signal_wait(self, hangup);
    if (result == 0)
        puts("reading the configuration again");
    co_signal_close(hangup);
    return result;
}

int main(void)
{
    return co_run(wait_for_hangup, NULL, NULL) < 0;
}

/* It prints:
 *     reading the configuration again
 */
