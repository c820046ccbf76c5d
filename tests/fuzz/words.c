/* The small notations: statuses, digests, header fields, URLs. */
#include "fuzz.h"

#include <haul/http/url.h>
#include <haul/job/checksum.h>
#include <haul/job/field.h>
#include <haul/job/status_set.h>

#include <string.h>

static void try_statuses(struct slice written)
{
    struct status_set set = {.given = false};

    if (!status_set_parse(written, &set))
        return;
    MUST(set.given);
    for (int status = 0; status < 1000; status++)
        MUST(!status_set_has(&set, status) || (status >= 100 && status <= 599));
}

static void try_checksum(struct slice written)
{
    struct checksum checksum;

    if (!checksum_parse(written, &checksum)) {
        MUST(checksum.algorithm.length == 0 && checksum.hex.length == 0);
        return;
    }
    MUST(checksum_is_hex(checksum.hex) && checksum.hex.length % 2 == 0);
    MUST(checksum.algorithm.length + 1 + checksum.hex.length == written.length);
}

/* What is asked for is what is told, and asking for that asks for the same. */
static void try_url(struct arena *arena, const char *written)
{
    struct http_url url, again;
    const char *problem = NULL;

    if (!http_url_parse(arena, written, &url, &problem)) {
        MUST(problem && problem[0]);
        return;
    }
    MUST(strcmp(url.scheme, "http") == 0 || strcmp(url.scheme, "https") == 0);
    MUST(url.path[0] == '/' && url.host[0] && url.port > 0 && url.port < 65536);
    for (const char *byte = url.text; *byte; byte++)
        MUST(*byte > ' ' && *byte < 0x7f);
    MUST(strchr(url.text, '#') == NULL);
    MUST(http_url_parse(arena, url.text, &again, &problem));
    MUST(strcmp(url.text, again.text) == 0 && strcmp(url.origin, again.origin) == 0 && !again.user);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);
    struct slice word = fuzz_next_line(&arena, &rest);

    try_statuses(word);
    try_checksum(word);
    MUST(!field_is_token(word) || (word.length > 0 && field_is_value(word)));
    MUST(!field_is_value(word) || !slice_contains_byte(word, '\0'));
    if (!slice_contains_byte(word, '\0'))
        try_url(&arena, word.bytes);
    return 0;
}
