#include "switch.h"

/* In the order and at the offsets that the assembly below knows. */
struct visit {
    struct switch_point there; /* 0: resumes at switch_visit_enter */
    void *resume;              /* 32: of the visited, for its unwinding */
    void (*visit)(void *argument);
    void *argument;           /* 48 */
    struct switch_point back; /* 56 */
};

_Static_assert(sizeof(struct switch_point) == 32, "the offsets in switch_visit_enter are of this size");

void switch_visit_enter(struct visit *visit) __attribute__((visibility("hidden")));

/* Called by nobody, it describes itself as called from where the visited is parked; as a signal's frame, because that
 * place does not follow a call. */
#if defined(__x86_64__)
__asm__(".text\n"
        ".globl switch_visit_enter\n"
        ".hidden switch_visit_enter\n"
        ".type switch_visit_enter, @function\n"
        "switch_visit_enter:\n\t"
        ".cfi_startproc\n\t"
        ".cfi_signal_frame\n\t"
        ".cfi_def_cfa_offset 0\n\t"
        ".cfi_undefined rip\n\t"
        "endbr64\n\t"
        "leaq -128(%rsp), %rsp\n\t" /* the red zone is in use */
        ".cfi_def_cfa_offset 128\n\t"
        "pushq 32(%rdi)\n\t"
        ".cfi_def_cfa_offset 136\n\t"
        ".cfi_offset rip, -136\n\t"
        "pushq %rbp\n\t"
        ".cfi_def_cfa_offset 144\n\t"
        ".cfi_offset rbp, -144\n\t"
        "movq %rsp, %rbp\n\t"
        ".cfi_def_cfa_register rbp\n\t"
        "pushq %rbx\n\t"
        ".cfi_offset rbx, -152\n\t"
        "movq %rdi, %rbx\n\t"
        "andq $-16, %rsp\n\t"
        "movq 48(%rbx), %rdi\n\t"
        "callq *40(%rbx)\n\t"
        "movq 56(%rbx), %rax\n\t"
        "movq 64(%rbx), %rsp\n\t"
        "movq 72(%rbx), %rbp\n\t"
        "movq 80(%rbx), %rbx\n\t"
        "jmpq *%rax\n\t"
        ".cfi_endproc\n"
        ".size switch_visit_enter, . - switch_visit_enter");
#elif defined(__aarch64__)
__asm__(".text\n"
        ".globl switch_visit_enter\n"
        ".hidden switch_visit_enter\n"
        ".type switch_visit_enter, %function\n"
        "switch_visit_enter:\n\t"
        ".cfi_startproc\n\t"
        ".cfi_signal_frame\n\t"
        "hint #36\n\t"
        "ldr x30, [x0, #32]\n\t"
        "stp x29, x30, [sp, #-32]!\n\t"
        ".cfi_def_cfa_offset 32\n\t"
        ".cfi_offset x29, -32\n\t"
        ".cfi_offset x30, -24\n\t"
        "mov x29, sp\n\t"
        ".cfi_def_cfa_register x29\n\t"
        "str x19, [sp, #16]\n\t"
        ".cfi_offset x19, -16\n\t"
        "mov x19, x0\n\t"
        "ldp x1, x0, [x19, #40]\n\t"
        "blr x1\n\t"
        "ldp x16, x17, [x19, #56]\n\t"
        "ldp x29, x19, [x19, #72]\n\t"
        "mov sp, x17\n\t"
        "br x16\n\t"
        ".cfi_endproc\n"
        ".size switch_visit_enter, . - switch_visit_enter");
#endif

void switch_visit(struct switch_point *parked, void (*visit)(void *argument), void *argument)
{
    struct visit call = {.there = *parked, .resume = parked->resume, .visit = visit, .argument = argument};

    call.there.resume = (void *)switch_visit_enter;
    switch_stacks(&call.back, &call.there);
}
