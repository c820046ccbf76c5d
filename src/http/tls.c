#include "tls.h"

#include <haul/base/clock.h>

#include <openssl/ssl.h>
#include <time.h>

/* NULL without TLS. */
static SSL *connection_of(CURL *easy)
{
    struct curl_tlssessioninfo *session = NULL;

    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session ||
        session->backend != CURLSSLBACKEND_OPENSSL)
        return NULL;
    return session->internals;
}

static void on_message(int sent, int version, int type, const void *bytes, size_t length, SSL *ssl, void *context)
{
    const unsigned char *alert = bytes;
    struct tls_end *end = context;

    (void)version, (void)ssl;
    if (!sent && type == SSL3_RT_ALERT && length == 2 && alert[1] == SSL_AD_CLOSE_NOTIFY)
        end->said = true;
}

void tls_watch_end(CURL *easy, struct tls_end *end)
{
    SSL *ssl = connection_of(easy);

    *end = (struct tls_end){.matters = ssl != NULL};
    if (!ssl)
        return;
    SSL_set_msg_callback(ssl, on_message);
    SSL_set_msg_callback_arg(ssl, end);
}

static const char *expiry(const X509 *certificate, struct arena *arena)
{
    char text[CLOCK_TEXT_SIZE];
    struct tm when;

    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &when) != 1)
        return NULL;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &when);
    return arena_copy_string(arena, text);
}

void tls_note(CURL *easy, struct exchange *exchange, struct arena *arena)
{
    SSL *ssl = connection_of(easy);
    X509 *certificate;

    if (!ssl)
        return;
    exchange->tls.version = arena_copy_string(arena, SSL_get_version(ssl));
    certificate = SSL_get1_peer_certificate(ssl);
    if (certificate)
        exchange->tls.not_after = expiry(certificate, arena);
    exchange->tls.verify_result = (int)SSL_get_verify_result(ssl); /* curl's is that of the last handshake */
    X509_free(certificate);
}

static int on_certificate(X509_STORE_CTX *judged, void *context)
{
    const struct http_request *request = context;
    const SSL *ssl = X509_STORE_CTX_get_ex_data(judged, SSL_get_ex_data_X509_STORE_CTX_idx());
    const X509 *certificate = X509_STORE_CTX_get0_cert(judged);
    int verdict = X509_verify_cert(judged);

    if (SSL_num_renegotiations((SSL *)ssl) > 0) /* the connection may be another's by now, and ours gone */
        return verdict;
    request->exchange->tls.version = arena_copy_string(request->arena, SSL_get_version(ssl));
    request->exchange->tls.not_after = certificate ? expiry(certificate, request->arena) : NULL;
    request->exchange->tls.verify_result = X509_STORE_CTX_get_error(judged);
    request->exchange->tls.refused = verdict <= 0 && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE;
    return verdict;
}

static CURLcode on_context(CURL *easy, void *context, void *request)
{
    void *transfer = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    if (!transfer) /* curl asks a DoH server on its own, and hands all of this on to that */
        return CURLE_OK;
    SSL_CTX_set_cert_verify_callback(context, on_certificate, request);
    return CURLE_OK;
}

const char *tls_refusal(const struct exchange *exchange)
{
    return exchange->tls.refused ? X509_verify_cert_error_string(exchange->tls.verify_result) : NULL;
}

void tls_note_judged(CURL *easy, const struct http_request *request)
{
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, request);
}
