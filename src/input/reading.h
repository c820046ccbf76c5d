/* reading.h - a JSON object on its way to be a job: what was found in it, and what is wrong with it. */
#pragma once

#include <haul/base/text.h>
#include <haul/job/job.h>

#include <cjson/cJSON.h>

struct reading {
    struct job_parts parts; /* of strings of the object and of the texts below */
    struct text problem;    /* the first one */
    struct text headers, mirrors, data, checks;
    bool checks_have_digest;
    unsigned seen; /* keys, by their place in the table */
};

void reading_release(struct reading *reading);

/* The key, or a part of it, cannot be taken: why, as the end of a sentence about it. */
void reading_refuse(struct reading *reading, const char *key, const char *why);

void reading_take_string(struct reading *reading, const cJSON *item, struct slice *place);
void reading_take_word(struct reading *reading, const cJSON *item, struct slice *place); /* no control characters */
