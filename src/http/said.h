/* said.h - the headers that the user gives: those of a request, else those of all. */
#pragma once

#include <stdbool.h>

struct http_transfer;

/* "Name: value" and "Name;": is the name the same? */
bool is_same_header(const char *one, const char *other);

/* Is it among those of a request, each with a NUL, an empty one at the end? */
bool is_among_headers(const char *headers, const char *header);

/* Does the user say it, be it that it is not to be sent? */
bool user_says(const struct http_transfer *transfer, const char *header);
