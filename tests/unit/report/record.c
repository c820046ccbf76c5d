#include "../../../src/report/record.h"

#include "random_result.h"

#include <haul/base/clock.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS(n) ((int64_t)((n)*NANOSECONDS_PER_SECOND))

static const char *const keys[] = {
    "schema",
    "type",
    "id",
    "tag",
    "input",
    "index",
    "output",
    "size",
    "request",
    "mirrors",
    "status",
    "reason",
    "error",
    "url",
    "url_effective",
    "method",
    "origin",
    "http_version",
    "response_code",
    "exitcode",
    "errormsg",
    "started_at",
    "finished_at",
    "time_wait",
    "time_namelookup",
    "time_connect",
    "time_appconnect",
    "time_pretransfer",
    "time_starttransfer",
    "time_redirect",
    "time_total",
    "time_elapsed",
    "size_download",
    "size_header",
    "size_request",
    "size_upload",
    "speed_download",
    "resumed_from",
    "filename_effective",
    "filename_reason",
    "file",
    "checksum",
    "content_type",
    "etag",
    "last_modified",
    "headers",
    "remote_ip",
    "remote_port",
    "num_connects",
    "num_redirects",
    "redirects",
    "num_retries",
    "attempts",
    "tls",
    "checks",
};

static void assert_keys_in_order(const cJSON *record)
{
    const cJSON *member = record->child;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++, member = member->next) {
        cr_assert_not_null(member, "%s is missing", keys[i]);
        cr_assert_str_eq(member->string, keys[i]);
    }
    cr_assert_null(member);
}

Test(record, tells_nothing_but_what_the_input_said_when_nothing_was_asked)
{
    CLEANUP(text_release) struct text text = {0};
    struct job job = {.index = 3, .source = "urls.txt:12", .url = ""};
    struct result result;

    result_init(&result, &job);
    result.status = RESULT_FAILED;
    failure_set(&result.failure, FAILURE_INPUT, 0, false, "a control character");
    record_append(&text, &result);
    cr_assert_str_eq(
        text.bytes,
        "{\"schema\":\"haul.result/1\",\"type\":\"result\",\"id\":\"3\",\"tag\":null,\"input\":\"urls.txt:12\","
        "\"index\":3,\"output\":null,\"size\":null,\"request\":null,\"mirrors\":[],\"status\":\"failed\",\"reason\":"
        "null,\"error\":{"
        "\"class\":"
        "\"input\",\"code\":0,"
        "\"message\":\"a control character\",\"transient\":false},\"url\":null,\"url_effective\":null,"
        "\"method\":null,\"origin\":null,\"http_version\":null,\"response_code\":0,\"exitcode\":3,"
        "\"errormsg\":\"a control character\",\"started_at\":null,\"finished_at\":null,\"time_wait\":0,"
        "\"time_namelookup\":0,\"time_connect\":0,\"time_appconnect\":0,\"time_pretransfer\":0,"
        "\"time_starttransfer\":0,\"time_redirect\":0,\"time_total\":0,\"time_elapsed\":0,\"size_download\":0,"
        "\"size_header\":0,\"size_request\":0,\"size_upload\":0,\"speed_download\":0,\"resumed_from\":0,"
        "\"filename_effective\":null,\"filename_reason\":null,\"file\":null,\"checksum\":null,\"content_type\":null,"
        "\"etag\":null,"
        "\"last_modified\":null,\"headers\":{},\"remote_ip\":null,\"remote_port\":null,\"num_connects\":0,"
        "\"num_redirects\":0,\"redirects\":[],\"num_retries\":0,\"attempts\":[],\"tls\":null,\"checks\":[]}\n");
    result_release(&result);
}

