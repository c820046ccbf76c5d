#include <haul/co/process.h>
#include <haul/co/runtime.h>

#include <stdio.h>

static int count_words(struct co_task *self, struct co_process *process)
{
    struct slice line;
    int result = co_write(self, co_process_input(process), "to be or not to be\n", 19);

    if (result == 0)
        result = co_stream_shut_down(self, co_process_input(process));
    if (result == 0)
        result = co_read_line(self, co_process_output(process), &line);
    if (result > 0)
        printf(SLICE_FORMAT " words\n", SLICE_ARGUMENT(line));
    return result < 0 ? result : co_process_wait(self, process, NULL);
}

static int run(struct co_task *self, void *argument)
{
    static const char *const arguments[] = {"wc", "-w", NULL};
    struct co_process_options options = {
        .arguments = arguments,
        .input = {.kind = CO_CHANNEL_PIPE},
        .output = {.kind = CO_CHANNEL_PIPE},
    };
    struct co_process *process;
    int result = co_process_open(co_task_runtime(self), &options, &process);

    (void)argument;
    if (result < 0)
        return result;
    result = count_words(self, process);
    if (result >= 0)
        printf("ended with status %d\n", result);
    co_process_close(process);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

/* It prints:
 *     6 words
 *     ended with status 0
 */
