#include "settings.h"

#include <ctype.h>
#include <string.h>

static bool is_about_configuration(const struct option_entry *entry)
{
    return strcmp(entry->name, "config") == 0 || strcmp(entry->name, "no-config") == 0;
}

bool setting_has_variable(const struct option_entry *entry)
{
    return entry->group != GROUP_HELP;
}

bool setting_is_configurable(const struct option_entry *entry)
{
    return setting_has_variable(entry) && !is_about_configuration(entry);
}

bool setting_is_flag(const struct option_entry *entry)
{
    return entry->argument == NULL;
}

void setting_append_variable(struct text *text, const struct option_entry *entry)
{
    text_append_string(text, "HAUL_");
    for (const char *byte = entry->name; *byte != '\0'; byte++)
        text_append_byte(text, isalnum((unsigned char)*byte) ? (char)toupper((unsigned char)*byte) : '_');
}

void settings_add(struct settings *settings, struct arena *arena, struct setting setting)
{
    if (settings->count == settings->room) {
        struct setting *old = settings->items;

        settings->room = settings->room > 0 ? 2 * settings->room : 8;
        settings->items = arena_allocate(arena, settings->room * sizeof(*old));
        for (size_t i = 0; i < settings->count; i++)
            settings->items[i] = old[i];
    }
    settings->items[settings->count++] = setting;
}
