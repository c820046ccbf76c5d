#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/stream.h>

#include <stdio.h>

static int answer(struct co_task *self, void *listener)
{
    struct co_stream *stream;
    struct slice line;
    int result = co_accept(self, listener, &stream);

    if (result < 0)
        return result;
    result = co_read_line(self, stream, &line);
    if (result > 0) {
        printf("asked: " SLICE_FORMAT "\n", SLICE_ARGUMENT(line));
        result = co_write(self, stream, "fine\n", 5);
    }
    co_stream_close(stream);
    return result;
}

static int ask(struct co_task *self, int port)
{
    struct co_stream *stream;
    struct co_scope patience;
    struct slice line;
    int result;

    co_scope_begin(self, &patience, co_after(CO_SECONDS(5)));
    result = co_scope_end(self, &patience, co_connect_name(self, "localhost", port, &stream));
    if (result < 0) {
        fprintf(stderr, "localhost: %s\n", co_error_text(result));
        return result;
    }
    result = co_write(self, stream, "how are you?\n", 13);
    if (result == 0)
        result = co_read_line(self, stream, &line);
    if (result > 0)
        printf("answered: " SLICE_FORMAT "\n", SLICE_ARGUMENT(line));
    co_stream_close(stream);
    return result;
}

static int talk(struct co_task *self, void *argument)
{
    struct co_listener *listener;
    struct co_group group;
    int result = co_listen(co_task_runtime(self), "127.0.0.1", 0, 16, &listener);

    (void)argument;
    if (result < 0)
        return result;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, answer, listener);
    if (result == 0)
        result = ask(self, co_listener_port(listener));
    result = co_group_close(self, &group, result);
    co_listener_close(listener);
    return result;
}

int main(void)
{
    return co_run(talk, NULL, NULL) < 0;
}

/* It prints:
 *     asked: how are you?
 *     answered: fine
 */
