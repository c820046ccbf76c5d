#include "../../../src/co/trace.h"

#include "run.h"

#include <haul/co/event.h>

#include <string.h>
#include <unwind.h>

static bool holds(const struct trace *trace, void *function)
{
    for (size_t i = 0; i < trace->count; i++) {
        if (_Unwind_FindEnclosingFunction(trace->calls[i]) == function)
            return true;
    }
    return false;
}

static __attribute__((noinline)) int waits_below(struct co_task *self, void *event)
{
    int result = co_event_wait(self, event);

    __asm__ volatile("" : "+r"(result)); /* or it would be a tail call, with no frame */
    return result;
}

static int waits(struct co_task *self, void *event)
{
    int result = waits_below(self, event);

    __asm__ volatile("" : "+r"(result));
    return result;
}

CO_TEST(trace, of_a_parked_task_holds_its_functions_and_not_the_looker_s)
{
    struct co_event event;
    struct co_group group;
    struct co_task *task;
    struct trace trace;

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "sleeper", waits, &event, &task);
    co_yield_now(self);
    cr_expect(trace_task(&trace, task));
    cr_expect(holds(&trace, (void *)waits));
    cr_expect(holds(&trace, (void *)waits_below));
    cr_expect_not(holds(&trace, (void *)trace_task));
    cr_expect_lt(trace.count, 10);
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static __attribute__((noinline)) void looks(struct trace *trace)
{
    trace_callers(trace, __builtin_frame_address(0));
    __asm__ volatile("" : : "r"(trace) : "memory");
}

static __attribute__((noinline)) void calls_a_looker(struct trace *trace)
{
    looks(trace);
    __asm__ volatile("" : : "r"(trace) : "memory");
}

Test(trace, of_callers_begins_with_the_caller)
{
    struct trace trace;

    calls_a_looker(&trace);
    cr_assert_gt(trace.count, 1);
    cr_assert_eq(_Unwind_FindEnclosingFunction(trace.calls[0]), (void *)calls_a_looker);
}

static __attribute__((noinline)) size_t looks_from_below(struct trace *trace, int depth)
{
    if (depth == 0)
        looks(trace);
    else
        looks_from_below(trace, depth - 1);
    __asm__ volatile("" : : "r"(trace) : "memory");
    return trace->count;
}

Test(trace, has_a_maximum)
{
    struct trace trace;

    cr_assert_eq(looks_from_below(&trace, 100), TRACE_FRAMES_MAXIMUM);
}

Test(trace, places_name_what_the_linker_exports_and_where_the_rest_lies)
{
    struct place place;

    place_find((char *)(void *)strtol + 1, &place);
    cr_assert(strstr(place.text, "strtol (") == place.text && strstr(place.text, "+0x"), "%s", place.text);
    place_find((void *)looks, &place);
    cr_assert(strstr(place.text, "+0x"), "%s", place.text);
    place_find((void *)16, &place);
    cr_assert_str_eq(place.text, "0x10");
}
