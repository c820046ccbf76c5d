/* connection_test.h - tests that are given a connection.
 *
 *     CONNECTION_TEST(reader, reads)
 *     {
 *         cr_assert_eq(co_write(self, connection->near, "there", 5), 0);
 *         expect_bytes(self, connection->far, "there");
 *     }
 */
#pragma once

#include "connection.h"
#include "run.h"

#include <haul/base/slice.h>

#include <string.h>

#define MEGABYTE ((size_t)1024 * 1024)

/* Each test has a task, `self`, and a connection. */
#define CONNECTION_TEST(suite, name)                                                                                   \
    static void name(struct co_task *self, struct connection *connection);                                             \
    static int run_##name(struct co_task *self, void *unused)                                                          \
    {                                                                                                                  \
        struct connection connection = connection_open(self);                                                          \
                                                                                                                       \
        (void)unused;                                                                                                  \
        name(self, &connection);                                                                                       \
        connection_close(&connection);                                                                                 \
        return 0;                                                                                                      \
    }                                                                                                                  \
    Test(suite, name)                                                                                                  \
    {                                                                                                                  \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
    }                                                                                                                  \
    static void name(struct co_task *self, struct connection *connection)

static inline void expect_line(struct co_task *self, struct co_stream *stream, const char *expected)
{
    struct slice line = {NULL, 0};

    cr_assert_eq(co_read_line(self, stream, &line), 1);
    cr_assert(slice_equal(line, slice_of(expected)), "got '" SLICE_FORMAT "'", SLICE_ARGUMENT(line));
}

static inline void expect_bytes(struct co_task *self, struct co_stream *stream, const char *expected)
{
    char bytes[64];
    ssize_t count = co_read(self, stream, bytes, sizeof bytes);

    cr_assert_eq(count, (ssize_t)strlen(expected), "got %zd", count);
    cr_assert_eq(memcmp(bytes, expected, (size_t)count), 0);
}
