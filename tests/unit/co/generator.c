#include "run.h"
#include "shortage.h"

#include <haul/co/generator.h>

#include <stdlib.h>

/* Emits the numbers from 1 on, each from the heap so that a lost one is noticed as a leak. */
struct counter {
    int until, result;
    int64_t pause; /* before each; 0: none */
    int begun, emitted, kept;
    bool returned;
};

static int emit_number(struct co_task *self, struct co_generator *generator, struct counter *counter)
{
    int *number = malloc(sizeof *number);
    int result;

    *number = ++counter->begun;
    result = counter->pause > 0 ? co_sleep(self, counter->pause) : 0;
    if (result == 0)
        result = co_generator_emit(self, generator, number);
    if (result == 0) {
        counter->emitted++;
    } else {
        counter->kept++;
        free(number);
    }
    return result;
}

static int counts(struct co_task *self, struct co_generator *generator, void *argument)
{
    struct counter *counter = argument;
    int result = 0;

    while (counter->begun < counter->until && result == 0)
        result = emit_number(self, generator, counter);
    counter->returned = true;
    return result < 0 ? result : counter->result;
}

/* The number, 0 at the end, or the failure. */
static int next(struct co_task *self, struct co_generator *generator)
{
    void *item;
    int result = co_generator_next(self, generator, &item);

    if (result == 1) {
        result = *(int *)item;
        free(item);
    }
    return result;
}

static int next_in_time(struct co_task *self, struct co_generator *generator, int64_t nanoseconds)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(nanoseconds));
    return co_scope_end(self, &scope, next(self, generator));
}

CO_TEST(generator, gives_every_item_in_order_and_then_the_end_each_time)
{
    struct counter counter = {.until = 100};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    for (int i = 1; i <= 100; i++)
        cr_expect_eq(next(self, &generator), i);
    cr_expect_eq(next(self, &generator), 0);
    cr_expect_eq(next(self, &generator), 0);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect(counter.returned && counter.emitted == 100);
}

CO_TEST(generator, begins_and_goes_on_only_when_asked)
{
    struct counter counter = {.until = 100};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    let_others_run(self);
    cr_expect_eq(counter.begun, 0);
    cr_expect_eq(next(self, &generator), 1);
    let_others_run(self);
    cr_expect_eq(counter.begun, 1);
    cr_expect_eq(next(self, &generator), 2);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect_eq(counter.emitted, 2);
}

CO_TEST(generator, a_failure_comes_after_the_items_and_each_time)
{
    struct counter counter = {.until = 2, .result = -EIO};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(next(self, &generator), 1);
    cr_expect_eq(next(self, &generator), 2);
    cr_expect_eq(next(self, &generator), -EIO);
    cr_expect_eq(next(self, &generator), -EIO);
    cr_expect_eq(co_check(self), 0, "the consumer is not cancelled by it");
    cr_expect_eq(co_generator_close(self, &generator), -EIO);
}

CO_TEST(generator, closing_one_that_never_began_calls_nothing)
{
    struct counter counter = {.until = 2};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect(!counter.returned && counter.begun == 0);
}

CO_TEST(generator, closing_runs_the_function_to_its_return_with_its_awaits_cancelled)
{
    struct counter counter = {.until = 100, .pause = CO_MICROSECONDS(10)};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(next(self, &generator), 1);
    cr_expect_not(counter.returned);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect(counter.returned);
    cr_expect_eq(counter.emitted, 1, "what was taken counts as taken");
    cr_expect_eq(counter.kept, 1);
}

CO_TEST(generator, closing_gives_a_failure_of_the_clean_up)
{
    struct counter counter = {.until = 1, .result = -EIO};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(next(self, &generator), 1);
    cr_expect_eq(co_generator_close(self, &generator), -EIO);
}

CO_TEST(generator, an_item_that_comes_after_a_cancelled_next_is_kept_for_the_following)
{
    struct counter counter = {.until = 3, .pause = CO_MILLISECONDS(20)};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(next_in_time(self, &generator, CO_MILLISECONDS(1)), -ETIMEDOUT);
    co_sleep(self, CO_MILLISECONDS(40));
    cr_expect_eq(counter.begun, 1);
    cr_expect_eq(next(self, &generator), 1);
    cr_expect_eq(next_in_time(self, &generator, CO_MILLISECONDS(1)), -ETIMEDOUT);
    cr_expect_eq(next(self, &generator), 2);
    cr_expect_eq(co_generator_close(self, &generator), 0);
}

