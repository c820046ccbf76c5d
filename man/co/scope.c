#include <haul/co/runtime.h>
#include <haul/co/scope.h>

#include <errno.h>
#include <stdio.h>

static int say_goodbye(struct co_task *self)
{
    struct co_scope scope;
    int result;

    co_scope_begin_shielded(self, &scope, co_after(CO_SECONDS(1)));
    result = co_sleep(self, CO_MILLISECONDS(1)); /* would fail at once without the shield */
    puts("goodbye");
    return co_scope_end(self, &scope, result);
}

static int wait_for_long(struct co_task *self, void *argument)
{
    struct co_scope scope;
    int result;

    (void)argument;
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(20)));
    result = co_sleep(self, CO_SECONDS(3600));
    if (result == -ECANCELED)
        say_goodbye(self);
    result = co_scope_end(self, &scope, result);
    if (result == -ETIMEDOUT)
        puts("that took too long");
    return 0;
}

int main(void)
{
    return co_run(wait_for_long, NULL, NULL) < 0;
}

/* It prints:
 *     goodbye
 *     that took too long
 */
