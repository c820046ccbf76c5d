/* transfer.h - one question to a server and its answer, redirects followed.
 *
 *     if (http_transfer_open(self, client, &request, &failure, &transfer) == 0) {
 *         while ((result = http_transfer_read(self, transfer, &bytes, &failure)) > 0)
 *             consume(bytes);
 *     }
 *     http_transfer_close(transfer);
 *
 * The body comes in pieces of up to TRANSFER_PIECE bytes; while the caller consumes one the next is filled, and when
 * that is full too the server is made to wait.  A body whose length is known and below TRANSFER_PIECE, or one that has
 * ended, comes as one piece.
 *
 * What counts as failure: no answer; a status of 300 or above, or one that is not accepted; a body that is not whole by
 * what its framing says (RFC 9112, 8: Content-Length, chunks, else the close); an answer that does not fit the question
 * (206 unasked or of another range, two Content-Lengths); an encoded body that is broken, ends too early, or expands to
 * more than it may (decoder.h).  The bodies of failures and redirects are read and dropped, up to a limit.  Credentials
 * and headers that may carry secrets are not sent to another origin than the one they are for; a change from https to
 * http is another origin.  Content goes along where the method does (RFC 9110, 15.4), but never from https to http.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/slice.h>
#include <haul/co/task.h>
#include <haul/http/client.h>
#include <haul/http/content.h>
#include <haul/http/url.h>
#include <haul/job/exchange.h>
#include <haul/job/failure.h>
#include <haul/job/range.h>
#include <haul/job/status_set.h>

#include <stdbool.h>
#include <stdint.h>

#define TRANSFER_PIECE (256 * 1024)

struct http_transfer;

struct http_request {
    const struct http_url *url;
    const char *secrets_for; /* the one origin that gets what the user gave for it; NULL: that of the URL */
    const char *method;      /* NULL: GET */
    const char *headers;     /* instead of those of the client with the same name: "Name: value" or "Name;", each with a
                                NUL, an empty one ends them; NULL: none */
    const struct http_content *content; /* NULL: none */
    const struct status_set *accept;    /* the statuses of a final answer that are success; NULL: those below 300 */
    struct range range;                 /* the part of a body of which some is there */
    const char *known_etag;             /* of the version that is there: ask whether it is another now (RFC 9110, */
    const char *known_last_modified;    /* 13.1); NULL: nothing is known.  304 is a success then, without a body */
    bool drop_body;                     /* counted; http_transfer_read gives only what it has to expand */
    int64_t *came;                      /* goes up by the bytes of the body as they come; NULL: nobody looks */
    bool eager;                         /* give bytes as soon as there are some, however few */
    /* NULL, or waits until a redirect may be followed to that origin; less than 0 ends the transfer. */
    int (*before_hop)(struct co_task *self, void *context, const char *origin);
    void *context;
    struct arena *arena; /* for the strings of the exchange; it and the next outlive the transfer */
    struct exchange
        *exchange; /* what the head says once opened; whole after http_transfer_close, or a failed opening */
};

/* Asks, and waits for the beginning of the final answer's body, or for the end of all.  0: read the body now, also
 * when there is none or it is dropped.  -ECANCELED.  -EIO: the failure says why.  -ERANGE: what came is not the part
 * that the request's range wants, so ask once more, for everything. */
int http_transfer_open(struct co_task *self, struct http_client *client, const struct http_request *request,
                       struct failure *failure, struct http_transfer **ret_transfer);

/* 1 and a piece of the body, valid until the next call; 0 when it has come whole; -ECANCELED; -EIO: see failure. */
int http_transfer_read(struct co_task *self, struct http_transfer *transfer, struct slice *ret_bytes,
                       struct failure *failure);

/* Fills the exchange with what is known by now. */
void http_transfer_note(struct http_transfer *transfer);

/* The first header of that name (lower case) of the final answer, or NULL; valid until the transfer is closed. */
const char *http_transfer_header(const struct http_transfer *transfer, const char *name);

/* Is the body the part that the request's range wants?  Else it is everything, from the beginning. */
bool http_transfer_goes_on(const struct http_transfer *transfer);

/* Was the piece just read the last of a whole body?  Then there is no need to read again. */
bool http_transfer_is_whole(const struct http_transfer *transfer);

/* At any time.  Does not wait; NULL is fine.  A transfer that had not ended loses its connection. */
void http_transfer_close(struct http_transfer *transfer);
