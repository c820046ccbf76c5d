#include "../../../src/report/json.h"

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

static void assert_text(const struct text *text, const char *expected)
{
    cr_assert_str_eq(text->bytes, expected);
    cr_assert_eq(text->length, strlen(expected));
}

Test(json, puts_commas_between_members_and_elements_only)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    json_begin_object(&json);
    json_key(&json, "empty");
    json_begin_object(&json);
    json_end_object(&json);
    json_key(&json, "list");
    json_begin_array(&json);
    json_boolean(&json, true);
    json_begin_array(&json);
    json_end_array(&json);
    json_boolean(&json, false);
    json_null(&json);
    json_end_array(&json);
    json_key_of(&json, SLICE("a\"b"));
    json_string_or_null(&json, NULL);
    json_end_object(&json);
    assert_text(&text, "{\"empty\":{},\"list\":[true,[],false,null],\"a\\\"b\":null}");
}

Test(json, appends_to_what_is_there)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    text_append_string(&text, "line\n");
    json_string_or_null(&json, "x");
    assert_text(&text, "line\n\"x\"");
}

Test(json, writes_integers_of_any_size)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-1, "-1"},
        {1234567890123, "1234567890123"},
        {INT64_MAX, "9223372036854775807"},
        {INT64_MIN, "-9223372036854775808"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(text_release) struct text text = {0};
        struct json json = {.text = &text};

        json_integer(&json, cases[i].value);
        assert_text(&text, cases[i].text);
    }
}

Test(json, writes_unsigned_numbers_above_the_signed)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    json_unsigned(&json, UINT64_MAX);
    assert_text(&text, "18446744073709551615");
}

Test(json, writes_digits_as_a_string)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    json_begin_array(&json);
    json_digits(&json, 0);
    json_digits(&json, 1234567890);
    json_end_array(&json);
    assert_text(&text, "[\"0\",\"1234567890\"]");
}

