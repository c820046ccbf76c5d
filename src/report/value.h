/* value.h - what several lines of the report have in common. */
#pragma once

#include "json.h"

#include <haul/job/failure.h>
#include <haul/job/job.h>

void value_id(struct json *json, const struct job *job);              /* key and value */
void value_moment(struct json *json, int64_t wall);                   /* 0 is null */
void value_url(struct json *json, const char *url);                   /* redacted; NULL is null */
void value_message(struct json *json, const struct failure *failure); /* redacted; class NONE is null */
