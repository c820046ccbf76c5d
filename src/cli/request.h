/* request.h - the options that say what requests carry: content, headers, credentials.  Each function returns NULL, or
 * what is wrong with the argument as a sentence. */
#pragma once

#include <haul/cli/options.h>

#define CONTENT_MAXIMUM     (256 * 1024 * 1024) /* bytes of a file */
#define COOKIE_FILE_MAXIMUM (4 * 1024 * 1024)
#define HEADER_FILE_MAXIMUM (64 * 1024)
#define SECRET_FILE_MAXIMUM (4 * 1024)

/* Content; several are joined as curl does. */
const char *request_add_data(struct options *options, const char *argument);   /* "@FILE" without its line ends; '&' */
const char *request_add_raw(struct options *options, const char *argument);    /* never a file; '&' */
const char *request_add_binary(struct options *options, const char *argument); /* "@FILE" as it is; '&' */
const char *request_add_json(struct options *options, const char *argument);   /* "@FILE" as it is; nothing between */

const char *request_set_upload(struct options *options, const char *argument); /* a file to PUT, or "-" */

/* "Name: value", or "@FILE" with one on each line. */
const char *request_add_header(struct options *options, const char *argument);

const char *request_set_user(struct options *options, const char *argument);   /* "USER:PASSWORD" or "@FILE" */
const char *request_set_bearer(struct options *options, const char *argument); /* a token or "@FILE" */
/* "NAME=VALUE", or the name of a file of cookies, which may be missing when it is to be written. */
const char *request_add_cookies(struct options *options, const char *argument);

bool request_has_header(const struct options *options, struct slice name);

const char *request_set_referer(struct options *options, const char *argument);

/* How many of --data and its like, --form and --upload-file are asked for: there can be one. */
unsigned request_content_kinds(const struct options *options);

/* When all options are known. */
void request_complete(struct options *options);
