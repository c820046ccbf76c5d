#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <signal.h>
#include <stdio.h>

static int work(struct co_task *self, void *argument)
{
    int result;

    (void)argument;
    raise(SIGINT);
    result = co_sleep(self, CO_SECONDS(3600));
    puts("tidied up");
    return result;
}

int main(void)
{
    int interrupt;
    struct co_run_options options = {
        .cancel_on_interrupt = true,
        .ret_interrupt = &interrupt};

    co_run(work, NULL, &options);
    if (interrupt)
        puts("interrupted");
    return 0;
}
