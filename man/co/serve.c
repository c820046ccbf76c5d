#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/serve.h>

#include <stdio.h>

static int greet(struct co_task *self, struct co_stream *stream, void *greeting)
{
    char text[128];
    struct slice name;
    int size, result = co_read_line(self, stream, &name);

    if (result <= 0)
        return result;
    size = snprintf(text, sizeof text, "%s, " SLICE_FORMAT "\n", (char *)greeting, SLICE_ARGUMENT(name));
    return co_write(self, stream, text, size < (int)sizeof text ? (size_t)size : sizeof text - 1);
}

static int visit(struct co_task *self, int port, const char *name)
{
    struct co_stream *stream;
    struct slice line;
    int result = co_connect(self, "127.0.0.1", port, &stream);

    if (result < 0)
        return result;
    result = co_write(self, stream, name, 4);
    if (result == 0)
        result = co_read_line(self, stream, &line);
    if (result > 0)
        printf(SLICE_FORMAT "\n", SLICE_ARGUMENT(line));
    co_stream_close(stream);
    return result;
}

static int serve(struct co_task *self, void *listener)
{
    return co_serve(self, listener, greet, "good day", 100);
}

static int open_house(struct co_task *self, void *argument)
{
    struct co_listener *listener;
    struct co_group group;
    int result = co_listen(co_task_runtime(self), "127.0.0.1", 0, 16, &listener);

    (void)argument;
    if (result < 0)
        return result;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, serve, listener);
    if (result == 0)
        result = visit(self, co_listener_port(listener), "Ada\n");
    if (result >= 0)
        result = visit(self, co_listener_port(listener), "Ida\n");
    co_group_cancel(&group); /* the server would go on for ever */
    result = co_group_close(self, &group, result);
    co_listener_close(listener);
    return result;
}

int main(void)
{
    return co_run(open_house, NULL, NULL) < 0;
}

/* It prints:
 *     good day, Ada
 *     good day, Ida
 */
