/* Lines of a report of ours, the last of which may have been cut: nothing that is not whole is taken for done. */
#include "../../src/input/manifest.h"
#include "fuzz.h"

#include <cjson/cJSON.h>

/* Whatever a whole result says, a piece of it says nothing. */
static void must_be_nothing_when_cut(struct arena *arena, struct slice line)
{
    for (size_t cut = 1; cut <= line.length && cut <= 64; cut++) {
        struct slice piece = {.length = line.length - cut};
        struct manifest_result result;

        piece.bytes = arena_copy(arena, (struct slice){line.bytes, piece.length});
        MUST(!manifest_read_result(piece, &result));
    }
}

static void try_line(struct arena *arena, struct slice line)
{
    struct manifest_result result, again;
    const char *type;
    cJSON *object = manifest_parse_ours(line, &type);
    struct job *job = manifest_job(line, 1, SLICE("report:1"));

    MUST((object != NULL) == manifest_is_ours(line));
    cJSON_Delete(object);
    job_close(job);
    if (!manifest_read_result(line, &result))
        return;
    MUST(job != NULL);
    MUST(manifest_read_result(line, &again) && result.key == again.key && result.done == again.done);
    must_be_nothing_when_cut(arena, slice_trim(line));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct slice rest = fuzz_slice(bytes, size);

    while (rest.length > 0) {
        CLEANUP(arena_release) struct arena arena = {0};

        try_line(&arena, fuzz_next_line(&arena, &rest));
    }
    return 0;
}
