/* generator.h - a function that gives one item after the other, and may wait in between: an async iterator.
 *
 *     static int count_down(struct co_task *self, struct co_generator *generator, void *from)
 *     {
 *         for (int n = *(int *)from; n > 0; n--) {
 *             int result = co_generator_emit(self, generator, &n);
 *             if (result < 0)
 *                 return result;
 *         }
 *         return 0;
 *     }
 *
 *     struct co_generator numbers;
 *     co_generator_open(self, &numbers, count_down, &(int){3});
 *     while ((result = co_generator_next(self, &numbers, &item)) == 1)
 *         printf("%d\n", *(int *)item);
 *     co_generator_close(self, &numbers);
 *
 * The function runs as a task of its own, which starts with the first co_generator_next and goes on, from one emit to
 * the next, only when it is asked: while it is at work the consumer waits, and the other way round.
 *
 * A generator opens a scope, from co_generator_open to co_generator_close, with its function inside it: it nests
 * strictly with other scopes, and whoever opened it must close it, also when he was cancelled, which cancels the
 * function too.  Cancelling only a co_generator_next (by a scope around it, a timeout) leaves the function at work: the
 * item comes with the next call.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/group.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_generator;

typedef int co_generator_function(struct co_task *self, struct co_generator *generator, void *argument);

struct co_generator {
    /* private: */
    struct co_group group;
    co_generator_function *function;
    void *argument;
    struct co_waiter *consumer, *producer; /* in co_generator_next, in co_generator_emit */
    void *item;
    int result; /* what the function returned */
    bool started, ended;
    bool full; /* the item waits to be taken */
};

/* Opens the scope; nothing runs yet. */
void co_generator_open(struct co_task *self, struct co_generator *generator, co_generator_function *function,
                       void *argument);

/* Lets the function go on until it has an item.  For one task at a time.  How long an item lives is the function's to
 * say: until the next call, if it lies on its stack.
 *
 * Gives 1 and an item; 0 when the function has returned 0 or more, now and each time after.
 *
 * Fails as the function did, now and each time after; -ENOMEM: it cannot be started; -ECANCELED: the caller is
 * cancelled, or the function has not begun and who opened it is cancelled. */
int co_generator_next(struct co_task *self, struct co_generator *generator, void **ret_item);

/* For the function, from its own task: gives an item to the consumer and waits until it asks for another.
 *
 * Gives 0: the item was taken.
 *
 * Fails with -ECANCELED: the caller is cancelled, as it is when the generator is being closed or who opened it was
 * cancelled.  The item was not taken and is still the function's. */
int co_generator_emit(struct co_task *self, struct co_generator *generator, void *item);

/* Wherever the function is, cancels it and waits until it has returned, which a cancel does not end early.  Every await
 * in the function fails, so it can only clean up.
 *
 * Gives 0, also when the function gave -ECANCELED or had never started.
 *
 * Fails as the function did, never because of a cancel. */
int co_generator_close(struct co_task *self, struct co_generator *generator);

CO_EXPORT_END
