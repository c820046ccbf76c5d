/* cookies.h - the cookies of a run: one store for all transfers, which are all on one thread, so that nothing is
 * locked.
 *
 * libcurl judges which cookie goes where, and refuses those for public suffixes where it has libpsl.
 */
#pragma once

#include <haul/base/text.h>

#include <curl/curl.h>

#define COOKIE_LINE_MAXIMUM 8192
#define COOKIES_MAXIMUM     20000 /* that servers have set; above it, all of theirs are forgotten */

struct cookies;

/* With those of `lines` in it: see http_client_options.  NULL: libcurl does not start. */
struct cookies *cookies_open(const char *const *lines);
void cookies_close(struct cookies *cookies); /* no easy handle may use them any more; NULL is fine */

void cookies_use(struct cookies *cookies, CURL *easy);

/* Now and then, not while a transfer calls back.  NULL is fine. */
void cookies_keep_within_bounds(struct cookies *cookies);

/* A server has sent a line of header: it may set one.  NULL is fine. */
void cookies_note_header(struct cookies *cookies, struct slice line);

/* As a file of Netscape's. */
void cookies_write(const struct cookies *cookies, struct text *text);
