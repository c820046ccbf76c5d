#include "order.h"

#include <haul/base/memory.h>

#include <assert.h>
#include <stdlib.h>

void order_init(struct order *order, size_t room)
{
    *order = (struct order){.early = memory_calloc(room, sizeof(struct work *)), .room = room};
}

void order_release(struct order *order)
{
    free(order->early);
}

uint64_t order_place(struct order *order)
{
    return order->given++;
}

void order_add(struct order *order, uint64_t place, struct work *work)
{
    struct work **slot = &order->early[place % order->room];

    assert(place >= order->next && place - order->next < order->room && !*slot);
    *slot = work;
}

struct work *order_take(struct order *order)
{
    struct work **slot = &order->early[order->next % order->room];
    struct work *work = *slot;

    if (!work)
        return NULL;
    *slot = NULL;
    order->next++;
    return work;
}
