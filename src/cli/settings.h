/* settings.h - what the environment and a configuration file say, option by option, as a command line would.
 *
 * haul-config(5) is their manual.  Names come from the option table: the key of "--jobs-per-host" is "jobs-per-host",
 * its variable HAUL_JOBS_PER_HOST.  What is said about the run itself (--help and its group) has neither.
 */
#pragma once

#include "option_table.h"

#include <haul/base/arena.h>
#include <haul/base/error.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_BYTES_MAXIMUM (1024 * 1024)

struct setting {
    const struct option_entry *entry;
    const char *value; /* a flag: "true", "false" or a count; a list: one item of it */
    const char *where; /* "HAUL_JOBS", "'jobs' in 'haul.json'" */
};

/* Starts as all zero; everything is the arena's. */
struct settings {
    struct setting *items;
    size_t count, room;
};

bool setting_is_configurable(const struct option_entry *entry); /* has a key */
bool setting_has_variable(const struct option_entry *entry);
bool setting_is_flag(const struct option_entry *entry); /* takes no argument: true or false */
void setting_append_variable(struct text *text, const struct option_entry *entry);

void settings_add(struct settings *settings, struct arena *arena, struct setting setting);

/* Reads each HAUL_... of `variables`, as in environ(7), NULL included; a list has an item a line.  One that there is
 * not is an ERROR_USAGE that names the nearest. */
int environment_read(char *const *variables, struct arena *arena, struct settings *settings, struct error *error);

/* Reads a file, blocking.  Everything that does not fit is an ERROR_USAGE which names the file and the key. */
int config_read(const char *path, struct arena *arena, struct settings *settings, struct error *error);

/* The file that is read when none is named: $XDG_CONFIG_HOME/haul/haul.json, or below ~/.config; NULL when there is
 * none. */
const char *config_default_path(struct arena *arena);
