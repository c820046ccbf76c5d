/* What is asked of the option table. */
#include "foreign.h"
#include "nearest.h"
#include "option_table.h"
#include "value.h"

#include <inttypes.h>

const char *option_group_title(enum option_group group)
{
    static const char *const TITLES[] = {
#define X(name, word, title) title,
        OPTION_GROUPS(X)
#undef X
    };

    return TITLES[group];
}

const char *const option_topics[] = {
#define X(name, word, title) word,
    OPTION_GROUPS(X)
#undef X
        "all",
    NULL,
};

const struct option_entry *option_find(struct slice name)
{
    EACH_OPTION(entry)
    if (slice_equal(slice_of(entry->name), name))
        return entry;
    return NULL;
}

const struct option_entry *option_find_letter(char letter)
{
    EACH_OPTION(entry)
    if (letter != '\0' && entry->letter == letter)
        return entry;
    return NULL;
}

const struct option_entry *option_nearest(struct slice name)
{
    const char *ours = foreign_name(name);
    const struct option_entry *nearest = ours ? option_find(slice_of(ours)) : NULL;
    size_t least = nearest_distance_maximum(name) + 1;

    if (nearest || name.length > NEAREST_LENGTH_MAXIMUM)
        return nearest;
    EACH_OPTION(entry)
    {
        size_t distance = nearest_distance(slice_of(entry->name), name);

        if (distance < least) {
            least = distance;
            nearest = entry;
        }
    }
    return nearest;
}

bool option_is_list(const struct option_entry *entry)
{
    return entry->type == OPTION_LIST || entry->several;
}

bool option_has_limits(const struct option_entry *entry)
{
    return entry->type == OPTION_NUMBER || entry->type == OPTION_DURATION || entry->type == OPTION_SIZE;
}

static void append_value(struct text *text, enum option_type type, int64_t value)
{
    if (type == OPTION_DURATION)
        value_append_duration(text, value);
    else if (type == OPTION_SIZE)
        value_append_size(text, value);
    else
        text_append_format(text, "%" PRId64, value);
}

void option_append_limits(struct text *text, const struct option_entry *entry)
{
    append_value(text, entry->type, entry->minimum);
    text_append_string(text, " to ");
    append_value(text, entry->type, entry->maximum);
}
