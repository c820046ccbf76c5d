#include "reading.h"

#define KEY_SHOWN_MAXIMUM 60

void reading_release(struct reading *reading)
{
    text_release(&reading->problem);
    text_release(&reading->headers);
    text_release(&reading->mirrors);
    text_release(&reading->data);
    text_release(&reading->checks);
}

void reading_refuse(struct reading *reading, const char *key, const char *why)
{
    if (reading->problem.length == 0)
        text_append_format(&reading->problem, "'%.*s' %s", KEY_SHOWN_MAXIMUM, key, why);
}

void reading_take_string(struct reading *reading, const cJSON *item, struct slice *place)
{
    if (cJSON_IsString(item))
        *place = slice_of(item->valuestring);
    else
        reading_refuse(reading, item->string, "is not a string");
}

void reading_take_word(struct reading *reading, const cJSON *item, struct slice *place)
{
    reading_take_string(reading, item, place);
    if (!slice_has_control_character(*place))
        return;
    *place = (struct slice){.length = 0};
    reading_refuse(reading, item->string, "has a control character in it");
}
