/* co_switch by ucontext, for architectures without assembly of ours: a parked stack is the ucontext in its frame. */
#include "switch.h"

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

struct first_frame {
    ucontext_t context;
    void (*entry)(void *);
    void *argument;
};

void co_switch(void **save, void *to)
{
    ucontext_t here;

    *save = &here;
    swapcontext(&here, to);
}

/* makecontext passes ints only: a pointer travels as two halves. */
static void boot(unsigned high, unsigned low)
{
    struct first_frame *frame = (void *)((uintptr_t)high << 16 << 16 | low);

    frame->entry(frame->argument);
}

void *co_switch_prepare(void *top, void (*entry)(void *), void *argument)
{
    struct first_frame *frame = (struct first_frame *)((uintptr_t)top & ~(uintptr_t)63) - 1;
    uintptr_t address = (uintptr_t)frame;

    frame->entry = entry;
    frame->argument = argument;
    getcontext(&frame->context);
    /* The size is only read to find the top, which is `frame`. */
    frame->context.uc_stack.ss_sp = (char *)frame - 8192;
    frame->context.uc_stack.ss_size = 8192;
    frame->context.uc_link = NULL;
    makecontext(&frame->context, (void (*)(void))boot, 2, (unsigned)(address >> 16 >> 16), (unsigned)address);
    return &frame->context;
}
