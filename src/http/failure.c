#include "failure.h"

#include <haul/job/retry.h>

#include <stddef.h>
#include <string.h>
#include <string.h>

/* Those whose class does not depend on how far the transfer had come.  Others are FAILURE_INTERNAL. */
static const struct {
    CURLcode code;
    enum failure_class class;
    bool transient;
} meanings[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, FAILURE_PROTOCOL, false}, /* HTTP/0.9, that is: no HTTP at all */
    {CURLE_URL_MALFORMAT, FAILURE_INPUT, false},
    {CURLE_COULDNT_RESOLVE_PROXY, FAILURE_DNS, true},
    {CURLE_COULDNT_RESOLVE_HOST, FAILURE_DNS, true},
    {CURLE_COULDNT_CONNECT, FAILURE_CONNECT, true},
    {CURLE_WEIRD_SERVER_REPLY, FAILURE_PROTOCOL, false},
    {CURLE_HTTP2, FAILURE_PROTOCOL, true},        /* GOAWAY among others */
    {CURLE_HTTP2_STREAM, FAILURE_PROTOCOL, true}, /* REFUSED_STREAM among others */
    {CURLE_PARTIAL_FILE, FAILURE_PARTIAL, true},
    {CURLE_OUT_OF_MEMORY, FAILURE_PROTOCOL, false},         /* libcurl's answer to a header above its limit */
    {CURLE_BAD_FUNCTION_ARGUMENT, FAILURE_PROTOCOL, false}, /* and to a continued header where none begins */
    {CURLE_BAD_CONTENT_ENCODING, FAILURE_PROTOCOL, false},
    {CURLE_FILESIZE_EXCEEDED, FAILURE_SIZE, false},
    {CURLE_GOT_NOTHING, FAILURE_CONNECT, true},
    {CURLE_SSL_ENGINE_NOTFOUND, FAILURE_TLS, false},
    {CURLE_SSL_ENGINE_SETFAILED, FAILURE_TLS, false},
    {CURLE_SSL_ENGINE_INITFAILED, FAILURE_TLS, false},
    {CURLE_SSL_CERTPROBLEM, FAILURE_TLS, false},
    {CURLE_SSL_CIPHER, FAILURE_TLS, false},
    {CURLE_PEER_FAILED_VERIFICATION, FAILURE_TLS, false},
    {CURLE_USE_SSL_FAILED, FAILURE_TLS, false},
    {CURLE_SSL_CACERT_BADFILE, FAILURE_TLS, false},
    {CURLE_SSL_CRL_BADFILE, FAILURE_TLS, false},
    {CURLE_SSL_ISSUER_ERROR, FAILURE_TLS, false},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, FAILURE_TLS, false},
    {CURLE_SSL_INVALIDCERTSTATUS, FAILURE_TLS, false},
    {CURLE_SSL_CLIENTCERT, FAILURE_TLS, false},
};

/* Whichever of OpenSSL and libcurl, old and new, says it. */
static bool is_cut_handshake(const struct failed_transfer *transfer)
{
    return transfer->system_error || strstr(transfer->message, "SSL_ERROR_SYSCALL") ||
           strstr(transfer->message, "unexpected eof");
}

/* In TLS 1.3 a server refuses the client's certificate, or that there is none, after the handshake. */
static bool is_refused_by_alert(const struct failed_transfer *transfer)
{
    return !transfer->answered && strstr(transfer->message, "SSL routines::") && strstr(transfer->message, " alert ");
}

/* Whom a SOCKS proxy turns away it will turn away again. */
static bool proxy_may_think_better(CURLproxycode code)
{
    switch (code) {
    case CURLPX_CLOSED:
    case CURLPX_RECV_ADDRESS:
    case CURLPX_RECV_AUTH:
    case CURLPX_RECV_CONNECT:
    case CURLPX_RECV_REQACK:
    case CURLPX_SEND_AUTH:
    case CURLPX_SEND_CONNECT:
    case CURLPX_SEND_REQUEST:
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
    case CURLPX_REQUEST_FAILED:
    case CURLPX_RESOLVE_HOST:
        return true;
    default:
        return false;
    }
}

/* curl tells only in words. */
static bool was_resolving(const struct failed_transfer *transfer)
{
    return strncmp(transfer->message, "Resolving", strlen("Resolving")) == 0;
}

static void set_class(struct failure *failure, const struct failed_transfer *transfer)
{
    failure->class = FAILURE_INTERNAL;
    failure->transient = false;
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].code != transfer->code)
            continue;
        failure->class = meanings[i].class;
        failure->transient = meanings[i].transient;
    }
    switch (transfer->code) {
    case CURLE_OPERATION_TIMEDOUT: /* the whole attempt's limit is not curl's: this is connecting, or too slow */
        failure->class = transfer->connected ? FAILURE_STALL : was_resolving(transfer) ? FAILURE_DNS : FAILURE_CONNECT;
        failure->transient = true;
        break;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        failure->class = transfer->answered              ? FAILURE_PARTIAL
                         : is_refused_by_alert(transfer) ? FAILURE_TLS
                                                         : FAILURE_CONNECT;
        failure->transient = failure->class != FAILURE_TLS;
        break;
    case CURLE_PROXY:
        failure->class = transfer->proxy == CURLPX_RESOLVE_HOST ? FAILURE_DNS : FAILURE_CONNECT;
        failure->transient = proxy_may_think_better(transfer->proxy);
        break;
    case CURLE_SSL_CONNECT_ERROR:
        failure->class = FAILURE_TLS;
        failure->transient = is_cut_handshake(transfer);
        break;
    default:
        break;
    }
}

void failure_from_curl(struct failure *failure, const struct failed_transfer *transfer)
{
    const char *message = transfer->message[0] ? transfer->message : curl_easy_strerror(transfer->code);

    failure_set(failure, FAILURE_INTERNAL, (int)transfer->code, false, "%s%s",
                transfer->code == CURLE_PROXY ? "by way of the proxy: " : "", message);
    failure->exit_code = (int)transfer->code;
    set_class(failure, transfer);
}

void failure_from_status(struct failure *failure, int response_code, const char *reason)
{
    failure_set(failure, FAILURE_HTTP, response_code, retry_status_is_transient(response_code), "%d%s%s%s",
                response_code, reason[0] ? " " : "", reason, response_code < 300 ? ", which is not accepted" : "");
    failure->exit_code = CURLE_HTTP_RETURNED_ERROR;
}
