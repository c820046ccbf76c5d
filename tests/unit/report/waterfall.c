#include "../../../src/report/waterfall.h"

#include <haul/base/memory.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct waterfall *waterfall;
static const struct waterfall_transfer *list[WATERFALL_MAXIMUM];

static void open_one(void)
{
    waterfall = memory_allocate(sizeof *waterfall);
}

static void close_one(void)
{
    free(waterfall);
}

TestSuite(waterfall, .init = open_one, .fini = close_one);

static void add(uint64_t index, int64_t started_at, int64_t took, enum result_status status)
{
    char url[100];
    struct job job = {.index = index, .source = "-", .url = url};
    struct result result = {.job = &job, .status = status, .url = url, .started_at = started_at, .time_elapsed = took};

    snprintf(url, sizeof url, "http://h/%u", (unsigned)index);
    result.exchange.time.start_transfer = took / 2;
    result.exchange.time.total = took;
    result.attempt_count = 1;
    waterfall_add(waterfall, &result);
}

static bool holds(unsigned count, uint64_t index)
{
    for (unsigned i = 0; i < count; i++)
        if (list[i]->index == index)
            return true;
    return false;
}

Test(waterfall, keeps_all_of_few_by_the_moment_they_began)
{
    unsigned count;

    for (uint64_t i = 1; i <= WATERFALL_SAMPLE; i++)
        add(i, 1000 - (int64_t)i, 10, i % 2 ? RESULT_OK : RESULT_FAILED);
    count = waterfall_list(waterfall, list);
    cr_assert_eq(count, WATERFALL_SAMPLE);
    for (unsigned i = 0; i < count; i++)
        cr_expect_eq(list[i]->index, WATERFALL_SAMPLE - i);
    cr_expect_eq(waterfall->begun_at, 1000 - WATERFALL_SAMPLE);
    cr_expect_eq(waterfall->ended_at, 1009);
}

Test(waterfall, keeps_the_slowest_and_some_of_the_failures_of_many)
{
    unsigned count, failures = 0;

    for (uint64_t i = 1; i <= 100000; i++)
        add(i, (int64_t)i, i % 5000 == 77 ? 1000000 + (int64_t)i : 10, i % 1000 == 1 ? RESULT_FAILED : RESULT_OK);
    count = waterfall_list(waterfall, list);
    cr_assert_leq(count, WATERFALL_MAXIMUM);
    for (uint64_t i = 77; i <= 100000; i += 5000)
        cr_expect(holds(count, i), "%u", (unsigned)i);
    for (unsigned i = 0; i < count; i++)
        failures += list[i]->status == RESULT_FAILED;
    cr_expect_geq(failures, WATERFALL_FAILURES / 2);
    cr_expect_eq(waterfall->count, 100000);
}

Test(waterfall, samples_evenly)
{
    unsigned count;

    for (uint64_t i = 0; i < 10000; i++)
        add(i, 1 + (int64_t)i, 10, RESULT_OK);
    count = waterfall->all.count;
    cr_assert(count >= WATERFALL_SAMPLE / 2 && count <= WATERFALL_SAMPLE);
    for (unsigned i = 0; i < count; i++)
        cr_expect_eq(waterfall->all.kept[i].index, i * waterfall->all.step);
}

Test(waterfall, leaves_out_what_never_began)
{
    struct job job = {.index = 1, .source = "list:1", .url = ""};
    struct result result = {.job = &job, .status = RESULT_FAILED};

    waterfall_add(waterfall, &result);
    cr_expect_eq(waterfall_list(waterfall, list), 0);
}

Test(waterfall, makes_subjects_short_and_harmless)
{
    struct job job = {.index = 1, .source = "-", .url = ""};
    struct result result = {.job = &job, .url = "https://h/\xe2\x80\xae/a", .started_at = 1, .attempt_count = 1};
    char longest[70000];

    waterfall_add(waterfall, &result);
    cr_expect_str_eq(waterfall->all.kept[0].subject, "h/\\xE2\\x80\\xAE/a");
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    result.url = longest;
    waterfall_add(waterfall, &result);
    cr_expect_eq(strlen(waterfall->all.kept[1].subject), WATERFALL_SUBJECT);
}
