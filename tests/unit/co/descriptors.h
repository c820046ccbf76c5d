/* descriptors.h - a process that has no descriptor left, and what it takes to call one. */
#pragma once

#include "connection.h"

#include <arpa/inet.h>
#include <sys/resource.h>
#include <unistd.h>

/* Leaves room for no descriptor; gives the limit that was. */
static inline struct rlimit use_up_descriptors(void)
{
    struct rlimit before, now;
    int lowest = dup(0);

    close(lowest);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    now.rlim_cur = (rlim_t)lowest;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &now), 0);
    return before;
}

static inline void give_back_descriptors(struct rlimit before)
{
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* Connects without the loop: what the kernel takes for a server that has no descriptor left. */
static inline int call_plainly(struct co_listener *listener, int fd)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)co_listener_port(listener))};

    inet_pton(AF_INET, LOOPBACK, &where.sin_addr);
    return connect(fd, (struct sockaddr *)&where, sizeof where);
}
