/* parser.h - options as they are read: each into its place, then what they mean together.
 *
 * What refuses gives a negative number and an ERROR_USAGE that names the option and where it was said.
 */
#pragma once

#include "settings.h"

#include <haul/cli/options.h>

#include <stdbool.h>
#include <stddef.h>

#define SHOWN_MAXIMUM 200 /* bytes of an argument in a sentence */

struct option;

struct parser {
    int argc;
    struct options *options;
    struct error *error;
    size_t url_count;        /* arguments */
    uint64_t urls_asked;     /* what they stand for, by complete.c; no more than UINT64_MAX */
    const char *where;       /* what is read now: of struct setting, NULL for the command line */
    size_t list_room;        /* the most that a list can get from what is read now */
    struct setting *carried; /* of all sources, in their order: OPTION_CARRIED */
    size_t carried_count, carried_room;
    size_t *given;     /* for each entry of the table: how often, in what is read now */
    const char **told; /* for each entry: where it was said last; "" on the command line, NULL nowhere */
    const struct option *long_options;
    const char *short_options;
};

/* store.c: an argument, which must last, or what the environment or a file says of a flag: "true", "false", a count. */
int parser_store(struct parser *parser, const struct option_entry *entry, const char *argument);
int parser_store_flag(struct parser *parser, const struct option_entry *entry, const char *value);

void parser_add_url(struct parser *parser, const char *url);

/* What `carry` of the table does, when all that counts is known. */
int parser_store_carried(struct parser *parser);

int parser_refuse(struct parser *parser, const struct option_entry *entry, const char *argument, const char *problem);

/* complete.c: do they go together?  And what follows from them. */
int parser_complete(struct parser *parser);
