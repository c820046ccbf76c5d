/* record.h - the line of one job, "haul.result/1" of haul-report(5). */
#pragma once

#include <haul/base/text.h>
#include <haul/job/result.h>

void record_append(struct text *lines, const struct result *result); /* with its newline */
