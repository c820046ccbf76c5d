/* annotations.h - what AddressSanitizer, ThreadSanitizer and valgrind must be told when stacks change. */
#pragma once

#include "stack.h"

#if defined(__SANITIZE_ADDRESS__)
#define CO_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CO_ASAN 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define CO_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CO_TSAN 1
#endif
#endif

#ifdef CO_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef CO_TSAN
#include <sanitizer/tsan_interface.h>
#endif
#ifdef CO_VALGRIND
#include <valgrind/valgrind.h>
#endif

#if defined(CO_ASAN) || defined(CO_TSAN)
#define CO_SANITIZED 1
#endif

/* The stack that was there before any task: the thread's own. */
struct thread_stack {
    const void *bottom;
    size_t size;
    void *tsan_fiber;
};

static inline void annotate_thread(struct thread_stack *thread)
{
#ifdef CO_TSAN
    thread->tsan_fiber = __tsan_get_current_fiber();
#else
    (void)thread;
#endif
}

static inline void annotate_stack_begin(struct stack *stack)
{
#ifdef CO_TSAN
    stack->tsan_fiber = __tsan_create_fiber(0);
#endif
#ifdef CO_VALGRIND
    stack->valgrind_id = VALGRIND_STACK_REGISTER(stack->bottom, (char *)stack);
#endif
    (void)stack;
}

static inline void annotate_stack_end(struct stack *stack)
{
#ifdef CO_TSAN
    __tsan_destroy_fiber(stack->tsan_fiber);
#endif
#ifdef CO_VALGRIND
    VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
#endif
    (void)stack;
}

/* A dead stack's frames have left their poison behind. */
static inline void annotate_memory_reusable(void *memory, size_t size)
{
#ifdef CO_ASAN
    __asan_unpoison_memory_region(memory, size);
#endif
    (void)memory, (void)size;
}

/* Before a switch: *save keeps the fake stack of the one who leaves; NULL when it will never come back.  `to` is NULL
 * for the thread's own stack.  Always inline: ThreadSanitizer counts entries and exits of functions for each fiber, and
 * a function that changed the fiber would enter in one and exit in another. */
__attribute__((always_inline)) static inline void annotate_leave(void **save, struct stack *to,
                                                                 const struct thread_stack *thread)
{
#ifdef CO_ASAN
    if (to)
        __sanitizer_start_switch_fiber(save, to->bottom, (size_t)((char *)to - to->bottom));
    else
        __sanitizer_start_switch_fiber(save, thread->bottom, thread->size);
#endif
#ifdef CO_TSAN
    __tsan_switch_to_fiber(to ? to->tsan_fiber : thread->tsan_fiber, 0);
#endif
    (void)save, (void)to, (void)thread;
}

/* After it, on the other side.  `thread` is given by the first switch away from the thread's own stack, to learn where
 * that lies. */
static inline void annotate_arrive(void *saved, struct thread_stack *thread)
{
#ifdef CO_ASAN
    if (thread && !thread->bottom)
        __sanitizer_finish_switch_fiber(saved, &thread->bottom, &thread->size);
    else
        __sanitizer_finish_switch_fiber(saved, NULL, NULL);
#endif
    (void)saved, (void)thread;
}
