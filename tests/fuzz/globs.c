/* A pattern makes as many URLs as it says, and what it stands for can be written as a pattern of one. */
#include "fuzz.h"

#include <haul/job/glob.h>

#include <string.h>

static void append_escaped(struct text *pattern, struct slice url)
{
    for (size_t i = 0; i < url.length; i++) {
        if (url.bytes[i] != '\0' && strchr("[]{}\\", url.bytes[i]))
            text_append_byte(pattern, '\\');
        text_append_byte(pattern, url.bytes[i]);
    }
}

static void must_stand_for_itself(struct slice url)
{
    CLEANUP(glob_release) struct glob glob = {0};
    CLEANUP(text_release) struct text pattern = {0}, again = {0}, matches = {0};

    if (slice_contains_byte(url, '\\')) /* takes no meaning away where there is none, and stays */
        return;
    append_escaped(&pattern, url);
    MUST(glob_read(&glob, text_slice(&pattern)) && glob.count == 1);
    glob_write(&glob, 0, &again, &matches);
    MUST(slice_equal(url, text_slice(&again)) && matches.length == 0);
}

static void try_place(const struct glob *glob, uint64_t place)
{
    CLEANUP(text_release) struct text url = {0}, matches = {0};

    glob_write(glob, place, &url, &matches);
    MUST(url.length < 1024 * 1024);
    must_stand_for_itself(text_slice(&url));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(glob_release) struct glob glob = {0};

    if (!glob_read(&glob, fuzz_slice(bytes, size))) {
        MUST(glob.problem && glob.column >= 1 && glob.column <= size + 1);
        return 0;
    }
    MUST(glob.count >= 1 && glob.count <= GLOB_URLS_MAXIMUM);
    try_place(&glob, 0);
    try_place(&glob, glob.count / 2);
    try_place(&glob, glob.count - 1);
    return 0;
}
