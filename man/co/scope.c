#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>

#include <errno.h>
#include <stdio.h>

static int sleep_for_long(struct co_task *self, void *argument)
{
    (void)argument;
    return co_sleep(self, CO_SECONDS(3600));
}

static void say_goodbye(struct co_task *self)
{
    struct co_scope shield;

    co_scope_begin_shielded(self, &shield, co_after(CO_SECONDS(1)));
    co_sleep(self, CO_MILLISECONDS(1)); /* would fail at once without the shield */
    puts("goodbye");
    co_scope_end(self, &shield, 0);
}

static int wait_for_long(struct co_task *self)
{
    struct co_scope scope;
    int result;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(20)));
    result = co_sleep(self, CO_SECONDS(3600));
    if (result == -ECANCELED)
        say_goodbye(self);
    return co_scope_end(self, &scope, result);
}

static int stop(struct co_task *self, void *scope)
{
    (void)self;
    co_scope_cancel(scope);
    return 0;
}

static int wait_to_be_stopped(struct co_task *self)
{
    struct co_group group;
    struct co_scope scope;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_scope_begin(self, &scope, CO_FOREVER);
    result = co_spawn(self, &group, stop, &scope);
    if (result == 0)
        result = co_sleep(self, CO_SECONDS(3600));
    result = co_scope_end(self, &scope, result);
    return co_group_close(self, &group, result);
}

static int run(struct co_task *self, void *argument)
{
    if (wait_for_long(self) == -ETIMEDOUT)
        puts("that took too long");
    if (co_timeout(self, CO_MILLISECONDS(20), sleep_for_long, argument) == -ETIMEDOUT)
        puts("that too");
    if (wait_to_be_stopped(self) == 0)
        puts("stopped");
    return 0;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

/* It prints:
 *     goodbye
 *     that took too long
 *     that too
 *     stopped
 */
