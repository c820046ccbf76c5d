#include "value.h"

#include "redact.h"

#include <haul/base/clock.h>

void value_moment(struct json *json, int64_t wall)
{
    char moment[CLOCK_TEXT_SIZE];

    if (wall == 0) {
        json_null(json);
        return;
    }
    clock_format(wall, moment);
    json_plain_string(json, slice_of(moment));
}

void value_url(struct json *json, const char *url)
{
    CLEANUP(text_release) struct text told = {0};

    if (!url) {
        json_null(json);
        return;
    }
    if (redact_leaves_url(slice_of(url))) {
        json_string(json, slice_of(url));
        return;
    }
    redact_url(&told, slice_of(url));
    json_string(json, text_slice(&told));
}

void value_message(struct json *json, const struct failure *failure)
{
    CLEANUP(text_release) struct text told = {0};

    if (failure->class == FAILURE_NONE) {
        json_null(json);
        return;
    }
    redact_sentence(&told, slice_of(failure->message));
    json_string(json, text_slice(&told));
}

void value_id(struct json *json, const struct job *job)
{
    json_key(json, "id");
    if (job->id)
        json_string(json, slice_of(job->id));
    else
        json_digits(json, job->index);
}
