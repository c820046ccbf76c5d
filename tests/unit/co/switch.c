#include "../../../src/co/annotations.h"
#include "../../../src/co/switch.h"

#include "run.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <unwind.h>

#ifndef CO_SANITIZED /* the sanitizers would have to be told */

#define STACK_SIZE (64 * 1024)

struct visit {
    struct switch_point point, back; /* first: it is what the entry is given */
    char text[64];
    uintptr_t address;
    int steps;
};

static _Alignas(64) char stack[STACK_SIZE];

/* printf of a double uses aligned stores on the stack. */
static void prints_a_double(struct switch_point *point)
{
    struct visit *visit = (struct visit *)point;
    double number = 1.0 / 3;

    visit->address = (uintptr_t)&number;
    snprintf(visit->text, sizeof visit->text, "%f %Lf", number, (long double)number);
    for (;;) {
        visit->steps++;
        switch_stacks(&visit->point, &visit->back);
    }
}

Test(switch, enters_a_stack_aligned_for_floating_point)
{
    struct visit visit = {.steps = 0};

    switch_prepare(&visit.point, stack + STACK_SIZE, prints_a_double);
    switch_stacks(&visit.back, &visit.point);
    cr_assert_str_eq(visit.text, "0.333333 0.333333");
    cr_assert(visit.address > (uintptr_t)stack && visit.address < (uintptr_t)stack + STACK_SIZE);
}

Test(switch, goes_back_and_forth)
{
    struct visit visit = {.steps = 0};
    volatile double kept = sqrt(2);

    switch_prepare(&visit.point, stack + STACK_SIZE, prints_a_double);
    for (int i = 1; i <= 1000; i++) {
        double sum = kept * i;

        switch_stacks(&visit.back, &visit.point);
        cr_assert_eq(visit.steps, i);
        cr_assert_float_eq(sum, sqrt(2) * i, 1e-9);
    }
}

/* More values than there are registers, of both kinds, live across the switch. */
static long mix(struct visit *visit, long start)
{
    long whole[24], sum = 0;
    double broken[24];

    for (int i = 0; i < 24; i++) {
        whole[i] = start * (i + 1);
        broken[i] = (double)start / (i + 1);
    }
    for (int round = 0; round < 10; round++) {
        if (visit)
            switch_stacks(&visit->back, &visit->point);
        for (int i = 0; i < 24; i++) {
            whole[i] = whole[i] * 31 + whole[(i + 1) % 24];
            broken[i] = broken[i] * 0.5 + broken[(i + 7) % 24];
        }
    }
    for (int i = 0; i < 24; i++)
        sum += (whole[i] & 0xffff) + (long)(broken[i] * 1000);
    return sum;
}

static void overwrites_registers(struct switch_point *point)
{
    struct visit *visit = (struct visit *)point;

    for (long i = 3;; i++) {
        visit->steps += mix(NULL, i) != 0;
        switch_stacks(&visit->point, &visit->back);
    }
}

Test(switch, keeps_what_registers_hold)
{
    struct visit visit = {.steps = 0};

    switch_prepare(&visit.point, stack + STACK_SIZE, overwrites_registers);
    for (long start = 1; start < 50; start++)
        cr_assert_eq(mix(&visit, start), mix(NULL, start));
    cr_assert_eq(visit.steps, 490);
}

struct visitor {
    const char *stood_at;
    int visits, frames;
    bool saw_the_parked;
};

static _Unwind_Reason_Code see_frame(struct _Unwind_Context *context, void *argument)
{
    struct visitor *visitor = argument;
    void *function = _Unwind_FindEnclosingFunction((void *)(_Unwind_GetIP(context) - 1));

    visitor->frames++;
    visitor->saw_the_parked |= function == (void *)overwrites_registers || function == (void *)mix;
    return visitor->frames < 100 ? _URC_NO_REASON : _URC_END_OF_STACK;
}

static __attribute__((noinline)) void looks_around(void *argument)
{
    struct visitor *visitor = argument;
    volatile char used[1024];

    for (size_t i = 0; i < sizeof used; i++)
        used[i] = (char)i;
    visitor->stood_at = (const char *)used;
    visitor->visits++;
    _Unwind_Backtrace(see_frame, visitor);
}

Test(switch, visitors_stand_on_the_parked_stack_and_see_its_frames)
{
    struct visit visit = {.steps = 0};
    struct visitor visitor = {.visits = 0};

    switch_prepare(&visit.point, stack + STACK_SIZE, overwrites_registers);
    for (long start = 1; start < 50; start++) {
        switch_stacks(&visit.back, &visit.point);
        visitor.frames = 0;
        switch_visit(&visit.point, looks_around, &visitor);
        cr_assert(visitor.stood_at > stack && visitor.stood_at < switch_parked_at(&visit.point));
        cr_assert(visitor.saw_the_parked);
        cr_assert_lt(visitor.frames, 10); /* unwinding ends with the stack */
    }
    cr_assert_eq(visitor.visits, 49);
}

Test(switch, visitors_leave_no_trace)
{
    struct visit visit = {.steps = 0};
    struct visitor visitor = {.visits = 0};

    switch_prepare(&visit.point, stack + STACK_SIZE, overwrites_registers);
    switch_visit(&visit.point, looks_around, &visitor);
    cr_assert_eq(visit.steps, 0);
    for (long start = 1; start < 50; start++) {
        cr_assert_eq(mix(&visit, start), mix(NULL, start));
        switch_visit(&visit.point, looks_around, &visitor);
        switch_visit(&visit.point, looks_around, &visitor);
    }
    cr_assert_eq(visit.steps, 490);
    cr_assert_eq(visitor.visits, 99);
}
#endif

static int prints_in_a_task(struct co_task *self, void *text)
{
    snprintf(text, 32, "%f", 2.5);
    return co_yield_now(self);
}

CO_TEST(switch, a_fresh_task_can_print_a_double)
{
    struct co_group group;
    char text[2][32] = {"", ""};

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, prints_in_a_task, text[0]);
    co_spawn(self, &group, prints_in_a_task, text[1]);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_str_eq(text[0], "2.500000");
    cr_expect_str_eq(text[1], "2.500000");
}
