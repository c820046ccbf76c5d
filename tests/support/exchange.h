/* exchange.h - one request to the test origin, and what answers it. */
#pragma once

#include "reply.h"
#include "request.h"
#include "tally.h"

#define PATTERN_PERIOD 251
#define PATTERN_SIZE   (PATTERN_PERIOD * 1024)

struct origin {
    const char *root; /* of /files/; NULL: none */
    unsigned long connections, requests, in_flight, most_in_flight;
    struct tally tally;
    char pattern[PATTERN_SIZE]; /* byte i is (i * 31 + 7) % 251 */
};

struct exchange {
    struct origin *origin;
    const struct request *request;
    struct reply reply;
};

/* Answers by the first part of a path without its leading slash; `rest` is what follows the slash after it. */
typedef void answer_function(struct co_task *self, struct exchange *exchange, struct slice rest);

/* Answers as the path of the request says. */
void exchange_answer(struct co_task *self, struct exchange *exchange);

/* The same for a path without its leading slash. */
void exchange_answer_path(struct co_task *self, struct exchange *exchange, struct slice path);

/* What the answers share. */
void answer_bad_request(struct co_task *self, struct exchange *exchange);
bool take_number(struct slice *rest, unsigned long long maximum, unsigned long long *ret_number); /* "12/a": 12, "a" */
bool percent_decode(struct slice encoded, char *text, size_t size); /* false: too long, or with a control character */
void begin_with_length(struct co_task *self, struct exchange *exchange, unsigned long long length); /* a head of 200 */
void send_pattern(struct co_task *self, struct exchange *exchange, unsigned long long first, unsigned long long count);

bool send_chunks(struct co_task *self, struct exchange *exchange, struct slice rest); /* all but the last, empty one */

/* answers.c */
answer_function answer_bytes, answer_status, answer_chunked, answer_drip, answer_close, answer_redirect,
    answer_redirect_to, answer_loop, answer_headers, answer_big_header, answer_partial, answer_echo, answer_stats,
    answer_retry_after;

/* faults.c */
answer_function answer_chunked_cut, answer_cut, answer_reset, answer_stall, answer_silent, answer_lengths,
    answer_garbage, answer_extra, answer_twice, answer_no_location, answer_crowded;

/* Until the peer has had enough. */
void fall_silent(struct co_task *self, struct exchange *exchange);

/* plan.c */
answer_function answer_plan;

/* files.c */
answer_function answer_files;
