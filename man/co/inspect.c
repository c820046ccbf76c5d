#include <haul/co/group.h>
#include <haul/co/inspect.h>
#include <haul/co/lock.h>

#include <stdio.h>

static int write_page(struct co_task *self, void *press)
{
    int result = co_lock_acquire(self, press);

    if (result == 0)
        co_lock_release(self, press);
    return result;
}

static int publish(struct co_task *self, void *argument)
{
    struct co_task *tasks[10];
    struct co_group authors;
    struct co_lock press;
    size_t count;
    int result;

    (void)argument;
    co_lock_init(&press);
    co_lock_acquire(self, &press);
    co_group_open(self, &authors, CO_FAIL_FAST, 0);
    result = co_spawn_named(self, &authors, "Jane", write_page, &press, NULL);
    if (result == 0)
        result = co_spawn_named(self, &authors, "Emily", write_page, &press, NULL);
    co_yield_now(self);

    count = co_all_tasks(co_task_runtime(self), tasks, 10);
    for (size_t i = 0; i < count && i < 10; i++) {
        const char *what = co_task_waits_for(tasks[i]);

        printf("%s: %s\n", co_task_name(tasks[i]), what ? what : "does not wait");
    }
    fflush(stdout);
    co_runtime_print_tasks(co_task_runtime(self), 1);

    co_lock_release(self, &press);
    return co_group_close(self, &authors, result);
}

int main(void)
{
    return co_run(publish, NULL, NULL) < 0;
}

/* It prints:
 *     main: does not wait
 *     Jane: a lock
 *     Emily: a lock
 *       task 'main' is running
 *         group of 2
 *           task 'Jane' waits for a lock (... s)
 *           task 'Emily' waits for a lock (... s)
 */
