/* The head of an answer, a line each, and what is read from its fields. */
#include "../../src/http/head.h"
#include "fuzz.h"

#include <haul/job/date.h>
#include <haul/job/disposition.h>
#include <haul/job/quota.h>
#include <haul/job/range.h>
#include <haul/job/retry_after.h>
#include <haul/job/served_digest.h>

#include <string.h>
#include <strings.h>

static void must_be_fields(const struct head *head, const struct exchange *exchange)
{
    for (unsigned i = 0; i < exchange->header_count; i++) {
        const struct header *header = &exchange->headers[i];

        MUST(slice_equal(slice_trim(slice_of(header->value)), slice_of(header->value)));
        MUST(strpbrk(header->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL);
        MUST(strcmp(head_value(head, header->name), exchange_header(exchange, header->name)) == 0);
    }
}

static void must_be_digests(const struct exchange *exchange)
{
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];
    size_t count = served_digests(exchange, digests);

    MUST(count <= SERVED_DIGESTS_MAXIMUM);
    for (size_t i = 0; i < count; i++) {
        MUST(strlen(digests[i].hex) % 2 == 0 && strlen(digests[i].hex) >= 32);
        MUST(strspn(digests[i].hex, "0123456789abcdef") == strlen(digests[i].hex));
    }
}

static void try_waits(const struct exchange *exchange)
{
    const char *after = exchange_header(exchange, "retry-after"), *date = exchange_header(exchange, "date");
    int64_t wait, seconds;

    if (retry_after_parse(after, date, 1700000000 * INT64_C(1000000000), &wait))
        MUST(wait >= 0);
    if (quota_is_used_up(exchange, &wait))
        MUST(wait >= 0);
    date_parse(date, &seconds);
}

static void try_range(const struct head *head, const struct exchange *exchange)
{
    const char *validator = range_validator(exchange);
    struct range range = {.from = 5, .validator = "\"a\"", .size = 10};
    struct range_answer answer = {
        .content_range = head_value(head, "content-range"),
        .etag = head_value(head, "etag"),
        .last_modified = head_value(head, "last-modified"),
        .content_length = head->content_length,
    };

    MUST(!validator || strlen(validator) <= RANGE_VALIDATOR_MAXIMUM);
    if (range_problem(&range, &answer) == NULL)
        MUST(answer.content_range && strncasecmp(answer.content_range, "bytes", 5) == 0 &&
             strstr(answer.content_range, "5-9"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);
    struct head head = {.response_code = 0};
    enum naming_reason reason;
    struct exchange exchange = {.response_code = 0};

    head_clear(&head);
    while (rest.length > 0) {
        struct slice line = fuzz_next_line(&arena, &rest);

        if (line.length > 0 && head_add(&head, line))
            break;
    }
    MUST(head.response_code >= 0 && head.response_code <= 999 && head.content_length >= -1);
    exchange.response_code = head.response_code;
    exchange.headers = head_headers(&head, &arena);
    exchange.header_count = head.count;
    exchange.content_length = head.content_length;
    must_be_fields(&head, &exchange);
    must_be_digests(&exchange);
    try_waits(&exchange);
    try_range(&head, &exchange);
    if (exchange_header(&exchange, "content-disposition"))
        disposition_name(&arena, slice_of(exchange_header(&exchange, "content-disposition")), &reason);
    head_release(&head);
    return 0;
}
