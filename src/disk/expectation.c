#include "expectation.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void expectation_init(struct expectation *expectation, const char *source, const char *algorithm, const char *hex,
                      const char *computed_anyway)
{
    *expectation = (struct expectation){
        .source = source ? memory_copy_string(source) : NULL,
        .algorithm = memory_copy_string(algorithm),
        .hex = memory_copy_string(hex),
    };
    if (!computed_anyway || strcasecmp(computed_anyway, algorithm) != 0)
        expectation->digest = digest_open(algorithm);
}

void expectation_release(struct expectation *expectation)
{
    digest_close(expectation->digest);
    free(expectation->source);
    free(expectation->algorithm);
    free(expectation->hex);
}

bool expectation_finish(struct expectation *expectation, const char *own)
{
    if (expectation->digest)
        digest_finish(expectation->digest, expectation->actual);
    else
        memcpy(expectation->actual, own, strlen(own) + 1);
    return strcasecmp(expectation->actual, expectation->hex) == 0;
}
