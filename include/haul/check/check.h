/* check.h - what a job demands of its answer, and whether it holds.  Decides; asks nobody, opens nothing.
 *
 * haul-input(5) is the manual of the notation: an array of objects, each with a `check` that names a subject and with
 * relations.  Each relation is one check here.
 *
 * Lists and bodies are not trusted: how many checks there are, how long a pattern is and how much matching it may cost
 * is bounded, and where a bound is met the check fails and says so.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/text.h>
#include <haul/job/exchange.h>
#include <haul/job/result.h>

#include <stdbool.h>
#include <stdint.h>

#define CHECK_COUNT_MAXIMUM   100         /* of one job */
#define CHECK_PATTERN_MAXIMUM 1000        /* bytes */
#define CHECK_STEPS_MAXIMUM   10000000    /* of matching one pattern */
#define CHECK_FOUND_MAXIMUM   120         /* bytes of what was found that are told */
#define CHECK_TEXT_MAXIMUM    (32 * 1024) /* bytes of the notation */

struct check_list;

/* Of the notation, JSON.  NULL with the problem, a sentence, when it is none. */
struct check_list *check_list_open(struct slice notation, struct text *problem);
void check_list_close(struct check_list *list); /* NULL is fine */
CLEANUP_FUNCTION(check_list_close, struct check_list *)

bool check_list_wants_status(const struct check_list *list); /* judges it, so that none is a failure before */
bool check_list_wants_body(const struct check_list *list);

/* The digest that the body must have, which is left to others to compute.  False: none. */
bool check_list_digest(const struct check_list *list, const char **ret_algorithm, const char **ret_hex);

/* An outcome for each check, in order, that says what is expected.  Lives as long as the arena. */
struct check_outcome *check_list_outcomes(const struct check_list *list, struct arena *arena, unsigned *ret_count);

struct check_evidence {
    const struct exchange *exchange; /* whole */
    struct slice body;
    bool body_is_too_large; /* there was more than `body_maximum`, and it was not kept */
    long body_maximum;
    int64_t now; /* by the wall clock */
};

/* Fills in what was found and whether it will do; for the digest nothing.  May take a while, so it is for a thread. */
void check_list_judge(const struct check_list *list, const struct check_evidence *evidence, struct arena *arena,
                      struct check_outcome *outcomes);
