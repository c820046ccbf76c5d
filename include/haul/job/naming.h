/* naming.h - which name a body gets.  Decides; touches no disk.
 *
 * A name made from what a server or a URL says is one path component: never empty, "." or "..", valid UTF-8 without
 * '/', '\', control characters, NUL or marks that turn the direction of text, no leading '.' or '-', at most
 * NAMING_MAXIMUM bytes, of which a short extension is kept.  What may not stay becomes '_'.  A name that the user wrote
 * may have folders in it but never leaves the output folder.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/slice.h>

#include <stdint.h>

#define NAMING_MAXIMUM      240 /* of the 255 bytes file systems take: ".part" and ".12345" must still fit */
#define NAMING_USER_MAXIMUM 250 /* for a component that the user wrote: ".part" must still fit */

/* The last segment of a URL's path (no query), percent-decoded and made safe; "index.html" when there is none. */
const char *naming_from_url_path(struct arena *arena, struct slice path);

/* Why a name is not what a server suggested: the first of these that holds, as the record tells it. */
#define NAMING_REASONS(X)                                                                                              \
    X(FOLDERS, "folders")         /* it led somewhere */                                                               \
    X(DRIVE, "drive")             /* a letter and a colon stood before it */                                           \
    X(DEVICE, "device")           /* it is that of one elsewhere */                                                    \
    X(BEGINNING, "beginning")     /* a dot or a dash */                                                                \
    X(LENGTH, "length")           /* too long */                                                                       \
    X(CHARACTERS, "characters")   /* some that may not stand in one, or what is no UTF-8 */                            \
    X(WHITE_SPACE, "white-space") /* around it */

enum naming_reason {
    NAMING_AS_SUGGESTED,
#define X(name, text) NAMING_##name,
    NAMING_REASONS(X)
#undef X
};

const char *naming_reason_name(enum naming_reason reason); /* NULL: as suggested */

/* The name that a server suggests (disposition.h), decoded already: what is behind its last '/' or '\' and the letter
 * of a drive, made safe; the name of a device elsewhere (CON, NUL.txt) gets a '_' before it.  NULL when that is
 * nothing. */
const char *naming_from_server(struct arena *arena, struct slice suggestion, enum naming_reason *ret_reason);

/* Why this name, written by a user or a list, may not be used: absolute, a ".." or empty component, a last component
 * ".", a control character, a component above NAMING_USER_MAXIMUM.  A sentence; NULL when the name is fine. */
const char *naming_problem(struct slice name);

/* What a template's fields stand for.  Values are made safe when they are filled in: only {path} and the template's own
 * text bring folders. */
struct naming_fields {
    struct slice name;    /* {name} and, its last extension with the dot, {ext} */
    struct slice host;    /* {host}: without port; ':' becomes '_' */
    struct slice path;    /* {path}: the URL's path without its first '/', percent-decoded and made safe by component; a
                             path that ends in '/' gets "index.html" */
    uint64_t index;       /* {index} */
    struct slice tag;     /* {tag} */
    struct slice matches; /* #1, #2 ...: each behind a newline; a number without one stays as it is */
};

/* NULL when every {field} of the template is known and the rest is a name without a problem; else what is wrong, as a
 * sentence. */
const char *naming_template_problem(struct arena *arena, struct slice template);

/* Fills a template that has no problem.  "{{" and "}}" stand for single braces.  Whatever the fields hold, the name has
 * no problem either: components that come out empty are dropped, "." and ".." become "_", long ones are cut. */
const char *naming_from_template(struct arena *arena, struct slice template, const struct naming_fields *fields);

/* The name for the nth (>= 1) of several with one name: "name.n". */
const char *naming_numbered(struct arena *arena, struct slice name, unsigned n);
