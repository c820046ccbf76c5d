/* A line with a JSON Pointer, one with checks, then the body that they are held against. */
#include "../../src/check/check.h"
#include "fuzz.h"

#include <haul/base/utf8.h>

#include <string.h>

static void must_be_outcomes(const struct check_outcome *outcomes, unsigned count)
{
    CLEANUP(text_release) struct text told = {0};

    MUST(count >= 1 && count <= CHECK_COUNT_MAXIMUM);
    for (unsigned i = 0; i < count; i++) {
        MUST(outcomes[i].name && outcomes[i].name[0] && outcomes[i].expected);
        MUST(!outcomes[i].found || strlen(outcomes[i].found) <= CHECK_FOUND_MAXIMUM + 16);
        check_outcome_append(&told, &outcomes[i]);
    }
}

static void try_checks(struct arena *arena, struct slice notation, struct slice body)
{
    CLEANUP(text_release) struct text problem = {0};
    CLEANUP(check_list_close) struct check_list *list = check_list_open(notation, &problem);
    struct header headers[] = {{"content-type", "text/plain"}, {"x", ""}};
    struct exchange exchange = {.response_code = 200,
                                .headers = headers,
                                .header_count = 2,
                                .url_effective = "http://example.org/",
                                .http_version = "1.1"};
    struct check_evidence evidence = {.exchange = &exchange, .body = body, .body_maximum = 1000};
    struct check_outcome *outcomes;
    unsigned count;

    MUST((list == NULL) == (problem.length > 0));
    if (!list)
        return;
    outcomes = check_list_outcomes(list, arena, &count);
    if (count == 0)
        return;
    check_list_judge(list, &evidence, arena, outcomes);
    must_be_outcomes(outcomes, count);
}

static void try_pointer(const char *pointer, struct slice body)
{
    cJSON *document = cJSON_ParseWithLength(body.bytes, body.length);

    if (pointer_is_valid(pointer)) {
        pointer_find(document, pointer);
        MUST(pointer[0] != '\0' || pointer_find(document, pointer) == document);
    }
    cJSON_Delete(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);
    struct slice pointer = fuzz_next_line(&arena, &rest), notation = fuzz_next_line(&arena, &rest);
    struct slice body = {arena_copy(&arena, rest), rest.length};

    try_pointer(pointer.bytes, body);
    try_checks(&arena, notation, body);
    return 0;
}
