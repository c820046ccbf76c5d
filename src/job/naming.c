#include "safe.h"

#include <haul/job/naming.h>

static const char *safe_name(struct arena *arena, struct slice name)
{
    CLEANUP(text_release) struct text safe = {0};

    safe_append(&safe, name);
    return arena_copy(arena, text_slice(&safe));
}

const char *naming_from_url_path(struct arena *arena, struct slice path)
{
    CLEANUP(text_release) struct text decoded = {0};
    struct slice folder, segment;

    slice_cut_last(path, '/', &folder, &segment);
    safe_append_percent_decoded(&decoded, segment);
    return safe_name(arena, decoded.length > 0 ? text_slice(&decoded) : SAFE_FOLDER_NAME);
}

/* "C:name" lies in another place where drives have letters. */
static struct slice without_drive(struct slice name)
{
    while (name.length >= 2 && name.bytes[1] == ':' && (name.bytes[0] | 0x20) >= 'a' && (name.bytes[0] | 0x20) <= 'z')
        name = slice_trim(slice_from(name, 2));
    return name;
}

/* Names that are devices where the file may be copied to, with any extension. */
static bool is_reserved(struct slice name)
{
    static const struct slice devices[] = {SLICE("CON"), SLICE("PRN"), SLICE("AUX"), SLICE("NUL")};
    struct slice stem, rest;

    slice_cut(name, '.', &stem, &rest);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (slice_equal_ignoring_case(stem, devices[i]))
            return true;
    if (stem.length != 4 || stem.bytes[3] < '0' || stem.bytes[3] > '9')
        return false;
    stem.length = 3;
    return slice_equal_ignoring_case(stem, SLICE("COM")) || slice_equal_ignoring_case(stem, SLICE("LPT"));
}

const char *naming_reason_name(enum naming_reason reason)
{
    static const char *const names[] = {NULL,
#define X(name, text) text,
                                        NAMING_REASONS(X)
#undef X
    };

    return names[reason];
}

/* `base` is behind the folders, `kept` behind the drive, `safe` what became of it. */
static enum naming_reason reason_of(struct slice suggestion, struct slice base, struct slice kept, struct slice safe)
{
    if (base.length < suggestion.length)
        return NAMING_FOLDERS;
    if (kept.length < slice_trim(base).length)
        return NAMING_DRIVE;
    if (is_reserved(kept))
        return NAMING_DEVICE;
    if (kept.bytes[0] == '.' || kept.bytes[0] == '-')
        return NAMING_BEGINNING;
    if (kept.length > NAMING_MAXIMUM)
        return NAMING_LENGTH;
    if (!slice_equal(safe, kept))
        return NAMING_CHARACTERS;
    return kept.length < base.length ? NAMING_WHITE_SPACE : NAMING_AS_SUGGESTED;
}

const char *naming_from_server(struct arena *arena, struct slice suggestion, enum naming_reason *ret_reason)
{
    CLEANUP(text_release) struct text name = {0};
    struct slice folder, base, kept;
    const char *safe;

    slice_cut_last(suggestion, '/', &folder, &base);
    slice_cut_last(base, '\\', &folder, &base);
    kept = without_drive(slice_trim(base));
    if (kept.length == 0)
        return NULL;
    if (is_reserved(kept))
        text_append_byte(&name, SAFE_REPLACEMENT);
    text_append(&name, kept);
    safe = safe_name(arena, text_slice(&name));
    *ret_reason = reason_of(suggestion, base, kept, slice_of(safe));
    return safe;
}

const char *naming_problem(struct slice name)
{
    struct slice component, rest = name;
    bool more = true;

    if (slice_starts_with(name, SLICE("/")))
        return "the name is absolute";
    if (slice_has_control_character(name))
        return "the name has a control character in it";
    while (more) {
        more = slice_cut(rest, '/', &component, &rest);
        if (component.length == 0)
            return name.length > 0 ? "the name has an empty component" : "the name is empty";
        if (component.length > NAMING_USER_MAXIMUM)
            return "the name has a component that is too long";
        if (slice_equal(component, SLICE("..")))
            return "the name has '..' in it";
    }
    return slice_equal(component, SLICE(".")) ? "the name is that of a folder" : NULL;
}

const char *naming_numbered(struct arena *arena, struct slice name, unsigned n)
{
    return arena_format(arena, SLICE_FORMAT ".%u", SLICE_ARGUMENT(name), n);
}
