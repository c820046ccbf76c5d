/* color.h - colours of a terminal, where they are wanted. */
#pragma once

#include <haul/base/text.h>

#include <stdbool.h>

enum color {
    COLOR_RED = 31,
    COLOR_GREEN = 32,
    COLOR_YELLOW = 33,
};

static inline void color_begin(struct text *text, enum color color, bool wanted)
{
    if (wanted)
        text_append_format(text, "\x1b[%dm", color);
}

static inline void color_end(struct text *text, bool wanted)
{
    if (wanted)
        text_append_string(text, "\x1b[0m");
}