CO_TEST(generator, an_item_that_nobody_took_is_still_the_functions_when_it_is_closed)
{
    struct counter counter = {.until = 3, .pause = CO_MILLISECONDS(5)};
    struct co_generator generator;

    co_generator_open(self, &generator, counts, &counter);
    cr_expect_eq(next_in_time(self, &generator, CO_MILLISECONDS(1)), -ETIMEDOUT);
    co_sleep(self, CO_MILLISECONDS(20));
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect_eq(counter.emitted, 0);
    cr_expect_eq(counter.kept, 1);
}

struct consumer {
    struct counter counter;
    int asked; /* how many items before it goes on to other things */
    int result;
};

static int consumes(struct co_task *self, void *argument)
{
    struct consumer *consumer = argument;
    struct co_generator generator;
    int result = 0;

    co_generator_open(self, &generator, counts, &consumer->counter);
    for (int i = 0; i < consumer->asked && result >= 0; i++)
        result = next(self, &generator);
    if (result >= 0)
        result = co_sleep(self, CO_SECONDS(60));
    consumer->result = result;
    cr_expect_eq(co_generator_close(self, &generator), 0);
    return result;
}

CO_TEST(generator, nothing_leaks_when_the_consumer_is_cancelled_wherever_it_is)
{
    for (int asked = 0; asked < 4; asked++) {
        for (int64_t microseconds = 0; microseconds <= 3000; microseconds += 250) {
            struct consumer consumer = {{.until = 3, .pause = CO_MILLISECONDS(1)}, asked, 1};
            int result = co_timeout(self, CO_MICROSECONDS(microseconds), consumes, &consumer);

            cr_expect_eq(result, -ETIMEDOUT);
            cr_expect_eq(consumer.result, -ECANCELED);
            cr_expect_eq(consumer.counter.begun, consumer.counter.emitted + consumer.counter.kept);
        }
    }
}

CO_TEST(generator, a_cancelled_task_neither_asks_nor_takes)
{
    struct counter counter = {.until = 3};
    struct co_generator generator;
    struct co_scope scope;

    co_generator_open(self, &generator, counts, &counter);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(next(self, &generator), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    let_others_run(self);
    cr_expect_eq(counter.begun, 0);
    cr_expect_eq(next(self, &generator), 1);
    cr_expect_eq(co_generator_close(self, &generator), 0);
}

static int doubles(struct co_task *self, struct co_generator *generator, void *source)
{
    struct co_generator numbers;
    int result = 0, number;

    co_generator_open(self, &numbers, counts, source);
    while (result == 0 && (number = next(self, &numbers)) > 0) {
        int *twice = malloc(sizeof *twice);

        *twice = 2 * number;
        result = co_generator_emit(self, generator, twice);
        if (result < 0)
            free(twice);
    }
    co_generator_close(self, &numbers);
    return result;
}

CO_TEST(generator, one_may_consume_another_and_closing_reaches_both)
{
    struct counter counter = {.until = 10};
    struct co_generator generator;

    co_generator_open(self, &generator, doubles, &counter);
    for (int i = 1; i <= 5; i++)
        cr_expect_eq(next(self, &generator), 2 * i);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect(counter.returned);
}

static int is_never_called(struct co_task *self, struct co_generator *generator, void *argument)
{
    (void)self, (void)generator, (void)argument;
    cr_expect_fail("it was called");
    return 0;
}

CO_TEST(generator, that_cannot_be_started_says_so)
{
    struct stack_pool kept = shortage_begin(self, false);
    struct co_generator generator;
    void *item;

    co_generator_open(self, &generator, is_never_called, NULL);
    cr_expect_eq(co_generator_next(self, &generator, &item), -ENOMEM);
    shortage_end(self, kept);
    cr_expect_eq(co_generator_close(self, &generator), 0);
}

static int asks_inside_a_shield(struct co_task *self, void *generator)
{
    return next(self, generator);
}

CO_TEST(generator, does_not_begin_when_the_one_who_opened_it_is_cancelled)
{
    struct co_generator generator;
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_generator_open(self, &generator, is_never_called, NULL);
    co_scope_cancel(&scope);
    cr_expect_eq(co_shield(self, CO_SECONDS(5), asks_inside_a_shield, &generator), -ECANCELED);
    cr_expect_eq(co_generator_close(self, &generator), 0);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}
