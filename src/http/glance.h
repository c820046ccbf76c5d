/* glance.h - poll(2) for libcurl, which asks it twice about each transfer over a kept connection: is anything on the
 * connection before it is used again, and, as soon as the request is out, is the answer there?  The loop knows the one
 * from its last look at all of them, and will see the other.
 *
 * libcurl 7.88 has no option for that.  So haul has a poll() of its own, which comes before that of the C library for
 * all libraries of the process.  It answers these two questions for the connections of the thread's own loop; whatever
 * else is asked, it asks the kernel.  Where libraries do not come to it, all is as right, and slower. */
#pragma once

struct socket_table;

/* From here on, for this thread, until it ends.  One table at a time has this: the last to begin. */
void glance_begin(struct socket_table *table);
void glance_end(const struct socket_table *table);
