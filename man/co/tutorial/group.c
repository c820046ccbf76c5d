#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int lay(struct co_task *self, void *table)
{
    if (strcmp(table, "red") == 0)
        return -EINVAL;
    return co_sleep(self, CO_SECONDS(60));
}

static int spawn_lay(struct co_task *self,
                     struct co_group *group, char *table)
{
    return co_spawn_named(self, group, table, lay, table,
                          NULL);
}

static int run(struct co_task *self, void *argument)
{
    const struct co_group_error *errors;
    struct co_group group;
    int result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = spawn_lay(self, &group, "blue");
    if (result == 0)
        result = spawn_lay(self, &group, "red");
    result = co_group_close(self, &group, result);
    if (result == -EINVAL &&
        co_group_errors(&group, &errors))
        printf("no %s table\n", errors[0].task);
    return 0;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}
