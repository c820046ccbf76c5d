#include "nearest.h"
#include "settings.h"

#define SHOWN_MAXIMUM 200 /* bytes of a name in a sentence */

static bool is_variable_of(const struct option_entry *entry, struct slice name)
{
    CLEANUP(text_release) struct text variable = {0};

    setting_append_variable(&variable, entry);
    return slice_equal(text_slice(&variable), name);
}

static const struct option_entry *find(struct slice name)
{
    for (const struct option_entry *entry = option_table; entry->name; entry++)
        if (setting_has_variable(entry) && is_variable_of(entry, name))
            return entry;
    return NULL;
}

static size_t distance_to(const struct option_entry *entry, struct slice name)
{
    CLEANUP(text_release) struct text variable = {0};

    setting_append_variable(&variable, entry);
    return nearest_distance(text_slice(&variable), name);
}

static int refuse_unknown(struct slice name, struct error *error)
{
    CLEANUP(text_release) struct text variable = {0};
    const struct option_entry *nearest = NULL;
    size_t least = nearest_distance_maximum(name) + 1;
    int shown = name.length < SHOWN_MAXIMUM ? (int)name.length : SHOWN_MAXIMUM;

    for (const struct option_entry *entry = option_table; entry->name; entry++) {
        if (!setting_has_variable(entry) || name.length > NEAREST_LENGTH_MAXIMUM)
            continue;
        if (distance_to(entry, name) < least) {
            least = distance_to(entry, name);
            nearest = entry;
        }
    }
    if (!nearest)
        return fail(error, ERROR_USAGE, 0, "unknown variable '%.*s' in the environment, see haul-config(5)", shown,
                    name.bytes);
    setting_append_variable(&variable, nearest);
    return fail(error, ERROR_USAGE, 0, "unknown variable '%.*s' in the environment, did you mean '%s'?", shown,
                name.bytes, variable.bytes);
}

static void add_lines(struct settings *settings, struct arena *arena, struct setting setting, struct slice rest)
{
    struct slice line;

    while (rest.length > 0) {
        slice_cut(rest, '\n', &line, &rest);
        setting.value = arena_copy(arena, line);
        if (line.length > 0)
            settings_add(settings, arena, setting);
    }
}

static int read_variable(struct slice name, struct slice value, struct arena *arena, struct settings *settings,
                         struct error *error)
{
    struct setting setting = {find(name), arena_copy(arena, value), arena_copy(arena, name)};

    if (!setting.entry)
        return refuse_unknown(name, error);
    if (option_is_list(setting.entry))
        add_lines(settings, arena, setting, value);
    else
        settings_add(settings, arena, setting);
    return 0;
}

int environment_read(char *const *variables, struct arena *arena, struct settings *settings, struct error *error)
{
    int result = 0;

    for (; variables && *variables && result == 0; variables++) {
        struct slice name, value;

        slice_cut(slice_of(*variables), '=', &name, &value);
        if (slice_starts_with(name, SLICE("HAUL_")))
            result = read_variable(name, value, arena, settings, error);
    }
    return result;
}
