#include "scheduler.h"

#include <haul/co/generator.h>

/* On the stack of the one who asks: the item goes straight there. */
struct consumer {
    struct co_waiter waiter;
    struct co_generator *generator;
    void *item;
};

/* On the stack of the function, in an emit. */
struct producer {
    struct co_waiter waiter;
    struct co_generator *generator;
};

void co_generator_open(struct co_task *self, struct co_generator *generator, co_generator_function *function,
                       void *argument)
{
    co_group_open(self, &generator->group, CO_COLLECT, 0);
    generator->function = function;
    generator->argument = argument;
    generator->consumer = generator->producer = NULL;
    generator->item = NULL;
    generator->result = 0;
    generator->started = generator->ended = generator->full = false;
}

static void wake_consumer(struct co_generator *generator, int result)
{
    struct co_waiter *consumer = generator->consumer;

    generator->consumer = NULL;
    if (consumer)
        co_wake(consumer, result);
}

static int generate(struct co_task *self, void *argument)
{
    struct co_generator *generator = argument;
    int result = generator->function(self, generator, generator->argument);

    generator->result = result < 0 ? result : 0;
    generator->ended = true;
    wake_consumer(generator, generator->result);
    return 0;
}

static enum co_abort on_consumer_cancelled(struct co_waiter *waiter)
{
    LIST_MEMBER(waiter, struct consumer, waiter)->generator->consumer = NULL;
    return CO_ABORT_NOW;
}

/* Makes the function go on, if it is not at work already. */
static int ask(struct co_task *self, struct co_generator *generator)
{
    struct co_waiter *producer = generator->producer;
    int result;

    generator->producer = NULL;
    if (producer)
        co_wake(producer, 0);
    if (generator->started)
        return 0;
    result = co_spawn_named(self, &generator->group, "generator", generate, generator, NULL);
    generator->started = result == 0;
    return result;
}

static void *take(struct co_generator *generator)
{
    generator->full = false;
    return generator->item;
}

int co_generator_next(struct co_task *self, struct co_generator *generator, void **ret_item)
{
    struct consumer consumer = {.generator = generator};
    int result;

    assert(!generator->consumer);
    if (task_is_cancelled(self))
        return -ECANCELED;
    if (generator->full) {
        *ret_item = take(generator);
        co_completed_at_once(self);
        return 1;
    }
    if (generator->ended)
        return generator->result;
    result = ask(self, generator);
    if (result < 0)
        return result;
    co_waiter_init(&consumer.waiter, self, "the next item of a generator", on_consumer_cancelled);
    generator->consumer = &consumer.waiter;
    result = co_park(self, &consumer.waiter);
    if (result == 1)
        *ret_item = consumer.item;
    return result;
}

/* An item that was taken stays taken: then the cancel comes with the function's next await. */
static enum co_abort on_producer_cancelled(struct co_waiter *waiter)
{
    struct co_generator *generator = LIST_MEMBER(waiter, struct producer, waiter)->generator;
    bool taken = !generator->full;

    generator->producer = NULL;
    generator->full = false;
    if (!taken)
        return CO_ABORT_NOW;
    co_wake(waiter, 0);
    return CO_ABORT_LATER;
}

static void hand_over(struct co_generator *generator, void *item)
{
    if (generator->consumer) {
        LIST_MEMBER(generator->consumer, struct consumer, waiter)->item = item;
        wake_consumer(generator, 1);
    } else {
        generator->item = item;
        generator->full = true;
    }
}

int co_generator_emit(struct co_task *self, struct co_generator *generator, void *item)
{
    struct producer producer = {.generator = generator};

    assert(!generator->producer);
    if (task_is_cancelled(self))
        return -ECANCELED;
    hand_over(generator, item);
    co_waiter_init(&producer.waiter, self, "a generator to be asked for more", on_producer_cancelled);
    generator->producer = &producer.waiter;
    return co_park(self, &producer.waiter);
}

int co_generator_close(struct co_task *self, struct co_generator *generator)
{
    assert(!generator->consumer);
    co_group_cancel(&generator->group);
    co_group_close(self, &generator->group, 0);
    return generator->result == -ECANCELED ? 0 : generator->result;
}
