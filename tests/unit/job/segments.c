#include <haul/job/segments.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MIB SEGMENT_LEAST

static const char *printed(const struct segments *segments)
{
    static char copy[1024];
    CLEANUP(text_release) struct text text = {0};

    segments_print(segments, &text);
    memcpy(copy, text.bytes ? text.bytes : "", text.length);
    copy[text.length] = '\0';
    return copy;
}

Test(segments, the_first_takes_all_and_the_next_the_second_half)
{
    struct segments segments;
    int first, second, third;

    segments_init(&segments, 8 * MIB);
    cr_expect_eq(segments_missing(&segments), 8 * MIB);
    first = segments_take(&segments);
    second = segments_take(&segments);
    third = segments_take(&segments);
    cr_expect_eq(segments.gaps[first].at, 0);
    cr_expect_eq(segments.gaps[first].end, 2 * MIB, "halved twice");
    cr_expect_eq(segments.gaps[second].at, 4 * MIB);
    cr_expect_eq(segments.gaps[third].at, 2 * MIB);
    cr_expect_eq(segments.gaps[third].end, 4 * MIB);
}

Test(segments, a_half_that_is_too_small_is_left_to_who_brings_it)
{
    struct segments segments;

    segments_init(&segments, 2 * MIB - 1);
    cr_expect_geq(segments_take(&segments), 0);
    cr_expect_eq(segments_take(&segments), -1);
}

Test(segments, what_is_given_back_untouched_belongs_to_the_one_before)
{
    struct segments segments;
    int first, second;

    segments_init(&segments, 4 * MIB);
    first = segments_take(&segments);
    second = segments_take(&segments);
    segments_give_back(&segments, second);
    cr_expect_eq(segments.gaps[first].end, 4 * MIB);
    cr_expect_str_eq(printed(&segments), "0-4194303");
}

Test(segments, what_is_given_back_later_is_taken_before_anything_is_halved)
{
    struct segments segments;
    int first, second;

    segments_init(&segments, 8 * MIB);
    first = segments_take(&segments);
    second = segments_take(&segments);
    cr_expect_not(segments_advance(&segments, second, 10));
    segments_give_back(&segments, second);
    cr_expect_eq(segments.gaps[first].end, 4 * MIB);
    second = segments_take(&segments);
    cr_expect_eq(segments.gaps[second].at, 4 * MIB + 10);
    cr_expect_eq(segments_first(&segments), 0);
    cr_expect(segments_advance(&segments, first, 4 * MIB));
    cr_expect_eq(segments_first(&segments), 4 * MIB + 10);
    cr_expect(segments_advance(&segments, second, 4 * MIB - 10));
    cr_expect_eq(segments_first(&segments), 8 * MIB);
    cr_expect_eq(segments_missing(&segments), 0);
    cr_expect_eq(segments_take(&segments), -1);
}

Test(segments, no_more_gaps_than_there_are_places)
{
    struct segments segments;

    segments_init(&segments, 1000 * (int64_t)MIB);
    for (int i = 0; i < SEGMENTS_MAXIMUM; i++)
        cr_expect_geq(segments_take(&segments), 0);
    cr_expect_eq(segments_take(&segments), -1);
    cr_expect_eq(segments_missing(&segments), 1000 * (int64_t)MIB);
}

Test(segments, are_read_as_they_are_printed)
{
    struct segments segments;

    cr_expect(segments_parse(&segments, SLICE("0-9,20-29,99-99"), 100));
    cr_expect_str_eq(printed(&segments), "0-9,20-29,99-99");
    cr_expect_eq(segments_missing(&segments), 21);
}

Test(segments, that_cannot_be_are_not_read)
{
    static const char *const wrong[] = {
        "",
        "-",
        "1",
        "1-",
        "-1",
        "2-1",
        "0-100",
        "0-9,",
        ",0-9",
        "5-9,0-4",
        "0-9,9-12",
        "0-9-12",
        "a-b",
        "0 - 9",
        "0-99999999999999999999",
        "0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16,18-18,20-20,22-22,24-24,26-26,28-28,30-30,32-32",
    };
    struct segments segments;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_not(segments_parse(&segments, slice_of(wrong[i]), 100), "%s", wrong[i]);
}

/* Connections come, bring some, give up; each byte is brought once. */
Test(segments, bring_every_byte_once_whatever_happens)
{
    enum { PIECE = MIB / 16, PIECES = 1600 };
    struct segments segments;
    int places[SEGMENTS_MAXIMUM], busy = 0;
    unsigned char brought[PIECES] = {0};

    srand(4711);
    segments_init(&segments, PIECES * (int64_t)PIECE);
    while (segments_missing(&segments) > 0) {
        int which = busy > 0 ? rand() % busy : 0;
        int place = rand() % 4 == 0 && busy < SEGMENTS_MAXIMUM ? segments_take(&segments) : -1;

        if (place >= 0)
            places[busy++] = place;
        if (busy == 0)
            continue;
        place = places[which];
        if (rand() % 20 == 0) {
            segments_give_back(&segments, place);
        } else {
            int64_t at = segments.gaps[place].at, left = segments.gaps[place].end - at;
            int64_t count = left < PIECE ? left : PIECE - at % PIECE;

            cr_assert_gt(left, 0);
            cr_assert_eq(at % PIECE, 0, "halves are of whole pieces here");
            brought[at / PIECE]++;
            if (!segments_advance(&segments, place, count))
                continue;
        }
        places[which] = places[--busy];
    }
    for (int i = 0; i < PIECES; i++)
        cr_expect_eq(brought[i], 1, "piece %d: %d times", i, brought[i]);
}
