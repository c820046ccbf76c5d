/* form.h - a form with files, multipart/form-data (RFC 7578), as curl writes it. */
#pragma once

#include <haul/cli/options.h>

struct form;

/* NAME=VALUE, NAME=@FILE, NAME=<FILE: haul(1), --form.  Both make the form when it is the first field, and give NULL or
 * what is wrong, as a sentence. */
const char *form_add(struct options *options, const char *argument);
const char *form_add_string(struct options *options, const char *argument); /* nothing in VALUE has a meaning */

/* When all fields are there: the content is the arena's. */
void form_complete(struct form *form, struct arena *arena, struct http_content *ret_content);