static void make_a_success(struct result *result, const struct job *job)
{
    static struct header headers[] = {{"content-type", "text/plain"}, {"etag", "\"abc\""}};
    static struct redirect redirects[] = {{"https://u:p@a.example/f", 302, "https://u:p@b.example/f"}};
    struct attempt *attempt;

    result_init(result, job);
    result->url = "https://user:secret@a.example/f";
    result->method = "GET";
    result->origin = "https://a.example:443";
    result->started_at = SECONDS(1000000000);
    result->finished_at = SECONDS(1000000002.5);
    result->time_wait = SECONDS(2);
    result->time_elapsed = SECONDS(2.377);
    result->file.path = "out/f";
    result->file.bytes = 1048576;
    result->file.published = true;
    result->checksum.algorithm = "sha256";
    result->checksum.expected = "AB";
    result->checksum.actual = "ab";
    result->exchange = (struct exchange){
        .url_effective = "https://user:secret@b.example/f",
        .http_version = "2",
        .response_code = 200,
        .headers = headers,
        .header_count = 2,
        .redirects = redirects,
        .redirect_count = 1,
        .time = {SECONDS(0.001), SECONDS(0.02), SECONDS(0.05), SECONDS(0.06), SECONDS(0.12), 0, SECONDS(0.377)},
        .size_download = 1048576,
        .size_header = 310,
        .size_request = 120,
        .speed_download = 2781368,
        .remote_ip = "192.0.2.1",
        .remote_port = 443,
        .num_connects = 1,
        .tls = {.version = "TLSv1.3", .not_after = "2026-12-01T00:00:00Z"},
    };
    attempt = result_add_attempt(result);
    attempt->url = "https://u:p@c.example/f";
    attempt->response_code = 503;
    failure_set(&attempt->failure, FAILURE_HTTP, 503, true, "503 Service Unavailable");
    attempt->time_total = SECONDS(0.05);
    attempt = result_add_attempt(result);
    attempt->url = "https://a.example/f";
    attempt->response_code = 200;
    attempt->time_total = SECONDS(0.377);
    attempt->wait = SECONDS(2);
    attempt->wait_reason = "retry-after";
}

Test(record, tells_all_of_a_transfer)
{
    CLEANUP(text_release) struct text text = {0};
    struct job job = {.index = 3,
                      .id = "x",
                      .tag = "t",
                      .source = "-:1",
                      .url = "https://user:secret@a.example/f",
                      .mirrors = "https://u:p@c.example/f\0"};
    struct result result;

    make_a_success(&result, &job);
    record_append(&text, &result);
    cr_assert_str_eq(
        text.bytes,
        "{\"schema\":\"haul.result/"
        "1\",\"type\":\"result\",\"id\":\"x\",\"tag\":\"t\",\"input\":\"-:1\",\"index\":3,\"output\":null,\"size\":"
        "null,\"request\":null,\"mirrors\":[\"https://***@c.example/f\"],"
        "\"status\":\"ok\",\"reason\":null,\"error\":null,\"url\":\"https://***@a.example/f\","
        "\"url_effective\":\"https://***@b.example/f\",\"method\":\"GET\",\"origin\":\"https://a.example:443\","
        "\"http_version\":\"2\",\"response_code\":200,\"exitcode\":0,\"errormsg\":null,"
        "\"started_at\":\"2001-09-09T01:46:40.000000Z\",\"finished_at\":\"2001-09-09T01:46:42.500000Z\","
        "\"time_wait\":2,\"time_namelookup\":0.001,\"time_connect\":0.02,\"time_appconnect\":0.05,"
        "\"time_pretransfer\":0.06,\"time_starttransfer\":0.12,\"time_redirect\":0,\"time_total\":0.377,"
        "\"time_elapsed\":2.377,\"size_download\":1048576,\"size_header\":310,\"size_request\":120,"
        "\"size_upload\":0,\"speed_download\":2781368,\"resumed_from\":0,\"filename_effective\":\"out/"
        "f\",\"filename_reason\":null,"
        "\"file\":{\"path\":\"out/f\",\"bytes\":1048576,\"published\":true},"
        "\"checksum\":{\"algorithm\":\"sha256\",\"expected\":\"AB\",\"actual\":\"ab\",\"ok\":true},"
        "\"content_type\":\"text/plain\",\"etag\":\"\\\"abc\\\"\",\"last_modified\":null,"
        "\"headers\":{\"content-type\":[\"text/plain\"],\"etag\":[\"\\\"abc\\\"\"]},\"remote_ip\":\"192.0.2.1\","
        "\"remote_port\":443,\"num_connects\":1,\"num_redirects\":1,"
        "\"redirects\":[{\"url\":\"https://***@a.example/f\",\"response_code\":302,"
        "\"location\":\"https://***@b.example/f\"}],\"num_retries\":1,"
        "\"attempts\":[{\"n\":1,\"url\":\"https://***@c.example/"
        "f\",\"response_code\":503,\"error\":{\"class\":\"http\",\"code\":503,"
        "\"message\":\"503 Service Unavailable\",\"transient\":true},\"size_download\":0,\"time_total\":0.05,"
        "\"wait\":2,\"wait_reason\":\"retry-after\"},{\"n\":2,\"url\":\"https://a.example/"
        "f\",\"response_code\":200,\"error\":null,"
        "\"size_download\":0,\"time_total\":0.377,\"wait\":0,\"wait_reason\":null}],"
        "\"tls\":{\"version\":\"TLSv1.3\",\"not_after\":\"2026-12-01T00:00:00Z\",\"verify_result\":0},"
        "\"checks\":[]}\n");
    result_release(&result);
}

