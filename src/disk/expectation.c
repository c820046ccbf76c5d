#include "expectation.h"

#include <haul/base/memory.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define PIECE (256 * 1024)

void expectations_add(struct expectations *expectations, const char *source, const char *algorithm, const char *hex,
                      const char *computed_anyway)
{
    struct expectation *expectation = &expectations->items[expectations->count];

    if (expectations->count == OUTPUT_EXPECTATIONS_MAXIMUM)
        return;
    expectations->count++;
    *expectation = (struct expectation){
        .source = source ? memory_copy_string(source) : NULL,
        .algorithm = memory_copy_string(algorithm),
        .hex = memory_copy_string(hex),
    };
    if (!computed_anyway || strcasecmp(computed_anyway, algorithm) != 0)
        expectation->digest = digest_open(algorithm);
}

static void release(struct expectation *expectation)
{
    digest_close(expectation->digest);
    free(expectation->source);
    free(expectation->algorithm);
    free(expectation->hex);
}

void expectations_forget_told(struct expectations *expectations)
{
    unsigned count = 0;

    for (unsigned i = 0; i < expectations->count; i++) {
        if (expectations->items[i].source)
            release(&expectations->items[i]);
        else
            expectations->items[count++] = expectations->items[i];
    }
    expectations->count = count;
}

void expectations_release(struct expectations *expectations)
{
    for (unsigned i = 0; i < expectations->count; i++)
        release(&expectations->items[i]);
    expectations->count = 0;
}

void expectations_add_bytes(struct expectations *expectations, struct slice bytes)
{
    for (unsigned i = 0; i < expectations->count; i++)
        if (expectations->items[i].digest)
            digest_add(expectations->items[i].digest, bytes);
}

int expectations_read(struct expectations *expectations, struct digest *own, int fd, int64_t size,
                      const struct co_token *token)
{
    char *piece = memory_allocate(PIECE);
    int result = 0;

    while (size > 0 && result == 0) {
        ssize_t count = co_token_cancelled(token) ? 0 : read(fd, piece, size < PIECE ? (size_t)size : PIECE);

        if (count > 0) {
            if (own)
                digest_add(own, (struct slice){piece, (size_t)count});
            expectations_add_bytes(expectations, (struct slice){piece, (size_t)count});
            size -= count;
        } else {
            result = co_token_cancelled(token) ? -ECANCELED : count < 0 ? -errno : -EIO;
        }
    }
    free(piece);
    return result;
}

void expectations_restart(struct expectations *expectations)
{
    for (unsigned i = 0; i < expectations->count; i++)
        if (expectations->items[i].digest)
            digest_restart(expectations->items[i].digest);
}

static bool is_met(struct expectation *expectation, const char *own)
{
    if (expectation->digest)
        digest_finish(expectation->digest, expectation->actual);
    else
        memcpy(expectation->actual, own, strlen(own) + 1);
    return strcasecmp(expectation->actual, expectation->hex) == 0;
}

const struct expectation *expectations_finish(struct expectations *expectations, const char *own)
{
    const struct expectation *first = NULL;

    for (unsigned i = 0; i < expectations->count; i++)
        if (!is_met(&expectations->items[i], own) && !first)
            first = &expectations->items[i];
    return first;
}

bool expectations_told(const struct expectations *expectations, unsigned number, struct output_told *ret_told)
{
    for (unsigned i = 0; i < expectations->count; i++) {
        const struct expectation *expectation = &expectations->items[i];

        if (!expectation->source || number-- > 0)
            continue;
        *ret_told = (struct output_told){expectation->source, expectation->algorithm, expectation->hex,
                                         expectation->actual[0] ? expectation->actual : NULL};
        return true;
    }
    return false;
}
