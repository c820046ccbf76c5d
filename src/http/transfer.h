/* transfer.h - the insides of a transfer, for the files that make it go:
 *
 *     transfer.c   from the question to the end of the body, over redirects
 *     hop.c        asking one server
 *     content.c    what is sent there
 *     secrets.c    what of the user's goes there
 *     answer.c     what comes back, and what it is worth
 */
#pragma once

#include "body.h"
#include "client.h"
#include "decoder.h"
#include "head.h"
#include "parts.h"
#include "tls.h"
#include "upload.h"

#include <haul/co/waiter.h>
#include <haul/http/transfer.h>

#include <netinet/in.h>

/* Lives on with its easy handle, from one request to the next. */
struct http_transfer {
    struct list idle_link;
    int64_t laid_aside_until; /* a moment (idle.c) */
    struct http_client *client;
    CURL *easy;
    struct parts parts;
    char curl_message[CURL_ERROR_SIZE];

    struct http_request request;
    struct http_url url; /* of this hop; the strings are the request's or the arena's */
    const char *method;
    bool has_content; /* this hop carries that of the request */
    bool same_origin; /* as the first hop */
    bool was_secure;  /* a hop before this one was over https */
    int64_t began, hop_began;

    struct shard *shard;     /* NULL: curl has nothing to do */
    struct opening *opening; /* a permit to open a connection, until there is one */
    struct curl_slist *resolve;
    struct co_waiter *waiter;
    bool asked; /* curl has begun this hop, and what it knows is of no other */
    bool done;
    CURLcode code;

    struct head head;
    bool head_is_told; /* in the exchange */
    bool end_is_told;  /* likewise */
    struct tls_end tls_end;
    struct body body;
    struct throttled throttled;
    struct turn turn;
    bool can_rest;
    struct upload upload;    /* of content that is not in memory */
    struct decoder *decoder; /* NULL: the body is as it came */
    int64_t received;        /* of the body of this hop */
    bool wanted;             /* the body is for the reader */
    bool answer_known;
    bool paused;
    bool broken_off;             /* we closed it before its end: nothing that comes counts */
    bool was_cut;                /* we stopped reading what nobody wants */
    bool wants_fresh_connection; /* the kept one was spoilt */
    struct curl_slist *headers;  /* of this question alone; NULL: those of all, or none */
    int64_t part_size;           /* of a 206 that goes on where we are; -1: it is none */
    bool range_refused;          /* the server did not give the rest that we asked for */
    const char *problem;         /* why we refused the answer */
    bool denied;                 /* a private address was */
    char denied_address[INET6_ADDRSTRLEN];
};

/* In hop.c: asks the server of transfer->url.  0 when curl has taken it; -ECANCELED; -EIO with the failure. */
int hop_start(struct co_task *self, struct http_transfer *transfer, struct failure *failure);

/* The settings that all transfers of a client share, for a new easy handle. */
void hop_set_up(struct http_transfer *transfer);

/* The permit to open a connection goes back, if there is one. */
void hop_end_opening(struct http_transfer *transfer);

/* In answer.c: curl's callbacks; the last argument is the transfer. */
size_t answer_on_header(char *bytes, size_t one, size_t length, void *context);
size_t answer_on_body(char *bytes, size_t one, size_t length, void *context);

void answer_forget(struct http_transfer *transfer);            /* before the next hop */
bool answer_is_redirect(const struct http_transfer *transfer); /* that is to be followed */

/* Has a part as many bytes as it said?  curl sees to that only where there is a Content-Length. */
bool answer_has_its_size(const struct http_transfer *transfer);

/* curl is done with a hop that is no redirect: 0, or -EIO with the failure; -ERANGE: see http_transfer_open. */
int answer_judge(struct http_transfer *transfer, struct failure *failure);

/* In transfer.c: there is something for the one who waits, if somebody does. */
void transfer_wake(struct http_transfer *transfer);

/* RFC 9110, 9.2.1: a question that changes nothing. */
bool transfer_may_ask_twice(const struct http_transfer *transfer);
