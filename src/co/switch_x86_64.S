/* co_switch for x86-64, System V ABI.
 *
 * It leaves by a jump, not by `ret`: the processor predicts returns from a stack of calls that a switch has left
 * behind, and would be wrong each time.  endbr64 stands as an instruction without the note in the object file, which
 * would promise shadow stacks that a switch by hand does not keep.
 */
    .text

    .globl co_switch
    .hidden co_switch
    .type co_switch, @function
    .p2align 4
co_switch:
    .cfi_startproc
    endbr64
    pushq %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    pushq %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    pushq %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    pushq %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    pushq %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    .globl co_switch_parked /* where a debugger finds every parked stack */
    .hidden co_switch_parked
co_switch_parked:
    popq %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore r15
    popq %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore r14
    popq %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore r13
    popq %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore r12
    popq %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbx
    popq %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore rbp
    popq %rcx
    .cfi_adjust_cfa_offset -8
    .cfi_register rip, rcx
    jmpq *%rcx
    .cfi_endproc
    .size co_switch, . - co_switch

/* The first frame of a stack: r12 holds the entry, r13 its argument.  No caller: unwinding ends here. */
    .globl co_switch_boot
    .hidden co_switch_boot
    .type co_switch_boot, @function
    .p2align 4
co_switch_boot:
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    movq %r13, %rdi
    callq *%r12
    ud2
    .cfi_endproc
    .size co_switch_boot, . - co_switch_boot

    .section .note.GNU-stack, "", @progbits
