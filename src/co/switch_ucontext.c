#include "switch_ucontext.h"

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

struct first_frame {
    ucontext_t context;
    void (*entry)(struct switch_point *);
    struct switch_point *point;
};

void switch_stacks(struct switch_point *save, const struct switch_point *to)
{
    ucontext_t here;

    save->context = &here;
    swapcontext(&here, to->context);
}

/* makecontext passes ints only: a pointer travels as two halves. */
static void enter(unsigned high, unsigned low)
{
    struct first_frame *frame = (void *)((uintptr_t)high << 16 << 16 | low);

    frame->entry(frame->point);
}

void switch_prepare(struct switch_point *point, void *top, void (*entry)(struct switch_point *))
{
    struct first_frame *frame = (struct first_frame *)((uintptr_t)top & ~(uintptr_t)63) - 1;
    uintptr_t address = (uintptr_t)frame;

    frame->entry = entry;
    frame->point = point;
    getcontext(&frame->context);
    /* The size is only read to find the top, which is `frame`. */
    frame->context.uc_stack.ss_sp = (char *)frame - 8192;
    frame->context.uc_stack.ss_size = 8192;
    frame->context.uc_link = NULL;
    makecontext(&frame->context, (void (*)(void))enter, 2, (unsigned)(address >> 16 >> 16), (unsigned)address);
    point->context = &frame->context;
}
