/* safe.h - what strangers say, fit to be a component of a file's name: see naming.h. */
#pragma once

#include <haul/base/text.h>

#define SAFE_REPLACEMENT '_'
#define SAFE_FOLDER_NAME SLICE("index.html")

void safe_append(struct text *text, struct slice name);
void safe_append_shortened(struct text *text, struct slice name);          /* it is safe already, and may be too long */
void safe_append_percent_decoded(struct text *text, struct slice encoded); /* a '%' that starts no escape stays */

struct slice safe_extension(struct slice name); /* with its dot; empty when the name has none */
