/* outcome.h - what libcurl knows of a transfer, for the record. */
#pragma once

#include <haul/base/arena.h>
#include <haul/job/exchange.h>

#include <curl/curl.h>

/* After the last hop, which began `offset` nanoseconds into the exchange. */
void outcome_fill(CURL *easy, int64_t offset, struct exchange *exchange, struct arena *arena);

/* After each hop before that. */
void outcome_note_redirect(CURL *easy, struct exchange *exchange);
