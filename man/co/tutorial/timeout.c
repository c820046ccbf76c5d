#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <errno.h>
#include <stdio.h>

static int run(struct co_task *self, void *argument)
{
    struct co_scope scope;
    int result;

    (void)argument;
    co_scope_begin(self, &scope,
                   co_after(CO_MILLISECONDS(10)));
    result = co_sleep(self, CO_SECONDS(3600));
    result = co_scope_end(self, &scope, result);
    if (result == -ETIMEDOUT)
        puts("too slow");
    return 0;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}
