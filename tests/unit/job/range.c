#include <haul/job/range.h>

#include <criterion/criterion.h>
#include <string.h>

#define EARLY "Sun, 06 Nov 1994 08:49:36 GMT"
#define LATE  "Sun, 06 Nov 1994 08:49:37 GMT"

static const char *validator(int code, const char *etag, const char *modified, const char *date, const char *accepts)
{
    const char *names[] = {"etag", "last-modified", "date", "accept-ranges"};
    const char *values[] = {etag, modified, date, accepts};
    static struct header headers[4];
    struct exchange exchange = {.response_code = code, .headers = headers};

    for (size_t i = 0; i < 4; i++)
        if (values[i])
            headers[exchange.header_count++] = (struct header){names[i], values[i]};
    return range_validator(&exchange);
}

Test(range, is_proved_by_a_strong_etag_or_by_a_date_that_is_past)
{
    cr_expect_str_eq(validator(200, "\"a\"", NULL, NULL, NULL), "\"a\"");
    cr_expect_str_eq(validator(200, "\"a\"", EARLY, LATE, "bytes"), "\"a\"", "the tag says more");
    cr_expect_str_eq(validator(200, NULL, EARLY, LATE, "bytes"), EARLY);
}

Test(range, is_not_proved_by_anything_weaker)
{
    char endless[RANGE_VALIDATOR_MAXIMUM + 10];

    memset(endless, '"', sizeof endless);
    endless[sizeof endless - 1] = '\0';
    cr_expect_null(validator(200, NULL, NULL, NULL, NULL), "nothing to go by");
    cr_expect_null(validator(200, "W/\"a\"", NULL, LATE, NULL), "a weak tag: other bytes may have it too");
    cr_expect_null(validator(200, "W/\"a\"", EARLY, LATE, NULL), "who has a weak tag does not vouch for bytes");
    cr_expect_null(validator(200, "a", NULL, LATE, NULL), "no tag at all");
    cr_expect_null(validator(200, "\"", NULL, LATE, NULL), "half a tag");
    cr_expect_null(validator(200, endless, NULL, LATE, NULL), "nobody keeps that");
    cr_expect_null(validator(200, NULL, LATE, LATE, NULL), "it may change again within this second");
    cr_expect_null(validator(200, NULL, LATE, EARLY, NULL), "changed in the future");
    cr_expect_null(validator(200, NULL, EARLY, NULL, NULL), "when was that said?");
    cr_expect_null(validator(200, NULL, "lately", LATE, NULL), "no date");
    cr_expect_null(validator(200, "\"a\"", NULL, NULL, "none"), "the server gives no parts");
    cr_expect_null(validator(203, "\"a\"", NULL, NULL, NULL), "somebody changed it on its way");
}

static const char *problem(const char *content_range, const char *etag, int64_t length)
{
    const struct range range = {.from = 5, .validator = "\"a\"", .size = 10};

    return range_problem(&range, &(struct range_answer){content_range, etag, EARLY, length});
}

Test(range, of_parts_is_proved_by_a_strong_etag_where_the_server_says_that_it_gives_parts)
{
    struct header headers[] = {{"etag", "\"a\""}, {"accept-ranges", "bytes"}};
    struct exchange exchange = {.response_code = 200, .headers = headers, .header_count = 2};

    cr_expect_str_eq(range_tag_of_parts(&exchange), "\"a\"");
    exchange.header_count = 1;
    cr_expect_null(range_tag_of_parts(&exchange), "it does not say so");
    exchange.header_count = 2;
    headers[1].value = "none";
    cr_expect_null(range_tag_of_parts(&exchange), "it says that it does not");
    headers[1].value = "bytes";
    headers[0].value = "W/\"a\"";
    cr_expect_null(range_tag_of_parts(&exchange), "a weak tag");
    headers[0].value = "\"a\"";
    exchange.response_code = 203;
    cr_expect_null(range_tag_of_parts(&exchange), "somebody changed it on its way");
}

Test(range, accepts_just_a_part_from_within)
{
    const struct range range = {.from = 5, .to = 7, .validator = "\"a\"", .size = 10};

    cr_expect_null(range_problem(&range, &(struct range_answer){"bytes 5-7/10", "\"a\"", NULL, 3}));
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-9/10", "\"a\"", NULL, 5}));
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-6/10", "\"a\"", NULL, 2}));
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-7/11", "\"a\"", NULL, 3}));
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-7/10", "\"b\"", NULL, 3}));
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-7/10", NULL, NULL, 3}));
}

Test(range, accepts_just_the_rest)
{
    cr_expect_null(problem("bytes 5-9/10", "\"a\"", 5));
    cr_expect_null(problem("Bytes 5-9/10", "\"a\"", -1));
}

Test(range, refuses_whatever_else_comes)
{
    static const struct {
        const char *content_range, *etag;
        int64_t length;
        const char *why;
    } cases[] = {
        {NULL, "\"a\"", 5, "several parts, or a part of nobody knows what"},
        {"", "\"a\"", 5, "empty"},
        {"bytes", "\"a\"", 5, "no numbers"},
        {"bytes 5-9", "\"a\"", 5, "no size"},
        {"bytes 5-9/*", "\"a\"", 5, "is that the end?"},
        {"bytes */10", "\"a\"", 5, "that is for 416"},
        {"pages 5-9/10", "\"a\"", 5, "another unit"},
        {"bytes=5-9/10", "\"a\"", 5, "that is how one asks"},
        {"bytes -5-9/10", "\"a\"", 5, "negative"},
        {"bytes 5-9/99999999999999999999", "\"a\"", 5, "too large to be true"},
        {"bytes 0-9/10", "\"a\"", 10, "from the beginning"},
        {"bytes 6-9/10", "\"a\"", 4, "a gap"},
        {"bytes 4-9/10", "\"a\"", 6, "once too often"},
        {"bytes 5-8/10", "\"a\"", 4, "not to the end"},
        {"bytes 9-5/10", "\"a\"", 5, "backwards"},
        {"bytes 5-10/10", "\"a\"", 6, "past the end"},
        {"bytes 5-9/10", "\"a\"", 6, "the length is another"},
        {"bytes 5-10/11", "\"a\"", 6, "the whole has grown"},
        {"bytes 5-9/10", "\"b\"", 5, "another version"},
        {"bytes 5-9/10", "W/\"a\"", 5, "perhaps another version"},
        {"bytes 5-9/10", NULL, 5, "which version?"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_not_null(problem(cases[i].content_range, cases[i].etag, cases[i].length), "%s", cases[i].why);
}

Test(range, goes_by_the_date_when_that_was_the_proof)
{
    const struct range range = {.from = 5, .validator = EARLY, .size = -1};

    cr_expect_null(range_problem(&range, &(struct range_answer){"bytes 5-9/10", NULL, EARLY, 5}));
    cr_expect_null(range_problem(&range, &(struct range_answer){"bytes 5-9/10", NULL, NULL, 5}), "If-Range held");
    cr_expect_not_null(range_problem(&range, &(struct range_answer){"bytes 5-9/10", NULL, LATE, 5}));
}
