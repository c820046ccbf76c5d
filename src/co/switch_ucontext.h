/* switch_ucontext.h - for switch.h: processors without assembly of ours, and on request. */
#pragma once

struct switch_point {
    void *context;           /* a ucontext_t in the frame that is parked, or at the top of a new stack */
    struct visitor *visitor; /* comes to look around before the stack goes on */
};

void switch_stacks(struct switch_point *save, const struct switch_point *to);
void switch_prepare(struct switch_point *point, void *top, void (*entry)(struct switch_point *));

static inline char *switch_parked_at(const struct switch_point *point)
{
    return point->context;
}
