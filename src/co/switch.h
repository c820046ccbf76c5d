/* switch.h - from one stack to another.
 *
 *     struct switch_point   where a stack is parked
 *     switch_stacks(save, to)
 *         parks the running stack in *save and goes on where `to` was parked; returns when somebody switches back
 *     switch_prepare(point, top, entry)
 *         makes a point whose first switch calls entry(point), which must not return, on a stack growing down from
 *         `top` (aligned to 16)
 *     switch_visit(point, visit, argument)
 *         calls visit(argument) on a parked stack, below what is there, as if whoever parked it had made the call: an
 *         unwinder that starts in it sees the frames of the parked.  The stack stays as it was
 *     switch_parked_at(point)
 *         the stack pointer of a parked stack; the ucontext's own frame is below it
 *
 * The switch is inline assembly that names every register as overwritten: the compiler saves those that hold something
 * and describes it in its own unwinding tables, so debuggers see through parked stacks.  There is no call, hence no
 * return.  A processor predicts returns from a record of the calls, which a switch does not exchange: each frame
 * between the public call and the switch can be one more wrong guess of some 5 ns, and a function that is left by a
 * jump, or a new stack that is entered by a return, shifts the record for all frames above.  Measured, two tasks that
 * yield with the same callers / with different ones / a task spawned and joined: a function left by a jump 12.7 / 25.4
 * / 40 ns, left by `ret` 4.4 / 15.0 / 42 ns, inline 5.4 / 14.2 / 25 ns.
 *
 * The floating-point control words are not saved: that costs more than the rest, and nothing here changes them; a task
 * that does must change them back before it waits.
 */
#pragma once

#if defined(CO_SWITCH_UCONTEXT)
#include "switch_ucontext.h"
#elif defined(__x86_64__)
#include "switch_x86_64.h"
#elif defined(__aarch64__)
#include "switch_aarch64.h"
#else
#error "no assembly for this processor: configure with -Dco_switch=ucontext"
#endif

void switch_visit(struct switch_point *parked, void (*visit)(void *argument), void *argument);
