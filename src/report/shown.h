/* shown.h - words of strangers, fit for a terminal.
 *
 * Control characters, bytes that are not UTF-8 and marks that turn the direction of text are written as \xNN.
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

bool shown_as_it_is(uint32_t character); /* it is none of these, nor does it end a line */

void shown_append(struct text *text, struct slice words);

/* Not more than so many columns of it: what is too long loses its middle, "abc...xyz".  Wide characters are two
 * columns, marks that combine none, and only a few of these are kept for each character.  Gives the columns used. */
unsigned shown_append_cut(struct text *text, struct slice words, unsigned columns);

unsigned shown_columns(struct slice words); /* that shown_append_cut would use, had it all the room */

/* Of sentences with escapes that set colours in them, which take none. */
unsigned shown_columns_of_line(struct slice line);
