/* headers.h - headers as JSON: {"name":["first value","second value"]}, names in the order in which they first came. */
#pragma once

#include "json.h"

#include <haul/job/exchange.h>

void headers_write(struct json *json, const struct header *headers, unsigned count);

void headers_write_value(struct json *json, const struct header *header); /* redacted */
