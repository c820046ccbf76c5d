/* utf8.h - text from strangers, one code point at a time.
 *
 * Strict as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

/* The length (1 to 4) and the code point of the sequence at the start; 0 when there is no valid one. */
size_t utf8_decode(struct slice slice, uint32_t *ret_code_point);

bool utf8_is_valid(struct slice slice); /* all of it; so is nothing */

/* The longest beginning of at most `maximum` bytes that splits no sequence. */
struct slice utf8_cut(struct slice slice, size_t maximum);
