#include "outcome.h"

#include <haul/base/clock.h>

static int64_t number(CURL *easy, CURLINFO what)
{
    curl_off_t value = 0;

    curl_easy_getinfo(easy, what, &value);
    return (int64_t)value;
}

static int64_t moment(CURL *easy, CURLINFO what, int64_t offset)
{
    int64_t microseconds = number(easy, what);

    return microseconds > 0 ? offset + microseconds * NANOSECONDS_PER_MICROSECOND : 0;
}

static const char *version_name(CURL *easy)
{
    long version = 0;

    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return "1.0";
    case CURL_HTTP_VERSION_1_1:
        return "1.1";
    case CURL_HTTP_VERSION_2_0:
        return "2";
    default:
        return NULL;
    }
}

static void fill_times(CURL *easy, int64_t offset, struct exchange *exchange)
{
    int64_t looked_up = moment(easy, CURLINFO_NAMELOOKUP_TIME_T, offset); /* by curl, where we do not */

    if (looked_up > exchange->time.name_lookup)
        exchange->time.name_lookup = looked_up;
    exchange->time.connect = moment(easy, CURLINFO_CONNECT_TIME_T, offset);
    exchange->time.app_connect = moment(easy, CURLINFO_APPCONNECT_TIME_T, offset);
    exchange->time.pre_transfer = moment(easy, CURLINFO_PRETRANSFER_TIME_T, offset);
    exchange->time.start_transfer = moment(easy, CURLINFO_STARTTRANSFER_TIME_T, offset);
    exchange->time.redirect = exchange->redirect_count > 0 ? offset : 0;
}

static void fill_peer(CURL *easy, struct exchange *exchange, struct arena *arena)
{
    const char *address = NULL;
    long port = 0;

    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &port);
    exchange->remote_ip = address && address[0] ? arena_copy_string(arena, address) : NULL;
    exchange->remote_port = (int)port;
}

/* With what redirects took. */
static void fill_totals(CURL *easy, struct exchange *exchange)
{
    long connects = 0, header_size = 0, request_size = 0;

    curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_size);
    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &request_size);
    exchange->num_connects = exchange->redirected.num_connects + (int)connects;
    exchange->size_header = exchange->redirected.size_header + header_size;
    exchange->size_request = exchange->redirected.size_request + request_size;
}

void outcome_fill(CURL *easy, int64_t offset, struct exchange *exchange, struct arena *arena)
{
    exchange->http_version = version_name(easy);
    exchange->size_download = number(easy, CURLINFO_SIZE_DOWNLOAD_T);
    exchange->size_upload = number(easy, CURLINFO_SIZE_UPLOAD_T);
    exchange->speed_download = number(easy, CURLINFO_SPEED_DOWNLOAD_T);
    fill_totals(easy, exchange);
    fill_times(easy, offset, exchange);
    fill_peer(easy, exchange, arena);
}

void outcome_note_redirect(CURL *easy, struct exchange *exchange)
{
    fill_totals(easy, exchange);
    exchange->redirected.num_connects = exchange->num_connects;
    exchange->redirected.size_header = exchange->size_header;
    exchange->redirected.size_request = exchange->size_request;
}
