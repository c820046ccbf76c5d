/* naming.h - which name a body gets.  Decides; touches no disk.
 *
 * A name made from what a server or a URL says is one path component: never empty, "." or "..", no '/' or NUL, no
 * control character, no leading '.' or '-' , at most NAMING_MAXIMUM bytes.  A name that the user wrote may have
 * folders in it but never leaves the output folder.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

#define NAMING_MAXIMUM 240 /* of the 255 bytes file systems take: ".part" and ".12345" must still fit */

/* The last segment of a URL's path (no query), percent-decoded and made safe; "index.html" when there is none. */
const char *naming_from_url_path(struct arena *arena, struct slice path);

/* Why this name, written by a user or a list, may not be used: absolute, a ".." or empty component, a control
 * character, a component above 255 bytes less ".part".  NULL when it is fine. */
const char *naming_problem(struct slice name);

/* What a template's fields stand for. */
struct naming_fields {
    struct slice name; /* {name} and, its last extension with the dot, {ext} */
    struct slice host; /* {host}: without port; ':' becomes '_' */
    struct slice path; /* {path}: the URL's path without its first '/', percent-decoded and made safe by component; a
                          path that ends in '/' gets "index.html" */
    uint64_t index;    /* {index} */
    struct slice tag;  /* {tag} */
};

/* NULL when every {field} of the template is known; else which is not, as a sentence. */
const char *naming_template_problem(struct arena *arena, struct slice template);

/* Fills a template.  "{{" and "}}" stand for single braces. */
const char *naming_from_template(struct arena *arena, struct slice template, const struct naming_fields *fields);

/* The name for the nth (>= 1) of several with one name: "name.n". */
const char *naming_numbered(struct arena *arena, struct slice name, unsigned n);
