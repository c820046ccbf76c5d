/* redirect.h - where a redirect leads and what may come along (RFC 9110, 15.4).  Decides; asks nobody. */
#pragma once

#include <haul/http/url.h>

#include <stdbool.h>

/* A status that, with a Location, means "ask there". */
bool redirect_is(int response_code);

/* The method of the next question: 303 turns all but HEAD into GET, 301 and 302 turn POST into GET. */
const char *redirect_method(int response_code, const char *method);

/* Does it tell of the content, so that it goes where that goes? */
bool redirect_is_content_header(const char *header);

/* May a header of the user's ("Name: value") go to an origin that the user did not name?  Only those that cannot carry
 * a secret. */
bool redirect_keeps_header(const char *header);
