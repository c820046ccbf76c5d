#include "random_result.h"

#include <haul/base/clock.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define PICK(choices) (choices)[(size_t)random() % (sizeof(choices) / sizeof *(choices))]

static bool maybe(void)
{
    return random() % 2;
}

static int64_t any_count(void)
{
    static const int64_t extremes[] = {0, 1, INT32_MAX, INT64_MAX};

    return maybe() ? PICK(extremes) : random();
}

static int64_t any_time(void)
{
    static const int64_t extremes[] = {0, 1, 999, 1000, NANOSECONDS_PER_SECOND, INT64_MAX};

    return maybe() ? PICK(extremes) : random() * INT64_C(37);
}

static int64_t any_moment(void)
{
    static const int64_t extremes[] = {0, 1, INT64_C(1790000000) * NANOSECONDS_PER_SECOND, INT64_MAX};

    return PICK(extremes);
}

static char *any_bytes(struct arena *arena)
{
    char bytes[40];
    size_t length = (size_t)random() % sizeof bytes;

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(1 + random() % 255);
    return arena_copy(arena, (struct slice){bytes, length});
}

static const char *any_long(struct arena *arena)
{
    char bytes[64 * 1024];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = "ab<&\"',\n"[random() % 8];
    return arena_copy(arena, (struct slice){bytes, sizeof bytes});
}

static const char *any_string(struct arena *arena)
{
    static const char *const ordinary[] = {
        "", "a", "out/f", "text/html; charset=utf-8", "\"quoted\\\"", "\xe2\x82\xac", "\x1b[31m", "\xf0\x9f\x98",
    };
    static const char *const hostile[] = {
        "=cmd|' /C calc'!A0",
        "@SUM(1+1)",
        "\t=1",
        "-1+1",
        "<script>alert(1)</script>",
        "]]>",
        "--><!--",
        "&amp;&#0;",
        "\"' onload='x",
        "a\r\nnot ok 7 - b",
        "# SKIP",
        "\\# TODO \\",
        "  ...\nok 1",
        "a\n\n,\"b\"",
        "}\n{\"type\":\"run\"}",
        "\xe2\x80\xa8\xe2\x80\xa9",
        "\xe2\x80\xae\x65\x78\x65",
        "\x1b]0;title\x07",
        "\302\23331m",
        "\xed\xa0\x80",
        "\xef\xbf\xbe\xef\xbf\xbf",
        "a: \"b: c\"",
        "{{7*7}}${7*7}",
        "%s%n",
        "../../etc/passwd",
    };

    switch (random() % 4) {
    case 0:
        return PICK(ordinary);
    case 1:
        return PICK(hostile);
    case 2:
        return random() % 40 ? PICK(hostile) : any_long(arena);
    default:
        return any_bytes(arena);
    }
}

static const char *any_url(struct arena *arena)
{
    static const char *const ordinary[] = {"https://a.example/f", "http://user:password@[::1]:81/?q#f", "x"};

    return maybe() ? PICK(ordinary) : arena_format(arena, "http://h/%s", any_string(arena));
}

static const char *known_or_not(const char *string)
{
    return maybe() ? string : NULL;
}

static void fill_failure(struct failure *failure, struct arena *arena)
{
    if (maybe())
        failure_set(failure, (enum failure_class)((unsigned long)random() % FAILURE_CLASS_COUNT),
                    (int)(random() % 1000), maybe(), "%s", any_string(arena));
}

static void fill_headers(struct exchange *exchange, struct arena *arena)
{
    static const char *const names[] = {"content-type", "etag",   "last-modified", "set-cookie",
                                        "location",     "x-name", "\xff",          ""};

    exchange->header_count = (unsigned)random() % 12;
    exchange->headers = arena_allocate(arena, exchange->header_count * sizeof *exchange->headers);
    for (unsigned i = 0; i < exchange->header_count; i++)
        exchange->headers[i] = (struct header){PICK(names), any_string(arena)};
}

static void fill_redirects(struct exchange *exchange, struct arena *arena)
{
    exchange->redirect_count = (unsigned)random() % 4;
    exchange->redirects = arena_allocate(arena, exchange->redirect_count * sizeof *exchange->redirects);
    for (unsigned i = 0; i < exchange->redirect_count; i++)
        exchange->redirects[i] = (struct redirect){any_url(arena), 301 + (int)i, any_url(arena)};
}

