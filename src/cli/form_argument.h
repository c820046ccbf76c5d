/* form_argument.h - how curl writes a field of a form: "value;type=a/b", "@file;filename=x", "@one,two", "<file".
 *
 * Decides; reads no file.
 */
#pragma once

#include <haul/base/arena.h>

#include <stdbool.h>
#include <stddef.h>

#define FORM_HEADERS_MAXIMUM 16

/* One value or file, and what is said of it. */
struct form_word {
    const char *text;
    const char *type, *file_name;              /* NULL: nothing is said */
    const char *headers[FORM_HEADERS_MAXIMUM]; /* "Name: value", "@FILE" */
    size_t header_count;
};

/* Takes one from *rest up to `end` ('\0': all of it) and goes past that; *ret_more: there was an `end`.  Nothing is
 * dropped in silence, as curl does with words it does not know.  NULL, or why not, as a sentence. */
const char *form_word_take(struct arena *arena, const char **rest, char end, struct form_word *ret_word,
                           bool *ret_more);
