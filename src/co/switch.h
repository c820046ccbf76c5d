/* switch.h - from one stack to another.
 *
 * Saved are the registers that a callee must keep.  The floating-point control words are not: saving them costs more
 * than the rest, and nothing here changes them; a task that does must change them back before it waits.
 */
#pragma once

/* Parks the running stack in *save and goes on where `to` was parked.  Returns when somebody switches back. */
void co_switch(void **save, void *to);

/* Lays out a stack, growing down from `top` (aligned to 16), so that the first switch to what this returns calls
 * entry(argument), which must not return. */
void *co_switch_prepare(void *top, void (*entry)(void *), void *argument);
