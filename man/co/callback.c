#include <haul/co/callback.h>
#include <haul/co/event.h>
#include <haul/co/runtime.h>

#include <pthread.h>
#include <stdio.h>

struct letter {
    struct co_callback arrived;
    struct co_runtime *runtime;
    struct co_event event;
    const char *text;
};

static void on_arrived(struct co_callback *callback)
{
    struct letter *letter = LIST_MEMBER(callback, struct letter, arrived);

    co_event_set(&letter->event);
    co_runtime_let_go(letter->runtime);
}

static void *write_letter(void *argument) /* on a thread that knows nothing of tasks */
{
    struct letter *letter = argument;

    letter->text = "greetings from another thread";
    co_post(letter->runtime, &letter->arrived);
    return NULL;
}

static int await_letter(struct co_task *self, void *argument)
{
    struct letter letter = {.arrived.function = on_arrived, .runtime = co_task_runtime(self)};
    pthread_t thread;
    int result;

    (void)argument;
    co_event_init(&letter.event);
    co_runtime_hold(letter.runtime);
    if (pthread_create(&thread, NULL, write_letter, &letter) != 0) {
        co_runtime_let_go(letter.runtime);
        return -1;
    }
    result = co_event_wait(self, &letter.event);
    pthread_join(thread, NULL);
    puts(letter.text);
    return result;
}

int main(void)
{
    return co_run(await_letter, NULL, NULL) < 0;
}

/* It prints:
 *     greetings from another thread
 */
