/* idle.h - transfers that nobody uses, with their easy handles, for those that come next. */
#pragma once

#include <haul/base/list.h>

struct http_client;
struct http_transfer;

/* Starts with idle_init. */
struct idle {
    struct list ready;
    struct list laid_aside; /* until the moment of each, then freed; the first to be first */
};

void idle_init(struct idle *idle);
void idle_release(struct idle *idle); /* frees them */

struct http_transfer *idle_take(struct http_client *client);
void idle_give_back(struct http_transfer *transfer);
