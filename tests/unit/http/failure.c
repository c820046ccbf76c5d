#include "../../../src/http/failure.h"

#include <criterion/criterion.h>
#include <string.h>

Test(failure, of_curl_has_the_class_of_the_record)
{
    static const char alert[] = "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required";
    static const struct {
        struct failed_transfer transfer;
        enum failure_class class;
        bool transient;
    } cases[] = {
        {{.code = CURLE_COULDNT_CONNECT}, FAILURE_CONNECT, true},
        {{.code = CURLE_COULDNT_RESOLVE_HOST}, FAILURE_DNS, true},
        {{.code = CURLE_PARTIAL_FILE}, FAILURE_PARTIAL, true},
        {{.code = CURLE_RECV_ERROR, .answered = true}, FAILURE_PARTIAL, true},
        {{.code = CURLE_RECV_ERROR}, FAILURE_CONNECT, true},
        {{.code = CURLE_RECV_ERROR, .message = alert}, FAILURE_TLS, false},
        {{.code = CURLE_RECV_ERROR, .message = alert, .answered = true}, FAILURE_PARTIAL, true},
        {{.code = CURLE_PROXY, .proxy = CURLPX_USER_REJECTED}, FAILURE_CONNECT, false},
        {{.code = CURLE_PROXY, .proxy = CURLPX_NO_AUTH}, FAILURE_CONNECT, false},
        {{.code = CURLE_PROXY, .proxy = CURLPX_REPLY_NOT_ALLOWED}, FAILURE_CONNECT, false},
        {{.code = CURLE_PROXY, .proxy = CURLPX_REPLY_CONNECTION_REFUSED}, FAILURE_CONNECT, true},
        {{.code = CURLE_PROXY, .proxy = CURLPX_CLOSED}, FAILURE_CONNECT, true},
        {{.code = CURLE_PROXY, .proxy = CURLPX_RESOLVE_HOST}, FAILURE_DNS, true},
        {{.code = CURLE_OPERATION_TIMEDOUT}, FAILURE_CONNECT, true},
        {{.code = CURLE_OPERATION_TIMEDOUT, .message = "Resolving timed out"}, FAILURE_DNS, true},
        {{.code = CURLE_OPERATION_TIMEDOUT, .connected = true}, FAILURE_STALL, true},
        {{.code = CURLE_PEER_FAILED_VERIFICATION}, FAILURE_TLS, false},
        {{.code = CURLE_SSL_CONNECT_ERROR}, FAILURE_TLS, false},
        {{.code = CURLE_SSL_CONNECT_ERROR, .system_error = true}, FAILURE_TLS, true},
        {{.code = CURLE_SSL_CONNECT_ERROR, .message = "SSL_connect: SSL_ERROR_SYSCALL"}, FAILURE_TLS, true},
        {{.code = CURLE_SSL_CONNECT_ERROR, .message = "SSL routines::unexpected eof while reading"}, FAILURE_TLS, true},
        {{.code = CURLE_OUT_OF_MEMORY}, FAILURE_PROTOCOL, false},
        {{.code = CURLE_UNSUPPORTED_PROTOCOL}, FAILURE_PROTOCOL, false},
        {{.code = CURLE_LDAP_CANNOT_BIND}, FAILURE_INTERNAL, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failed_transfer transfer = cases[i].transfer;
        struct failure failure = {.class = FAILURE_NONE};

        if (!transfer.message)
            transfer.message = "";
        failure_from_curl(&failure, &transfer);
        cr_expect_eq(failure.class, cases[i].class, "curl code %d", transfer.code);
        cr_expect_eq(failure.transient, cases[i].transient, "curl code %d", transfer.code);
        cr_expect_eq(failure.exit_code, (int)transfer.code);
        cr_expect(failure.message[0] != '\0');
    }
}

Test(failure, has_a_class_for_every_code_of_curl)
{
    for (int code = 1; code < CURL_LAST; code++) {
        struct failed_transfer transfer = {.code = (CURLcode)code, .message = "said"};
        struct failure failure = {.class = FAILURE_NONE};

        failure_from_curl(&failure, &transfer);
        cr_expect_neq(failure.class, FAILURE_NONE);
        cr_expect(strstr(failure.message, "said"));
    }
}

Test(failure, of_a_status_is_transient_when_the_server_says_later)
{
    struct failure failure = {.class = FAILURE_NONE};

    failure_from_status(&failure, 503, "Service Unavailable");
    cr_expect_eq(failure.class, FAILURE_HTTP);
    cr_expect(failure.transient);
    cr_expect_str_eq(failure.message, "503 Service Unavailable");
    failure_from_status(&failure, 404, "");
    cr_expect_not(failure.transient);
    cr_expect_str_eq(failure.message, "404");
}
