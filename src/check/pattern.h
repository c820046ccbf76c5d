/* pattern.h - regular expressions of Perl's kind (pcre2pattern(3)), at a bounded cost. */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

enum pattern_verdict {
    PATTERN_MATCHES,
    PATTERN_DIFFERS,
    PATTERN_GAVE_UP, /* it would have cost too much */
};

struct pattern;

/* NULL with the problem, as the end of a sentence about it. */
struct pattern *pattern_open(struct slice written, struct text *problem);
void pattern_close(struct pattern *pattern); /* NULL is fine */

/* Bytes that are not UTF-8 match nothing, and do no harm. */
enum pattern_verdict pattern_judge(const struct pattern *pattern, struct slice subject);
