/* failure.h - what libcurl's codes mean in the words of the record. */
#pragma once

#include <haul/job/failure.h>

#include <curl/curl.h>

/* What is known of the transfer that failed. */
struct failed_transfer {
    CURLcode code;
    const char *message; /* curl's own, or "" */
    CURLproxycode proxy; /* with CURLE_PROXY: how a SOCKS proxy failed */
    bool connected;      /* the request could be sent */
    bool answered;       /* a status line came */
    bool system_error;   /* the operating system reported an error */
};

void failure_from_curl(struct failure *failure, const struct failed_transfer *transfer);

/* A status of 400 or above, or another that is not accepted.  `reason` is the server's phrase, or "". */
void failure_from_status(struct failure *failure, int response_code, const char *reason);
