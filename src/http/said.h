/* said.h - the headers that the user gives: those of a request, else those of all. */
#pragma once

#include <stdbool.h>

struct curl_slist;
struct http_transfer;

/* Is there one of the same name as "Name: value" or "Name;"?  In those of a request each has a NUL, and an empty one is
 * at the end. */
bool is_among_headers(const char *headers, const char *header);
bool is_in_list(const struct curl_slist *headers, const char *header);

/* Does the user say it, be it that it is not to be sent? */
bool user_says(const struct http_transfer *transfer, const char *header);
