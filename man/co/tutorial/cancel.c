#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <errno.h>
#include <stdio.h>

static int work(struct co_task *self, void *argument)
{
    int result = co_sleep(self, CO_SECONDS(3600));
    struct co_scope scope;

    (void)argument;
    co_scope_begin_shielded(self, &scope,
                            co_after(CO_SECONDS(1)));
    co_sleep(self, CO_MILLISECONDS(10));
    puts("tidied up");
    return co_scope_end(self, &scope, result);
}

static int run(struct co_task *self, void *argument)
{
    struct co_group group;
    struct co_task *task;
    int result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn_named(self, &group, "work", work,
                            NULL, &task);
    if (result == 0)
        result = co_sleep(self, CO_MILLISECONDS(10));
    if (result == 0) {
        co_cancel(task);
        if (co_join(self, task) == -ECANCELED)
            puts("cancelled");
    }
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}
