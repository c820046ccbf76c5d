/* echo.c - a TCP echo server under load: a hundred clients at once, each of which checks fifty answers. */
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/serve.h>
#include <stdio.h>
#include <string.h>

struct load {
    struct co_group group;
    struct co_listener *listener;
    int answers; /* all tasks run on one thread: no lock, no atomic */
};

static int echo(struct co_task *self, struct co_stream *stream, void *argument)
{
    char bytes[4096];

    (void)argument;
    for (ssize_t size; (size = co_read(self, stream, bytes, sizeof bytes)) > 0;)
        co_write(self, stream, bytes, (size_t)size); /* when this fails the next read does */
    return 0;
}

static int converse(struct co_task *self, void *argument)
{
    char question[] = "anybody there?", answer[sizeof question];
    struct load *load = argument;
    struct co_stream *stream = NULL;
    int result = co_connect(self, "127.0.0.1", co_listener_port(load->listener), &stream);

    for (int i = 0; i < 50 && result == 0; i++) {
        result = co_write(self, stream, question, sizeof question);
        load->answers += co_read_exactly(self, stream, answer, sizeof answer) > 0 && strcmp(answer, question) == 0;
    }
    co_stream_close(stream);
    if (load->answers == 100 * 50)
        co_group_cancel(&load->group); /* ends the server */
    return result;
}

static int serve_them(struct co_task *self, void *argument)
{
    struct load *load = argument;
    int result = co_listen(co_task_runtime(self), "127.0.0.1", 0, 128, &load->listener);

    co_group_open(self, &load->group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 100 && result == 0; i++)
        result = co_spawn(self, &load->group, converse, load);
    result = co_group_close(self, &load->group, result < 0 ? result : co_serve(self, load->listener, echo, NULL, 0));
    co_listener_close(load->listener);
    printf("%d answers\n", load->answers);
    return result;
}

int main(void)
{
    return co_run(serve_them, &(struct load){.answers = 0}, NULL) < 0;
}
/* It prints: 5000 answers */
