#include "pattern.h"
#include "pcre.h"

#include <haul/base/memory.h>
#include <haul/check/check.h>

#include <stdlib.h>

#define NESTING_MAXIMUM 30 /* of parentheses: patterns are read on small stacks */
#define MATCH_MAXIMUM   1000000
#define DEPTH_MAXIMUM   10000
#define HEAP_MAXIMUM    (16 * 1024) /* KiB */

struct pattern {
    pcre2_code *code;
};

static void say_problem(struct text *problem, int code, size_t offset)
{
    PCRE2_UCHAR message[128];

    pcre.get_error_message(code, message, sizeof message);
    text_append_format(problem, "is no regular expression: %s, at byte %zu", (const char *)message, offset);
}

/* PCRE's own limits begin anew at each place where a match may begin, so what a whole search costs is counted by
 * call-outs, which stand before each item of the pattern. */
struct pattern *pattern_open(struct slice written, struct text *problem)
{
    uint32_t options =
        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT | PCRE2_NO_AUTO_POSSESS;
    pcre2_compile_context *context;
    const char *unusable = pcre_open();
    struct pattern *pattern;
    PCRE2_SIZE offset = 0;
    pcre2_code *code;
    int error = 0;

    if (written.length > CHECK_PATTERN_MAXIMUM) {
        text_append_format(problem, "is a regular expression of more than %d bytes", CHECK_PATTERN_MAXIMUM);
        return NULL;
    }
    if (unusable) {
        text_append_format(problem, "cannot be used: %s", unusable);
        return NULL;
    }
    context = pcre.compile_context_create(NULL);
    if (!context)
        memory_exhausted(0);
    pcre.set_parens_nest_limit(context, NESTING_MAXIMUM);
    code = pcre.compile((PCRE2_SPTR)written.bytes, written.length, options, &error, &offset, context);
    pcre.compile_context_free(context);
    if (!code) {
        say_problem(problem, error, offset);
        return NULL;
    }
    pattern = memory_allocate(sizeof *pattern);
    pattern->code = code;
    return pattern;
}

void pattern_close(struct pattern *pattern)
{
    if (!pattern)
        return;
    pcre.code_free(pattern->code);
    free(pattern);
}

static int count_step(pcre2_callout_block *block, void *steps)
{
    (void)block;
    return ++*(unsigned *)steps > CHECK_STEPS_MAXIMUM ? PCRE2_ERROR_CALLOUT : 0;
}

enum pattern_verdict pattern_judge(const struct pattern *pattern, struct slice subject)
{
    pcre2_match_context *context = pcre.match_context_create(NULL);
    pcre2_match_data *data = pcre.match_data_create(1, NULL);
    unsigned steps = 0;
    int result;

    if (!context || !data)
        memory_exhausted(0);
    pcre.set_match_limit(context, MATCH_MAXIMUM);
    pcre.set_depth_limit(context, DEPTH_MAXIMUM);
    pcre.set_heap_limit(context, HEAP_MAXIMUM);
    pcre.set_callout(context, count_step, &steps);
    result = pcre.match(pattern->code, (PCRE2_SPTR)(subject.bytes ? subject.bytes : ""), subject.length, 0, 0, data,
                        context);
    pcre.match_data_free(data);
    pcre.match_context_free(context);
    if (result >= 0)
        return PATTERN_MATCHES;
    return result == PCRE2_ERROR_NOMATCH ? PATTERN_DIFFERS : PATTERN_GAVE_UP;
}
