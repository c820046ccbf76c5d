/* client.h - everything that transfers share: connections, sockets on the loop, look-ups, the settings of the run.
 *
 * libcurl walks all connections of a multi handle for each new transfer, so a client has several of them (shards), each
 * with at most CLIENT_SHARD_TRANSFERS transfers; a transfer goes to the first shard with room, from one that its
 * origin's name picks, so that it meets the open connections of its origin there.
 */
#pragma once

#include <haul/base/error.h>
#include <haul/base/text.h>
#include <haul/co/task.h>
#include <haul/http/netrc.h>

#include <stdbool.h>
#include <stdint.h>

#define CLIENT_SHARD_TRANSFERS 128

enum http_version {
    HTTP_VERSION_ANY, /* HTTP/2 where TLS negotiates it, else HTTP/1.1 */
    HTTP_VERSION_1_1,
    HTTP_VERSION_2,
    HTTP_VERSION_2_AT_ONCE, /* over http too, without asking whether the server knows it */
};

enum http_family {
    HTTP_FAMILY_ANY,
    HTTP_FAMILY_4,
    HTTP_FAMILY_6,
};

enum http_tls {
    HTTP_TLS_1_2,
    HTTP_TLS_1_3,
};

#define HTTP_PROTOCOL_HTTP  1u
#define HTTP_PROTOCOL_HTTPS 2u
#define HTTP_PROTOCOL_ALL   (HTTP_PROTOCOL_HTTP | HTTP_PROTOCOL_HTTPS)

struct http_client_options {
    unsigned concurrency; /* the most transfers at once */
    bool few_descriptors; /* keep no connections beyond those that may be busy */
    const char *user_agent;
    const char *const *headers; /* "Name: value" as curl's -H takes them, NULL-terminated, or NULL */
    const char *user;           /* for Basic authentication at the origin of each URL that names none, or NULL */
    const char *password;
    const struct netrc *netrc;       /* for hosts otherwise, also for those that redirects lead to, or NULL */
    const char *cookie;              /* "NAME=VALUE; ..." for the origins of URLs, or NULL */
    bool keeps_cookies;              /* those that servers set, for the run */
    const char *const *cookie_lines; /* Netscape's or "Set-Cookie: ...", to begin with, NULL-terminated, or NULL */
    bool compressed;                 /* offer encodings for bodies, and expand what comes in one */
    bool any_expansion;              /* to any multiple of what came; the caller sees to the size */
    enum http_version version;
    int64_t connect_timeout; /* name look-up, TCP and TLS together, nanoseconds */
    int64_t stall_time;      /* fewer than stall_speed bytes a second for so long is a stall; 0: never */
    long stall_speed;
    long limit_rate;             /* bytes of body a second, of each transfer; 0: any number */
    long limit_rate_total;       /* of all together */
    unsigned protocols;          /* HTTP_PROTOCOL_*, together */
    unsigned redirect_protocols; /* of those, where redirects may lead */
    bool no_redirects;           /* they are failures then */
    unsigned maximum_redirects;
    bool insecure;                 /* no verification of certificates */
    const char *ca_file;           /* NULL: the system's */
    const char *proxy;             /* NULL: by the environment */
    const char *proxy_ca_file;     /* likewise, of a proxy that is spoken to over TLS */
    bool proxy_insecure;           /* likewise */
    const char *no_proxy;          /* hosts to ask without it, with commas; NULL: by the environment */
    const char *const *resolve;    /* "HOST:PORT:ADDRESS[,ADDRESS]...", NULL-terminated, or NULL */
    const char *doh_url;           /* of the server to ask for names over https (RFC 8484), or NULL */
    const char *const *connect_to; /* "HOST:PORT:HOST:PORT", each of them may be empty, NULL-terminated, or NULL */
    const char *unix_socket;       /* connect there, whatever the URL says, or NULL */
    const char *interface;         /* or address to connect from, or NULL */
    enum http_family family;
    bool deny_private; /* connect to no private address (FAILURE_DENIED); no proxy then, it would hide addresses */
    enum http_tls tls_minimum, tls_maximum;
    const char *ca_folder;   /* of hashed certificates, or NULL */
    const char *certificate; /* PEM, for the origins of URLs and not for those of redirects, or NULL */
    const char *key;         /* NULL: with the certificate */
    const char *pinned_key;  /* "FILE" or "sha256//BASE64[;sha256//BASE64]..." of the server's, or NULL */
};

struct http_client;

int http_client_open(struct co_runtime *runtime, const struct http_client_options *options, struct error *error,
                     struct http_client **ret_client);

/* No transfer may be open.  NULL is fine.  What libuv still has to close is freed on the loop's next turns. */
void http_client_close(struct http_client *client);

/* Those of a client that keeps them, as a file that curl reads too. */
void http_client_write_cookies(const struct http_client *client, struct text *text);

/* What one transfer takes: its connection, and two over which libcurl asks a DoH server meanwhile. */
unsigned http_client_connections_each(const struct http_client_options *options);

/* The most connections that such a client has open at once, idle ones included. */
unsigned http_client_connections(const struct http_client_options *options);

/* "libcurl/7.88.1 OpenSSL/3.0.15 ..." */
const char *http_library_version(void);
