/* order.h - results in the order of the input (--ordered): those that come too early wait for the ones before them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct work;

struct order {
    struct work **early; /* each at its place, modulo the room */
    size_t room;
    uint64_t given, next; /* places: given away, and the one to be told next */
    bool telling;         /* somebody is at it, who will come to what is added meanwhile */
};

/* No more works than `room` may be under way at once. */
void order_init(struct order *order, size_t room);
void order_release(struct order *order); /* all is told */

/* For a work that was read; they are told in this order. */
uint64_t order_place(struct order *order);

void order_add(struct order *order, uint64_t place, struct work *work);

/* The next to be told, or NULL when it is not there yet. */
struct work *order_take(struct order *order);
