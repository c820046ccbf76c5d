#include "value.h"

#include <criterion/criterion.h>

#define BAD INT64_C(-1)

struct value_case {
    const char *written;
    int64_t value; /* or BAD */
};

static void expect(const struct value_case *cases, bool (*parse)(struct slice written, int64_t *ret_value))
{
    for (; cases->written; cases++) {
        int64_t value = BAD;
        bool is_good = parse(slice_of(cases->written), &value);

        cr_expect_eq(value, cases->value, "'%s' is %lld", cases->written, (long long)value);
        cr_expect_eq(is_good, cases->value != BAD, "'%s'", cases->written);
    }
}

Test(value, reads_durations)
{
    static const struct value_case CASES[] = {
        {"0", 0},
        {"2", 2000000000},
        {"1.5", 1500000000},
        {".25", 250000000},
        {"0.0000000019", 1},
        {"500ms", 500000000},
        {"2s", 2000000000},
        {"1m", 60000000000},
        {"1h", 3600000000000},
        {"1.5h", 5400000000000},
        {"1H", 3600000000000},
        {"", BAD},
        {".", BAD},
        {"1.", BAD},
        {"1.2.3", BAD},
        {"s", BAD},
        {"5x", BAD},
        {"5 s", BAD},
        {"-1", BAD},
        {"+1", BAD},
        {"1e3", BAD},
        {"nan", BAD},
        {"99999999999999999999", BAD},
        {"9223372036", BAD},
        {"2562047h", BAD},
        {NULL, 0},
    };

    expect(CASES, value_parse_duration);
}

Test(value, reads_sizes)
{
    static const struct value_case CASES[] = {
        {"0", 0},
        {"100", 100},
        {"64K", 65536},
        {"64k", 65536},
        {"1M", 1048576},
        {"1G", 1073741824},
        {"", BAD},
        {"K", BAD},
        {"1.5K", BAD},
        {"1T", BAD},
        {"1KB", BAD},
        {"-1", BAD},
        {"1 K", BAD},
        {"9223372036854775808", BAD},
        {"8589934592G", BAD},
        {NULL, 0},
    };

    expect(CASES, value_parse_size);
}

Test(value, is_written_in_the_largest_unit_that_fits)
{
    CLEANUP(text_release) struct text text = {0};

    value_append_duration(&text, 3600000000000);
    text_append_byte(&text, ' ');
    value_append_duration(&text, 90000000000);
    text_append_byte(&text, ' ');
    value_append_duration(&text, 1000000);
    text_append_byte(&text, ' ');
    value_append_duration(&text, 0);
    text_append_byte(&text, ' ');
    value_append_size(&text, 65536);
    text_append_byte(&text, ' ');
    value_append_size(&text, 1025);
    cr_assert_str_eq(text.bytes, "1h 90s 1ms 0 64K 1025");
}
