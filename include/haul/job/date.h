/* date.h - the dates of HTTP (RFC 9110, 5.6.7): the form of today and the two of old. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "Sun, 06 Nov 1994 08:49:37 GMT" to seconds since 1970.  False for what is none, and for NULL. */
bool date_parse(const char *text, int64_t *ret_seconds);
