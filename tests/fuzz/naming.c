/* A line with Content-Disposition, one with the path of a URL, one with a template: whatever they say, a name is safe.
 */
#include "fuzz.h"

#include <haul/base/utf8.h>
#include <haul/job/disposition.h>
#include <haul/job/naming.h>

#include <string.h>

static bool has_control_character(struct slice name)
{
    return slice_has_control_character(name) || slice_contains_byte(name, '\0');
}

/* One component, as naming.h promises. */
static void must_be_safe(const char *name)
{
    struct slice slice = slice_of(name);

    MUST(slice.length > 0 && slice.length <= NAMING_MAXIMUM);
    MUST(name[0] != '.' && name[0] != '-');
    MUST(!slice_contains_byte(slice, '/') && !slice_contains_byte(slice, '\\'));
    MUST(!has_control_character(slice));
    MUST(utf8_is_valid(slice));
}

/* What is safe is not changed any more. */
static void must_stay(struct arena *arena, const char *name)
{
    struct slice trimmed = slice_trim(slice_of(name));
    enum naming_reason reason;
    const char *again = naming_from_server(arena, trimmed, &reason);

    MUST(again && slice_equal(slice_of(again), trimmed) && reason == NAMING_AS_SUGGESTED);
}

static void try_server(struct arena *arena, struct slice header)
{
    enum naming_reason reason;
    const char *from_header = disposition_name(arena, header, &reason);
    const char *plain = naming_from_server(arena, header, &reason);

    if (from_header)
        must_be_safe(from_header);
    if (plain) {
        must_be_safe(plain);
        MUST(slice_equal(slice_of(plain), header) == (reason == NAMING_AS_SUGGESTED));
        must_stay(arena, plain);
    }
}

static void try_template(struct arena *arena, struct slice template, const struct naming_fields *fields)
{
    const char *name;

    if (naming_template_problem(arena, template))
        return;
    name = naming_from_template(arena, template, fields);
    MUST(naming_problem(slice_of(name)) == NULL);
}

static void try_user(struct arena *arena, struct slice name)
{
    const char *numbered;

    if (naming_problem(name))
        return;
    MUST(name.length > 0 && name.bytes[0] != '/' && !has_control_character(name));
    numbered = naming_numbered(arena, name, 1);
    MUST(naming_problem(slice_of(numbered)) == NULL || name.length >= NAMING_USER_MAXIMUM - 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);
    struct slice header = fuzz_next_line(&arena, &rest), path = fuzz_next_line(&arena, &rest);
    struct slice template = fuzz_next_line(&arena, &rest);
    struct naming_fields fields = {
        .name = header, .host = path, .path = path, .index = size, .tag = rest, .matches = rest};

    try_server(&arena, header);
    must_be_safe(naming_from_url_path(&arena, path));
    try_user(&arena, path);
    try_template(&arena, template, &fields);
    return 0;
}