Test(json, writes_seconds_as_short_decimals)
{
    static const struct {
        int64_t nanoseconds;
        const char *text;
    } cases[] = {
        {0, "0"},
        {999, "0"},
        {-999, "0"},
        {1000, "0.000001"},
        {10000000, "0.01"},
        {377000000, "0.377"},
        {1000000000, "1"},
        {1000000999, "1"},
        {2377123456, "2.377123"},
        {10500000000, "10.5"},
        {-1500000000, "-1.5"},
        {INT64_MAX, "9223372036.854775"},
        {INT64_MIN, "-9223372036.854775"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(text_release) struct text text = {0};
        struct json json = {.text = &text};

        json_seconds(&json, cases[i].nanoseconds);
        assert_text(&text, cases[i].text);
    }
}

Test(json, escapes_what_must_not_stand_in_a_string)
{
    static const struct {
        struct slice bytes;
        const char *text;
    } cases[] = {
        {{"", 0}, "\"\""},
        {{NULL, 0}, "\"\""},
        {{"a\"b\\c/d", 7}, "\"a\\\"b\\\\c/d\""},
        {{"\b\f\n\r\t", 5}, "\"\\b\\f\\n\\r\\t\""},
        {{"\0\x01\x1f\x7f", 4}, "\"\\u0000\\u0001\\u001f\\u007f\""},
        {{"\xc2\x9b\xc2\xa0", 4}, "\"\\u009b\xc2\xa0\""},
        {{"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae", 9}, "\"\\u2028\\u2029\\u202e\""},
        {{"\xe2\x82\xac\xf0\x9f\x98\x80", 7}, "\"\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {{"a\xff"
          "b\xc3",
          4},
         "\"a\xef\xbf\xbd"
         "b\xef\xbf\xbd\""},
        {{"\xed\xa0\x80", 3}, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {{"\xc0\xaf", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(text_release) struct text text = {0};
        struct json json = {.text = &text};

        json_string(&json, cases[i].bytes);
        assert_text(&text, cases[i].text);
    }
}

/* How many bytes the character at the start takes, asking iconv; 0: there is none. */
static size_t character_length(iconv_t converter, char *bytes, size_t length)
{
    for (size_t tried = 1; tried <= 4 && tried <= length; tried++) {
        char *from = bytes, into[8], *to = into;
        size_t from_left = tried, to_left = sizeof into;

        iconv(converter, NULL, NULL, NULL, NULL);
        if (iconv(converter, &from, &from_left, &to, &to_left) == 0 && from_left == 0)
            return tried;
    }
    return 0;
}

static void expect(iconv_t converter, char *bytes, size_t length, struct text *expected)
{
    size_t taken;

    for (size_t at = 0; at < length; at += taken) {
        size_t valid = character_length(converter, bytes + at, length - at);

        taken = valid > 0 ? valid : 1;
        text_append(expected, valid > 0 ? (struct slice){bytes + at, valid} : SLICE("\xef\xbf\xbd"));
    }
}

Test(json, escapes_wherever_in_a_long_string_it_stands)
{
    static const char specials[] = {'"', '\\', '\n', 0x1f, 0x7f};

    for (size_t length = 1; length <= 40; length++) {
        for (size_t at = 0; at < length; at++) {
            for (size_t i = 0; i < sizeof specials; i++) {
                CLEANUP(text_release) struct text text = {0};
                struct json json = {.text = &text};
                char bytes[40];
                cJSON *parsed;

                memset(bytes, '~', sizeof bytes);
                bytes[at] = specials[i];
                json_string(&json, (struct slice){bytes, length});
                cr_assert_eq(text.length > length + 2, true, "nothing is escaped at %zu of %zu", at, length);
                parsed = cJSON_Parse(text.bytes);
                cr_assert_eq(strncmp(cJSON_GetStringValue(parsed), bytes, length), 0);
                cJSON_Delete(parsed);
            }
        }
    }
}

/* Half of them from bytes that begin and continue sequences, so that valid ones come up. */
static void fill_with_random_bytes(char *bytes, size_t length)
{
    static const unsigned char likely[] = {0xc2, 0x80, 0x9f, 0xbf, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xf4, '"', '\\'};

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(random() % 2 ? likely[(size_t)random() % sizeof likely] : 1 + random() % 255);
}

Test(json, gives_random_bytes_back_with_invalid_ones_replaced)
{
    iconv_t converter = iconv_open("UTF-16LE", "UTF-8");

    srandom(1);
    for (int round = 0; round < 20000; round++) {
        CLEANUP(text_release) struct text text = {0};
        CLEANUP(text_release) struct text expected = {0};
        struct json json = {.text = &text};
        char bytes[64];
        size_t length = (size_t)random() % sizeof bytes;
        cJSON *parsed;

        fill_with_random_bytes(bytes, length);
        json_begin_array(&json);
        json_string(&json, (struct slice){bytes, length});
        json_end_array(&json);
        text_append_string(&expected, "");
        expect(converter, bytes, length, &expected);

        parsed = cJSON_Parse(text.bytes);
        cr_assert_not_null(parsed, "%s", text.bytes);
        cr_assert_str_eq(cJSON_GetStringValue(cJSON_GetArrayItem(parsed, 0)), expected.bytes);
        cJSON_Delete(parsed);
        for (size_t i = 0; i < text.length; i++)
            cr_assert((unsigned char)text.bytes[i] >= 0x20 && text.bytes[i] != 0x7f);
    }
    iconv_close(converter);
}

Test(json, writes_random_seconds_to_the_microsecond)
{
    srandom(2);
    for (int round = 0; round < 20000; round++) {
        CLEANUP(text_release) struct text text = {0};
        struct json json = {.text = &text};
        int64_t nanoseconds = (int64_t)random() << (random() % 20);

        json_seconds(&json, nanoseconds);
        cr_assert_float_eq(strtod(text.bytes, NULL), (double)(nanoseconds / 1000) / 1e6, 1e-6);
        cr_assert(!strchr(text.bytes, '.') || text.bytes[text.length - 1] != '0', "%s", text.bytes);
    }
}
