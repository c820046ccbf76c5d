/* secrets.h - what is the user's to give goes where the user sent it, and nowhere else. */
#pragma once

struct http_transfer;

/* For this hop: user and password, cookies given, the client's certificate.  Those of the user and of the URL are for
 * the first origin.  What a netrc has for a host goes there at every hop, but not over http after https, and its
 * "default" only to the first origin. */
void secrets_set(struct http_transfer *transfer);
