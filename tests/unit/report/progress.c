#include "../../../src/report/progress.h"

#include "../../../src/report/shown.h"

#include <haul/base/clock.h>

#include <criterion/criterion.h>
#include <stdlib.h>

static const struct progress halfway = {
    .done = 720,
    .failed = 3,
    .total = 2000,
    .bytes = 73715712,
    .bytes_total = 204800000,
    .rate = 10276044,
    .left = 12 * NANOSECONDS_PER_SECOND,
    .under_way = 2,
    .transfers = {{"some-name.tar.gz", 4718592, 10485760, 2100000000}, {"http://u:p@h/\x1b[2J", 0, -1, 600000000}},
    .transfer_count = 2,
};

static void assert_block(const struct progress *progress, unsigned columns, unsigned rows, const char *expected)
{
    CLEANUP(text_release) struct text text = {0};

    progress_append_block(&text, progress, columns, rows, false);
    cr_assert_str_eq(text.bytes, expected);
}

Test(progress, is_a_bar_and_the_transfers_below_it)
{
    assert_block(&halfway, 100, 24,
                 "[==========>                   ]   35%  720/2000  70.3 MiB  9.8 MiB/s  12 s left  3 failed\n"
                 "   45%     4.5 MiB     2 s  some-name.tar.gz\n"
                 "               0 B     0 s  http://***@h/%1B[2J\n");
}

Test(progress, drops_what_matters_least_in_a_narrow_terminal)
{
    assert_block(&halfway, 40, 1, "720/2000  70.3 MiB  12 s left  3 failed\n");
    assert_block(&halfway, 30, 1, "720/2000  12 s left  3 failed\n");
    assert_block(&halfway, 20, 1, "720/2000  3 failed\n");
    assert_block(&halfway, 9, 1, "720/2000\n");
    assert_block(&halfway, 5, 1, "\n");
}

Test(progress, promises_nothing_while_the_end_is_not_known)
{
    struct progress progress = {.done = 5, .bytes = 100, .bytes_total = -1, .left = -1};

    assert_block(&progress, 80, 24, "5 done  100 B  0 B/s\n");
    progress.total = 10;
    assert_block(&progress, 80, 24, "[===============>              ]   50%  5/10  100 B  0 B/s\n");
}

Test(progress, never_takes_the_last_column_nor_more_rows_than_there_are)
{
    struct progress progress = halfway;

    srand(1);
    for (unsigned i = 0; i < 4; i++)
        progress.transfers[i] = (struct progress_transfer){
            "日本語日本語日本語e\u0301\u202e\x1b[1m日本語日本語日本語日本語日本語日本語日本語日本語", INT64_MAX, -1,
            INT64_MAX};
    progress.transfer_count = 4;
    for (unsigned columns = 1; columns < 250; columns++) {
        CLEANUP(text_release) struct text text = {0};
        struct slice rest, line;
        unsigned lines = 0;

        progress.done = (uint64_t)rand() * (uint64_t)rand();
        progress.bytes = (int64_t)rand() * rand();
        progress_append_block(&text, &progress, columns, 3, columns % 2 == 0);
        for (rest = text_slice(&text); rest.length > 0; lines++) {
            slice_cut(rest, '\n', &line, &rest);
            cr_assert_leq(shown_columns_of_line(line), columns > 1 ? columns - 1 : 1, "%u: %s", columns, text.bytes);
        }
        cr_assert_eq(lines, 3);
    }
}

Test(progress, is_a_sentence_where_there_is_no_terminal)
{
    CLEANUP(text_release) struct text text = {0};

    progress_append_sentence(&text, &halfway);
    cr_assert_str_eq(text.bytes, "720 of 2000 done, 3 failed, 70.3 MiB, 9.8 MiB/s, 12 s left");
}
