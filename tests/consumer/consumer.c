/* Somebody else's program: all it has of us is what was installed. */
#include <haul/co/group.h>
#include <haul/co/queue.h>
#include <haul/co/runtime.h>
#include <haul/co/stream.h>
#include <haul/co/thread.h>
#include <haul/co/timer.h>

#include <stdio.h>
#include <string.h>

/* The library has a function of this name for itself, which is not to meet ours. */
int task_create(void);
int task_create(void)
{
    return 1;
}

static int measure(void *text, const struct co_token *token)
{
    return co_token_cancelled(token) ? 0 : (int)strlen(text);
}

static int serve(struct co_task *self, void *listener)
{
    struct co_stream *stream;
    int result = co_accept(self, listener, &stream);

    if (result < 0)
        return result;
    result = co_write(self, stream, "served\n", 7);
    co_stream_close(stream);
    return result;
}

static int fetch(struct co_task *self, int port)
{
    struct co_stream *stream;
    struct slice line;
    int result = co_connect(self, "127.0.0.1", port, &stream);

    if (result < 0)
        return result;
    result = co_read_line(self, stream, &line);
    if (result > 0)
        printf(SLICE_FORMAT "\n", SLICE_ARGUMENT(line));
    co_stream_close(stream);
    return result;
}

static int first(struct co_task *self, void *argument)
{
    struct co_listener *listener;
    struct co_group group;
    int result = co_listen(co_task_runtime(self), "127.0.0.1", 0, 8, &listener);

    if (result < 0)
        return result;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, serve, listener);
    if (result == 0)
        result = fetch(self, co_listener_port(listener));
    result = co_group_close(self, &group, result);
    co_listener_close(listener);
    return result < 0 ? result : co_to_thread(self, measure, argument);
}

int main(void)
{
    int result = co_run(first, "seventeen letters", NULL);

    printf("%d %d\n", result, task_create());
    return result < 0;
}

/* It prints:
 *     served
 *     17 1
 */
