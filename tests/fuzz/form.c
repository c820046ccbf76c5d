/* What is written of a field of a form. */
#include "fuzz.h"

#include "../../src/cli/form_argument.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *written = arena_copy(&arena, fuzz_slice(bytes, size)), *rest = written;
    struct form_word word;
    bool more = true;

    while (more && !form_word_take(&arena, &rest, ',', &word, &more)) {
        MUST(rest >= written && rest <= written + strlen(written) && word.text);
        MUST(word.header_count <= FORM_HEADERS_MAXIMUM);
        MUST(!word.type || strchr(word.type, '/'));
        MUST(more ? rest[-1] == ',' : *rest == '\0');
    }
    return 0;
}
