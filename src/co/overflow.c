#include "scheduler.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ALTERNATE_STACK_SIZE (64 * 1024)

/* A signal has no argument to pass context by. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool handling;
struct co_runtime *co_runtimes __attribute__((visibility("hidden"))); /* config/co-gdb.py begins here too */

static bool is_in_guard(const struct co_task *task, const char *address)
{
    return address < task->stack.bottom && address >= task->stack.bottom - sysconf(_SC_PAGESIZE);
}

static void print(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));

    (void)written; /* nothing else could be done */
}

static void print_overflow(const struct co_task *task)
{
    print("co: task '");
    print(task->name);
    print(task->runtime->overflow_watch.message_end);
}

/* The default action is back when this is called.  On return the access happens again, and ends the process in a way
 * that a debugger or a core file shows as it was. */
static void on_segmentation_fault(int number, siginfo_t *information, void *context)
{
    (void)context;
    for (struct co_runtime *runtime = co_runtimes; runtime; runtime = runtime->overflow_watch.next) {
        if (runtime->running && is_in_guard(runtime->running, information->si_addr))
            print_overflow(runtime->running);
    }
    if (information->si_code <= 0)
        raise(number); /* was sent by somebody: nothing will happen again */
}

static bool is_default(const struct sigaction *action)
{
    return !(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_DFL;
}

static void handle_signal(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND}, present;

    if (sigaction(SIGSEGV, NULL, &present) < 0 || !is_default(&present))
        return;
    action.sa_sigaction = on_segmentation_fault;
    handling = sigaction(SIGSEGV, &action, NULL) == 0;
}

static void let_signal_go(void)
{
    struct sigaction present;

    handling = false;
    if (sigaction(SIGSEGV, NULL, &present) == 0 && (present.sa_flags & SA_SIGINFO) &&
        present.sa_sigaction == on_segmentation_fault)
        signal(SIGSEGV, SIG_DFL);
}

static void alternate_stack_begin(struct overflow_watch *watch)
{
    stack_t stack = {.ss_size = ALTERNATE_STACK_SIZE}, present;

    if (sigaltstack(NULL, &present) < 0 || !(present.ss_flags & SS_DISABLE))
        return;
    stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack.ss_sp == MAP_FAILED)
        return;
    watch->alternate_stack = stack.ss_sp;
    sigaltstack(&stack, NULL);
}

static void alternate_stack_end(struct overflow_watch *watch)
{
    if (!watch->alternate_stack)
        return;
    sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
    munmap(watch->alternate_stack, ALTERNATE_STACK_SIZE);
}

void overflow_watch_begin(struct co_runtime *runtime)
{
    struct overflow_watch *watch = &runtime->overflow_watch;

    snprintf(watch->message_end, sizeof watch->message_end, "' overflowed its stack of %zu KiB\n",
             runtime->stacks.stack_size / 1024);
    alternate_stack_begin(watch);
    pthread_mutex_lock(&mutex);
    watch->next = co_runtimes;
    co_runtimes = runtime;
    if (!handling)
        handle_signal();
    pthread_mutex_unlock(&mutex);
}

void overflow_watch_end(struct co_runtime *runtime)
{
    struct co_runtime **place = &co_runtimes;

    pthread_mutex_lock(&mutex);
    while (*place != runtime)
        place = &(*place)->overflow_watch.next;
    *place = runtime->overflow_watch.next;
    if (!co_runtimes && handling)
        let_signal_go();
    pthread_mutex_unlock(&mutex);
    alternate_stack_end(&runtime->overflow_watch);
}
