/* switch_x86_64.h - for switch.h: the System V ABI. */
#pragma once

struct switch_point {
    void *resume;
    void *rsp;
    void *rbp, *rbx; /* the compiler may address its frame by these, and then they cannot be named as overwritten */
};

#ifdef __AVX512F__
#define SWITCH_AVX512_REGISTERS                                                                                        \
    , "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27",      \
        "xmm28", "xmm29", "xmm30", "xmm31", "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"
#else
#define SWITCH_AVX512_REGISTERS
#endif

/* rdi holds `to`: it is the argument of the entry when the point is a new one.  endbr64 is only an instruction here:
 * the note that would promise shadow stacks, which a switch by hand does not keep, is the compiler's to make. */
static inline __attribute__((always_inline)) void switch_stacks(struct switch_point *save,
                                                                const struct switch_point *to)
{
    __asm__ volatile("leaq 1f(%%rip), %%rax\n\t"
                     "movq %%rax, (%%rsi)\n\t"
                     "movq %%rsp, 8(%%rsi)\n\t"
                     "movq %%rbp, 16(%%rsi)\n\t"
                     "movq %%rbx, 24(%%rsi)\n\t"
                     "movq 24(%%rdi), %%rbx\n\t"
                     "movq 8(%%rdi), %%rsp\n\t"
                     "movq 16(%%rdi), %%rbp\n\t"
                     "jmpq *(%%rdi)\n"
                     "1:\n\t"
                     "endbr64"
                     : "+D"(to), "+S"(save)
                     :
                     : "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm0", "xmm1",
                       "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
                       "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)", "st(7)",
                       "memory", "cc" SWITCH_AVX512_REGISTERS);
}

/* A function begins below its return address; this one is zero, where unwinding ends. */
static inline void switch_prepare(struct switch_point *point, void *top, void (*entry)(struct switch_point *))
{
    void **return_address = (void **)top - 1;

    *return_address = (void *)0;
    *point = (struct switch_point){.resume = (void *)entry, .rsp = return_address};
}

static inline char *switch_parked_at(const struct switch_point *point)
{
    return point->rsp;
}
