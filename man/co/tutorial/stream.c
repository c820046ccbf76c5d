#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/serve.h>
#include <stdio.h>

static int answer(struct co_task *self,
                  struct co_stream *stream, void *argument)
{
    struct slice line;
    char text[64];
    int size, result = co_read_line(self, stream, &line);

    (void)argument;
    if (result <= 0)
        return result;
    size = snprintf(text, sizeof text,
                    "you said " SLICE_FORMAT "\n",
                    SLICE_ARGUMENT(line));
    return co_write(self, stream, text, (size_t)size);
}

static int serve(struct co_task *self, void *listener)
{
    return co_serve(self, listener, answer, NULL, 0);
}

static int ask(struct co_task *self, int port)
{
    struct co_stream *stream;
    struct slice line;
    int result =
        co_connect(self, "127.0.0.1", port, &stream);

    if (result < 0)
        return result;
    result = co_write(self, stream, "hello\n", 6);
    if (result == 0)
        result = co_read_line(self, stream, &line);
    if (result > 0)
        printf(SLICE_FORMAT "\n", SLICE_ARGUMENT(line));
    co_stream_close(stream);
    return result;
}

static int run(struct co_task *self, void *argument)
{
    struct co_listener *listener;
    struct co_group server;
    int result = co_listen(co_task_runtime(self),
                           "127.0.0.1", 0, 16, &listener);

    (void)argument;
    if (result < 0)
        return result;
    co_group_open(self, &server, CO_FAIL_FAST, 0);
    result = co_spawn(self, &server, serve, listener);
    if (result == 0)
        result = ask(self, co_listener_port(listener));
    co_group_cancel(&server);
    result = co_group_close(self, &server, result);
    co_listener_close(listener);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}
