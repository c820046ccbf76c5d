/* field.h - what may stand in the head of a request (RFC 9110, 5), and what a list may put there. */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>

bool field_is_token(struct slice word);  /* a method, or the name of a header */
bool field_is_value(struct slice value); /* no line break and no other control character but a tab */

/* Does it belong to the connection, to the framing of the message or to haul itself?  Such a header is not for a list
 * to set (RFC 9110, 7.6.1; RFC 9112, 6). */
bool field_is_reserved(struct slice name);

/* Does its value prove who asks? */
bool field_is_secret(struct slice name);
