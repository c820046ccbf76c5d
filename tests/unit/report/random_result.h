/* random_result.h - results as no run would give them: every field known or not, extreme or ordinary, strings of any
 * bytes. */
#pragma once

#include <haul/job/result.h>

struct random_result {
    struct result result;
    struct job job;
};

/* From random(3).  Release with result_release(&made->result). */
void random_result_make(struct random_result *made);