static void fill_exchange(struct exchange *exchange, struct arena *arena)
{
    static const char *const versions[] = {"1.0", "1.1", "2"};
    static const int codes[] = {0, 200, 404, 599, 999};

    exchange->url_effective = known_or_not(any_url(arena));
    exchange->http_version = known_or_not(PICK(versions));
    exchange->response_code = PICK(codes);
    fill_headers(exchange, arena);
    fill_redirects(exchange, arena);
    exchange->time.name_lookup = any_time();
    exchange->time.connect = any_time();
    exchange->time.app_connect = any_time();
    exchange->time.pre_transfer = any_time();
    exchange->time.start_transfer = any_time();
    exchange->time.redirect = any_time();
    exchange->time.total = random() % (100 * NANOSECONDS_PER_SECOND);
    exchange->size_download = random();
    exchange->size_header = any_count();
    exchange->size_request = any_count();
    exchange->size_upload = any_count();
    exchange->speed_download = any_count();
    exchange->remote_ip = known_or_not("2001:db8::1");
    exchange->remote_port = (int)random() % 65536;
    exchange->num_connects = (int)random() % 3;
    exchange->tls.version = known_or_not("TLSv1.3");
    exchange->tls.not_after = known_or_not("2026-12-01T00:00:00Z");
    exchange->tls.verify_result = (int)random() % 20;
}

static void fill_attempts(struct result *result)
{
    static const char *const reasons[] = {NULL, "backoff", "retry-after"};
    unsigned count = (unsigned)random() % 5;

    for (unsigned i = 0; i < count; i++) {
        struct attempt *attempt = result_add_attempt(result);

        attempt->url = known_or_not(any_url(&result->arena));
        attempt->response_code = (int)random() % 600;
        fill_failure(&attempt->failure, &result->arena);
        attempt->size_download = any_count();
        attempt->time_total = any_time();
        attempt->wait = i > 0 ? any_time() : 0;
        attempt->wait_reason = i > 0 ? PICK(reasons) : NULL;
    }
}

static void fill_checks(struct result *result)
{
    struct arena *arena = &result->arena;

    result->check_count = (unsigned)random() % 4;
    result->checks = arena_allocate(arena, result->check_count * sizeof *result->checks);
    for (unsigned i = 0; i < result->check_count; i++)
        result->checks[i] = (struct check_outcome){any_string(arena), any_string(arena),
                                                   known_or_not(any_string(arena)), (enum check_verdict)(random() % 3)};
}

static void fill_job(struct job *job, struct arena *arena)
{
    job->index = maybe() ? UINT64_MAX : (uint64_t)random();
    job->source = any_string(arena);
    job->url = maybe() ? "" : any_url(arena);
    job->id = known_or_not(any_string(arena));
    job->tag = known_or_not(any_string(arena));
    job->mirrors = known_or_not("http://user:password@h/\0x\0");
    job->output = known_or_not(any_string(arena));
    job->has_size = maybe();
    job->size = random();
    job->method = known_or_not("PUT");
    job->headers = known_or_not("Accept: a\0X;\0");
    job->has_data = maybe();
    job->accept = known_or_not("2xx,404");
    job->checks = known_or_not("[{\"check\":\"body\",\"contains\":\"\x7f\xc2\x85\xc3\xbc\"}]");
}

void random_result_make(struct random_result *made)
{
    static const char *const methods[] = {NULL, "GET", "POST"};
    static const char *const origins[] = {NULL, "https://a.example:443", "http://\"><script>:80"};
    static const char *const reasons[] = {NULL, "exists-verified", "interrupted"};
    struct result *result = &made->result;

    result_init(result, &made->job);
    fill_job(&made->job, &result->arena);
    result->status = (enum result_status)((unsigned long)random() % RESULT_STATUS_COUNT);
    result->reason = PICK(reasons);
    fill_failure(&result->failure, &result->arena);
    result->url = known_or_not(any_url(&result->arena));
    result->method = PICK(methods);
    result->origin = PICK(origins);
    fill_exchange(&result->exchange, &result->arena);
    result->started_at = any_moment();
    result->finished_at = any_moment();
    result->time_wait = any_time();
    result->time_elapsed = any_time();
    result->resumed_from = any_count();
    result->file.path = known_or_not(any_string(&result->arena));
    result->file.bytes = any_count();
    result->file.published = maybe();
    result->file.name_reason = known_or_not("folders");
    result->checksum.algorithm = known_or_not("sha256");
    result->checksum.expected = known_or_not("AB12");
    result->checksum.actual = known_or_not("ab12");
    fill_attempts(result);
    fill_checks(result);
}
