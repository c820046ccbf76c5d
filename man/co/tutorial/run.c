#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <stdio.h>

static int hello(struct co_task *self, void *argument)
{
    int result = co_sleep(self, CO_MILLISECONDS(10));

    (void)argument;
    if (result < 0)
        return result;
    puts("hello");
    return 0;
}

int main(void)
{
    return co_run(hello, NULL, NULL) < 0;
}