Test(record, says_whether_digests_differ_only_when_both_are_known)
{
    static const struct {
        const char *expected, *actual, *told;
    } cases[] = {
        {"AB", "ab", "\"ok\":true"},
        {"ab", "ac", "\"ok\":false"},
        {"ab", NULL, "\"ok\":null"},
        {NULL, "ab", "\"ok\":null"},
    };
    struct job job = {.index = 1, .source = "-:1", .url = "x"};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(text_release) struct text text = {0};
        struct result result;

        result_init(&result, &job);
        result.checksum.algorithm = "sha256";
        result.checksum.expected = cases[i].expected;
        result.checksum.actual = cases[i].actual;
        record_append(&text, &result);
        cr_assert(strstr(text.bytes, cases[i].told), "%s", text.bytes);
        result_release(&result);
    }
}

static void assert_same(const cJSON *record, const struct result *result)
{
    cr_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(record, "status")), result_status_name(result->status));
    cr_assert_float_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(record, "size_header")),
                       (double)result->exchange.size_header, 1);
    cr_assert_float_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(record, "time_total")),
                       (double)result->exchange.time.total / 1e9, 2e-6);
    cr_assert_eq((unsigned)cJSON_GetArraySize(cJSON_GetObjectItem(record, "attempts")), result->attempt_count);
    cr_assert_eq((unsigned)cJSON_GetArraySize(cJSON_GetObjectItem(record, "redirects")),
                 result->exchange.redirect_count);
    cr_assert_eq(cJSON_IsNull(cJSON_GetObjectItem(record, "error")), result->failure.class == FAILURE_NONE);
    cr_assert_eq(cJSON_IsNull(cJSON_GetObjectItem(record, "file")), result->file.path == NULL);
    cr_assert_eq(cJSON_IsNull(cJSON_GetObjectItem(record, "tls")), result->exchange.tls.version == NULL);
}

Test(record, is_one_line_of_json_with_every_key_whatever_the_result)
{
    srandom(3);
    for (int round = 0; round < 3000; round++) {
        CLEANUP(text_release) struct text text = {0};
        struct random_result made;
        cJSON *record;

        random_result_make(&made);
        record_append(&text, &made.result);
        cr_assert_eq((size_t)(strchr(text.bytes, '\n') - text.bytes), text.length - 1);
        cr_assert_null(strstr(text.bytes, "password"));
        record = cJSON_Parse(text.bytes);
        cr_assert_not_null(record, "%s", text.bytes);
        assert_keys_in_order(record);
        assert_same(record, &made.result);
        cJSON_Delete(record);
        result_release(&made.result);
    }
}
