/* options.h - what command line, environment and configuration ask for, as ready-made settings of the rooms.
 *
 *     CLEANUP(options_release) struct options options = {0};
 *
 *     if (options_parse(argc, argv, &options, &error) < 0)
 *         ...
 *
 * haul(1) is the manual of the options; src/cli/option_table.c is the one place where they are defined.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/error.h>
#include <haul/base/text.h>
#include <haul/batch/batch.h>
#include <haul/http/client.h>
#include <haul/input/input.h>
#include <haul/report/report.h>

#include <stdbool.h>

struct options {
    bool help, version;     /* asked for instead of a run (print.h) */
    const char *help_topic; /* a group of options, "all", or NULL */
    const char *generate;   /* "man", or NULL */

    const char *config; /* the file that was named, or NULL */
    bool no_config;
    const char *const *sources; /* a sentence for each option that the command line left to another; NULL ends them */

    const char *warning; /* for the one who runs it, or NULL */

    struct input_options input; /* neither list is NULL */
    struct http_client_options http;
    struct batch_options batch;
    struct report_options report;
    const char *output_dir;
    const char *cookie_jar; /* where the cookies go in the end, or NULL */
    const char *cache;      /* a file, or NULL */
    bool netrc, netrc_optional;
    const char *netrc_file; /* or NULL */
    const char *resume;     /* a report, or NULL */

    /* Content of the requests, of which batch.content tells when there is any. */
    bool has_content, content_is_json;
    struct text content_bytes;
    struct http_content content;
    struct form *form;       /* of --form, or NULL */
    struct http_part upload; /* of --upload-file */
    const char *upload_file; /* or NULL */
    size_t header_count, cookie_line_count;

    struct option_secret { /* a piece of argv, for options_hide_secrets */
        char *bytes;
        size_t length;
    } * secrets;
    size_t secret_count;

    bool show_errors; /* -S: sentences in spite of -s */
    struct arena arena;
};

/* Reads the environment and, blocking, the configuration file too: haul-config(5).  Strings are those of argv or of
 * the options' own; argv must outlive them.  Every failure is ERROR_USAGE and names
 * what it is about.  Uses getopt_long(3), so one thread at a time. */
int options_parse(int argc, char **argv, struct options *options, struct error *error);
/* Overwrites them in argv, which every user of the machine can read. */
void options_hide_secrets(struct options *options);

void options_release(struct options *options); /* also after a failed parse */
CLEANUP_VALUE(options_release, struct options)
