#include "settings.h"

#include <haul/base/memory.h>

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAXIMUM 200 /* bytes of a key in a sentence */

struct config {
    const char *path;
    struct arena *arena;
    struct settings *settings;
    struct error *error;
};

CLEANUP_FUNCTION(cJSON_Delete, cJSON *)

static int refuse_file(const struct config *config, const char *problem)
{
    return fail(config->error, ERROR_USAGE, 0, "cannot read the configuration '%s': %s", config->path, problem);
}

static int read_all(const struct config *config, int descriptor, struct text *bytes)
{
    for (;;) {
        ssize_t count;

        text_reserve(bytes, 4096);
        count = read(descriptor, bytes->bytes + bytes->length, 4096);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return refuse_file(config, strerror(errno));
        if (count == 0)
            return 0;
        bytes->length += (size_t)count;
        if (bytes->length > CONFIG_BYTES_MAXIMUM)
            return refuse_file(config, "it is above 1 MiB");
    }
}

static int read_file(const struct config *config, struct text *bytes)
{
    int descriptor = open(config->path, O_RDONLY | O_CLOEXEC), result;

    if (descriptor < 0)
        return refuse_file(config, strerror(errno));
    result = read_all(config, descriptor, bytes);
    close(descriptor);
    return result;
}

static int refuse_syntax(const struct config *config, struct slice bytes, const char *end)
{
    unsigned line = 1;

    for (const char *byte = bytes.bytes; byte < end; byte++)
        line += *byte == '\n';
    return fail(config->error, ERROR_USAGE, 0, "cannot read the configuration '%s': line %u is not valid JSON",
                config->path, line);
}

static int refuse_key(const struct config *config, const char *key)
{
    const struct option_entry *nearest = option_nearest(slice_of(key));

    if (nearest && setting_is_configurable(nearest))
        return fail(config->error, ERROR_USAGE, 0, "unknown key '%.*s' in '%s', did you mean '%s'?", SHOWN_MAXIMUM, key,
                    config->path, nearest->name);
    return fail(config->error, ERROR_USAGE, 0, "unknown key '%.*s' in '%s', see haul-config(5)", SHOWN_MAXIMUM, key,
                config->path);
}

static int refuse_kind(const struct config *config, const struct option_entry *entry)
{
    const char *kind = "a string";

    if (setting_is_flag(entry))
        kind = entry->type == OPTION_COUNT ? "true, false or a number" : "true or false";
    else if (option_has_limits(entry))
        kind = "a number or a string";
    else if (option_is_list(entry))
        kind = "a string or an array of strings";
    return fail(config->error, ERROR_USAGE, 0, "'%s' in '%s' must be %s", entry->name, config->path, kind);
}

static bool fits(const struct option_entry *entry, const cJSON *value)
{
    if (setting_is_flag(entry))
        return cJSON_IsBool(value) || (entry->type == OPTION_COUNT && cJSON_IsNumber(value));
    return cJSON_IsString(value) || (option_has_limits(entry) && cJSON_IsNumber(value));
}

static const char *as_written(struct arena *arena, const cJSON *value)
{
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    if (cJSON_IsNumber(value))
        return arena_format(arena, "%.15g", value->valuedouble);
    return arena_copy_string(arena, value->valuestring);
}

static int take_value(const struct config *config, const struct option_entry *entry, const cJSON *value)
{
    if (!fits(entry, value))
        return refuse_kind(config, entry);
    settings_add(config->settings, config->arena,
                 (struct setting){
                     .entry = entry,
                     .value = as_written(config->arena, value),
                     .where = arena_format(config->arena, "'%s' in '%s'", entry->name, config->path),
                 });
    return 0;
}

static int take_array(const struct config *config, const struct option_entry *entry, const cJSON *array)
{
    int result = 0;

    for (const cJSON *item = array->child; item && result == 0; item = item->next)
        result = take_value(config, entry, item);
    return result;
}

static bool stands_twice(const cJSON *member)
{
    for (const cJSON *other = member->next; other; other = other->next)
        if (strcmp(other->string, member->string) == 0)
            return true;
    return false;
}

static int take_member(const struct config *config, const cJSON *member)
{
    const struct option_entry *entry = option_find(slice_of(member->string));

    if (strcmp(member->string, "$schema") == 0) /* for editors */
        return 0;
    if (!entry || !setting_is_configurable(entry))
        return refuse_key(config, member->string);
    if (stands_twice(member))
        return fail(config->error, ERROR_USAGE, 0, "'%s' stands twice in '%s'", entry->name, config->path);
    if (option_is_list(entry) && cJSON_IsArray(member))
        return take_array(config, entry, member);
    return take_value(config, entry, member);
}

int config_read(const char *path, struct arena *arena, struct settings *settings, struct error *error)
{
    struct config config = {path, arena, settings, error};
    CLEANUP(text_release) struct text bytes = {0};
    const char *end = NULL;
    int result = read_file(&config, &bytes);

    if (result < 0)
        return result;
    text_append_byte(&bytes, '\0'); /* cJSON wants one to know that nothing follows */

    CLEANUP(cJSON_Delete) cJSON *json = cJSON_ParseWithLengthOpts(bytes.bytes, bytes.length, &end, true);

    if (!json)
        return refuse_syntax(&config, text_slice(&bytes), end);
    if (!cJSON_IsObject(json))
        return refuse_file(&config, "it is not a JSON object");
    for (const cJSON *member = json->child; member && result == 0; member = member->next)
        result = take_member(&config, member);
    return result;
}

const char *config_default_path(struct arena *arena)
{
    const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME"), *path;

    if (folder && folder[0] == '/')
        path = arena_format(arena, "%s/haul/haul.json", folder);
    else if (home && home[0] == '/')
        path = arena_format(arena, "%s/.config/haul/haul.json", home);
    else
        return NULL;
    return access(path, F_OK) == 0 ? path : NULL;
}
