#include <haul/co/future.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>

#include <stdio.h>

static int answer(struct co_task *self, void *question)
{
    (void)self;
    co_future_resolve(question, "42");
    return 0;
}

static int ask(struct co_task *self, void *argument)
{
    struct co_future question;
    struct co_group group;
    void *value;
    int result;

    (void)argument;
    co_future_init(&question);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, answer, &question);
    if (result == 0)
        result = co_future_wait(self, &question, &value);
    if (result == 0)
        printf("the answer is %s\n", (char *)value);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(ask, NULL, NULL) < 0;
}

/* It prints:
 *     the answer is 42
 */
