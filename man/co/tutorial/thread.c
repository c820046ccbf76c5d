#include <haul/co/runtime.h>
#include <haul/co/thread.h>
#include <stdio.h>
#include <unistd.h>

static int block(void *argument,
                 const struct co_token *token)
{
    (void)argument;
    (void)token;
    usleep(10000);
    return 7;
}

static int run(struct co_task *self, void *argument)
{
    int result = co_to_thread(self, block, NULL);

    (void)argument;
    if (result >= 0)
        printf("%d\n", result);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}
