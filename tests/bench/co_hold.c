/* What it takes to hold much: co_hold [TASKS [CONNECTIONS]] parks so many tasks, then holds so many connections of an
 * echo server at once, its clients in another process, and prints what each costs in memory. */
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/semaphore.h>
#include <haul/co/stream.h>
#include <haul/co/timer.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONNECTING_AT_ONCE 500

struct memory {
    double resident, page_tables; /* bytes */
};

static struct memory memory_now(void)
{
    struct memory memory = {0};
    char line[128];
    FILE *status = fopen("/proc/self/status", "re");
    long kilobytes;

    while (status && fgets(line, sizeof line, status)) {
        if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1)
            memory.resident = (double)kilobytes * 1024;
        if (sscanf(line, "VmPTE: %ld", &kilobytes) == 1)
            memory.page_tables = (double)kilobytes * 1024;
    }
    if (status)
        fclose(status);
    return memory;
}

static void print_cost(const char *what, int count, struct memory before)
{
    struct memory now = memory_now();

    printf("%d %s: each %.0f bytes resident, %.0f of page tables\n", count, what,
           (now.resident - before.resident) / count, (now.page_tables - before.page_tables) / count);
}

static int wait_for_event(struct co_task *self, void *event)
{
    return co_event_wait(self, event);
}

static int park(struct co_task *self, void *argument)
{
    int count = *(int *)argument, result = 0;
    struct memory before = memory_now();
    struct co_statistics statistics;
    struct co_event event;
    struct co_group group;

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < count && result == 0; i++)
        result = co_spawn(self, &group, wait_for_event, &event);
    co_yield_now(self);
    print_cost("parked tasks", count, before);
    co_runtime_statistics(co_task_runtime(self), &statistics);
    printf("%zu of their stacks have no guard page\n", statistics.unguarded);
    co_event_set(&event);
    return co_group_close(self, &group, result);
}

/* Both ends of the connections, each in a process of its own. */
struct side {
    struct co_listener *listener; /* the server's */
    int pipe;                     /* from the server to the clients, for the port */
    int port, count, echoed;
    struct co_semaphore connecting;
    struct co_event all_hold;
    struct memory before;
};

struct connection {
    struct side *side;
    struct co_stream *stream;
};

static void note_first_echo(struct side *side, const char *what)
{
    if (++side->echoed < side->count)
        return;
    print_cost(what, side->count, side->before);
    co_event_set(&side->all_hold);
}

static int echo(struct co_task *self, void *argument)
{
    struct connection *connection = argument;
    char bytes[64];
    ssize_t size;

    for (bool first = true; (size = co_read(self, connection->stream, bytes, sizeof bytes)) > 0; first = false) {
        size = co_write(self, connection->stream, bytes, (size_t)size);
        if (size < 0)
            break;
        if (first)
            note_first_echo(connection->side, "connections at the server");
    }
    co_stream_close(connection->stream);
    return (int)size;
}

static int ask(struct co_task *self, struct co_stream *stream)
{
    char bytes[] = "ping";
    ssize_t size = co_write(self, stream, bytes, sizeof bytes);

    for (size_t come = 0; size >= 0 && come < sizeof bytes; come += (size_t)size) {
        size = co_read(self, stream, bytes, sizeof bytes - come);
        if (size == 0)
            return -EPIPE;
    }
    return size < 0 ? (int)size : 0;
}

static int connect_and_ask(struct co_task *self, struct connection *connection)
{
    int result = co_semaphore_acquire(self, &connection->side->connecting);

    if (result < 0)
        return result;
    result = co_connect(self, "127.0.0.1", connection->side->port, &connection->stream);
    if (result == 0)
        result = ask(self, connection->stream);
    co_semaphore_release(&connection->side->connecting);
    return result;
}

static int hold(struct co_task *self, void *argument)
{
    struct connection *connection = argument;
    int result = connect_and_ask(self, connection);

    if (result == 0) {
        note_first_echo(connection->side, "connections at the client");
        result = co_event_wait(self, &connection->side->all_hold);
    }
    if (result == 0)
        result = ask(self, connection->stream);
    co_stream_close(connection->stream);
    return result;
}

/* A task for each connection: echo for those that are accepted, or hold for those that are to be made. */
static int run_side(struct co_task *self, struct side *side, co_function *function)
{
    struct connection *connections = calloc((size_t)side->count, sizeof *connections);
    struct co_group group;
    int result = connections ? 0 : -ENOMEM;

    co_event_init(&side->all_hold);
    co_semaphore_init(&side->connecting, CONNECTING_AT_ONCE);
    side->before = memory_now();
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < side->count && result == 0; i++) {
        connections[i].side = side;
        if (side->listener)
            result = co_accept(self, side->listener, &connections[i].stream);
        if (result == 0)
            result = co_spawn(self, &group, function, &connections[i]);
    }
    result = co_group_close(self, &group, result);
    free(connections);
    return result;
}

static int clients(struct co_task *self, void *argument)
{
    struct side side = *(struct side *)argument;
    int64_t start = co_now();
    int result;

    if (read(side.pipe, &side.port, sizeof side.port) != sizeof side.port)
        return -EPIPE;
    result = run_side(self, &side, hold);
    if (result == 0)
        printf("%d echoes over them in %.2f s\n", 2 * side.count, (double)(co_now() - start) / 1e9);
    return result;
}

static int server(struct co_task *self, void *argument)
{
    struct side side = *(struct side *)argument;
    int result = co_listen(co_task_runtime(self), "127.0.0.1", 0, 4096, &side.listener);

    if (result < 0)
        return result;
    side.port = co_listener_port(side.listener);
    result = write(side.pipe, &side.port, sizeof side.port) < 0 ? -errno : run_side(self, &side, echo);
    co_listener_close(side.listener);
    return result;
}

static int report(const char *what, int result)
{
    if (result < 0)
        fprintf(stderr, "co_hold: %s: %s\n", what, co_error_text(result));
    fflush(stdout);
    return result < 0;
}

static int hold_connections(int count)
{
    struct side side = {.count = count};
    int ends[2], status;
    pid_t child;

    if (pipe(ends) < 0 || (child = fork()) < 0)
        return report("two processes", -errno);
    side.pipe = ends[child != 0];
    if (child == 0)
        exit(report("clients", co_run(clients, &side, NULL)));
    if (report("server", co_run(server, &side, NULL)) != 0)
        return 1;
    return waitpid(child, &status, 0) != child || status != 0;
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **arguments)
{
    int tasks = count > 1 ? atoi(arguments[1]) : 100000, connections = count > 2 ? atoi(arguments[2]) : 10000;
    int failed;

    raise_descriptor_limit();
    failed = hold_connections(connections);
    return report("parking", co_run(park, &tasks, NULL)) | failed;
}
