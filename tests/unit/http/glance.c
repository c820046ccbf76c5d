#include "../../../src/http/glance.h"
#include "../../../src/http/socket.h"

#include <haul/base/clock.h>

#include <criterion/criterion.h>
#include <poll.h>
#include <unistd.h>

static int ready(int fd, short events, int milliseconds)
{
    struct pollfd one = {.fd = fd, .events = events, .revents = -1};
    int count = poll(&one, 1, milliseconds);

    cr_assert(count >= 0);
    cr_expect_eq(count, one.revents != 0);
    return one.revents;
}

static void expect_what_the_kernel_says(void)
{
    int pipes[2][2];
    struct pollfd both[2];
    int64_t began;

    cr_assert_eq(pipe(pipes[0]) + pipe(pipes[1]), 0);
    cr_expect_eq(ready(pipes[0][0], POLLIN, 0), 0);
    cr_expect_eq(ready(pipes[0][1], POLLOUT, 0), POLLOUT);
    began = clock_monotonic();
    cr_expect_eq(ready(pipes[0][0], POLLIN, 30), 0);
    cr_expect(clock_monotonic() - began >= 29 * NANOSECONDS_PER_MILLISECOND);
    cr_assert_eq(write(pipes[1][1], "x", 1), 1);
    cr_expect_eq(ready(pipes[1][0], POLLIN, 0), POLLIN);
    cr_expect_eq(ready(pipes[1][0], POLLIN, -1), POLLIN);
    both[0] = (struct pollfd){.fd = pipes[0][0], .events = POLLIN};
    both[1] = (struct pollfd){.fd = pipes[1][0], .events = POLLIN};
    cr_expect_eq(poll(both, 2, 0), 1);
    cr_expect(both[0].revents == 0 && both[1].revents == POLLIN);
    close(pipes[1][1]);
    cr_expect_eq(ready(pipes[1][0], POLLIN, 0), POLLIN | POLLHUP);
    cr_expect_eq(poll(NULL, 0, 0), 0);
}

Test(glance, is_the_kernels_where_no_loop_is_served)
{
    expect_what_the_kernel_says();
}

Test(glance, is_the_kernels_at_what_the_loop_does_not_watch)
{
    static struct socket_table table, other;

    glance_begin(&table);
    expect_what_the_kernel_says();
    glance_end(&other);
    expect_what_the_kernel_says();
    glance_end(&table);
    expect_what_the_kernel_says();
}
