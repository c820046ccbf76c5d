/* redact.h - secrets out of what is told: user info in URLs, values of headers that prove who asks. */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>

#define REDACTED SLICE("***")

/* Appends a URL as a user or a server wrote it: user info as "***", control characters and bytes that are not UTF-8
 * percent-encoded. */
void redact_url(struct text *text, struct slice url);

/* True for most URLs: there is nothing to change, so that they need not be copied. */
bool redact_leaves_url(struct slice url);

/* Appends a sentence with the user info of each "scheme://" URL in it as "***"; nothing else is changed. */
void redact_sentence(struct text *text, struct slice sentence);

bool redact_is_secret_header(struct slice name); /* in any case; its value is to be told as REDACTED */
bool redact_is_url_header(struct slice name);    /* its value is a URL */
