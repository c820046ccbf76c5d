/* semaphore.c - ten requests, three at a time. */
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/semaphore.h>
#include <haul/co/timer.h>
#include <stdio.h>

struct client {
    struct co_semaphore permits;
    int under_way, most, answered;
};

static int request(struct co_task *self, void *argument)
{
    struct client *client = argument;
    int result = co_semaphore_acquire(self, &client->permits);

    if (result < 0)
        return result;
    client->under_way++;
    if (client->under_way > client->most)
        client->most = client->under_way;
    result = co_sleep(self, CO_MILLISECONDS(10)); /* a server thinks */
    client->under_way--;
    client->answered += result == 0;
    co_semaphore_release(&client->permits);
    return result;
}

static int ask(struct co_task *self, void *argument)
{
    struct client client = {.most = 0};
    struct co_group requests;
    int result = 0;

    (void)argument;
    co_semaphore_init(&client.permits, 3);
    co_group_open(self, &requests, CO_FAIL_FAST, 0);
    for (int i = 0; i < 10 && result == 0; i++)
        result = co_spawn(self, &requests, request, &client);
    result = co_group_close(self, &requests, result);
    printf("%d answers, at most %d requests at once\n", client.answered, client.most);
    return result;
}

int main(void)
{
    return co_run(ask, NULL, NULL) < 0;
}
/* It prints: 10 answers, at most 3 requests at once */
