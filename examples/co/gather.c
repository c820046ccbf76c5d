/* gather.c - three services are asked at once, one of them fails, and each answer is in its place. */
#include <haul/co/gather.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct service {
    const char *name;
    int64_t speed;
    int answer;
};

static int ask(struct co_task *self, void *argument)
{
    const struct service *service = argument;
    int result = co_sleep(self, service->speed);

    return result < 0 ? result : service->answer;
}

static int ask_all(struct co_task *self, void *argument)
{
    struct service services[] = {
        {"weather", CO_MILLISECONDS(20), 21},
        {"news", CO_MILLISECONDS(10), -ECONNREFUSED},
        {"shares", CO_MILLISECONDS(1), 4711},
    };
    struct co_job jobs[3];
    int result;

    (void)argument;
    for (int i = 0; i < 3; i++)
        jobs[i] = (struct co_job){.function = ask, .argument = &services[i]};
    result = co_gather(self, jobs, 3, CO_COLLECT, 0);
    for (int i = 0; i < 3; i++)
        if (jobs[i].result < 0)
            printf("%s: %s\n", services[i].name, strerror(-jobs[i].result));
        else
            printf("%s: %d\n", services[i].name, jobs[i].result);
    return result;
}

int main(void)
{
    return co_run(ask_all, NULL, NULL) < 0;
}
/* It prints:
 *     weather: 21
 *     news: Connection refused
 *     shares: 4711
 */
