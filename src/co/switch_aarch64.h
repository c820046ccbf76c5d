/* switch_aarch64.h - for switch.h: AAPCS64. */
#pragma once

struct switch_point {
    void *resume;
    void *sp;
    void *x29, *x19; /* the compiler may address its frame by these, and then they cannot be named as overwritten */
};

#ifdef __ARM_FEATURE_SVE
#define SWITCH_SVE_REGISTERS                                                                                           \
    , "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "p13", "p14", "p15"
#else
#define SWITCH_SVE_REGISTERS
#endif

/* x0 holds `to`: it is the argument of the entry when the point is a new one, and x30, its return address, is zero:
 * unwinding ends there.  The hint is `bti j`: a place to jump to. */
static inline __attribute__((always_inline)) void switch_stacks(struct switch_point *save,
                                                                const struct switch_point *to)
{
    register const struct switch_point *x0 __asm__("x0") = to;
    register struct switch_point *x1 __asm__("x1") = save;

    __asm__ volatile("adr x16, 1f\n\t"
                     "mov x17, sp\n\t"
                     "stp x16, x17, [x1]\n\t"
                     "stp x29, x19, [x1, #16]\n\t"
                     "ldp x16, x17, [x0]\n\t"
                     "ldp x29, x19, [x0, #16]\n\t"
                     "mov x30, #0\n\t"
                     "mov sp, x17\n\t"
                     "br x16\n"
                     "1:\n\t"
                     "hint #36"
                     : "+r"(x0), "+r"(x1)
                     :
                     : "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
                       "x17", "x18", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30", "v0", "v1",
                       "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14", "v15", "v16",
                       "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30",
                       "v31", "memory", "cc" SWITCH_SVE_REGISTERS);
}

static inline void switch_prepare(struct switch_point *point, void *top, void (*entry)(struct switch_point *))
{
    *point = (struct switch_point){.resume = (void *)entry, .sp = top};
}

static inline char *switch_parked_at(const struct switch_point *point)
{
    return point->sp;
}
