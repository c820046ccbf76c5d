#include <haul/co/group.h>
#include <haul/co/runtime.h>

#include <errno.h>
#include <stdio.h>

static int greet(struct co_task *self, void *name)
{
    if (!*(char *)name)
        return -EINVAL;
    printf("hello, %s\n", (char *)name);
    return co_check(self);
}

static int greet_all(struct co_task *self, void *argument)
{
    const struct co_group_error *errors;
    struct co_group group;
    int result;

    (void)argument;
    co_group_open(self, &group, CO_COLLECT, 2); /* two at a time: the third spawning waits */
    result = co_spawn_named(self, &group, "first", greet, "Ada", NULL);
    if (result == 0)
        result = co_spawn_named(self, &group, "second", greet, "", NULL);
    if (result == 0)
        result = co_spawn_named(self, &group, "third", greet, "Grace", NULL);
    result = co_group_close(self, &group, result);
    if (co_group_errors(&group, &errors) > 0)
        printf("%s failed: %s\n", errors[0].task, co_error_text(errors[0].result));
    return result;
}

int main(void)
{
    return co_run(greet_all, NULL, NULL) < 0;
}

/* It prints:
 *     hello, Ada
 *     hello, Grace
 *     second failed: invalid argument
 */
