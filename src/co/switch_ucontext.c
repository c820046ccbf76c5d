#include "switch.h"

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

struct first_frame {
    ucontext_t context;
    void (*entry)(struct switch_point *);
    struct switch_point *point;
};

struct visitor {
    void (*visit)(void *argument);
    void *argument;
    ucontext_t back;
};

static void receive_visitors(struct switch_point *point, ucontext_t *here)
{
    struct visitor *visitor;

    while ((visitor = point->visitor)) {
        visitor->visit(visitor->argument);
        point->visitor = NULL;
        swapcontext(here, &visitor->back);
    }
}

void switch_stacks(struct switch_point *save, const struct switch_point *to)
{
    ucontext_t here;

    *save = (struct switch_point){.context = &here};
    swapcontext(&here, to->context);
    receive_visitors(save, &here);
}

void switch_visit(struct switch_point *parked, void (*visit)(void *argument), void *argument)
{
    struct visitor visitor = {.visit = visit, .argument = argument};

    parked->visitor = &visitor;
    swapcontext(&visitor.back, parked->context);
}

/* makecontext passes ints only: a pointer travels as two halves. */
static void enter(unsigned high, unsigned low)
{
    struct first_frame *frame = (void *)((uintptr_t)high << 16 << 16 | low);

    receive_visitors(frame->point, &frame->context);
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
    *point = (struct switch_point){.context = &frame->context};
}
