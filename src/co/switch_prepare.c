/* The first frame of a stack, as the assembly of this architecture expects to find it. */
#include "switch.h"

void co_switch_boot(void); /* switch_*.S */

#if defined(__x86_64__)

/* In the order in which they are popped.  What follows keeps the stack aligned to 16 when the boot code begins. */
struct first_frame {
    void *r15, *r14;
    void *argument;        /* r13 */
    void (*entry)(void *); /* r12 */
    void *rbx, *rbp;
    void (*boot)(void); /* rip */
};

void *co_switch_prepare(void *top, void (*entry)(void *), void *argument)
{
    struct first_frame *frame = (struct first_frame *)((char *)top - 16) - 1;

    *frame = (struct first_frame){.argument = argument, .entry = entry, .boot = co_switch_boot};
    return frame;
}

#elif defined(__aarch64__)

struct first_frame {
    void *x29;
    void (*boot)(void);    /* x30 */
    void (*entry)(void *); /* x19 */
    void *argument;        /* x20 */
    void *others[16];
};

void *co_switch_prepare(void *top, void (*entry)(void *), void *argument)
{
    struct first_frame *frame = (struct first_frame *)top - 1;

    *frame = (struct first_frame){.argument = argument, .entry = entry, .boot = co_switch_boot};
    return frame;
}

#endif
