#include <haul/job/glob.h>

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void write_all(const struct glob *glob, struct text *urls)
{
    CLEANUP(text_release) struct text matches = {0};

    for (uint64_t place = 0; place < glob->count; place++) {
        text_append_string(urls, place > 0 ? " " : "");
        glob_write(glob, place, urls, &matches);
    }
}

Test(glob, stands_for_urls_in_the_order_of_curl)
{
    static const struct {
        const char *pattern, *urls;
    } cases[] = {
        {"h/x", "h/x"},
        {"", ""},
        {"[1-3]", "1 2 3"},
        {"[098-100]", "098 099 100"},
        {"[8-11]", "8 9 10 11"},
        {"[0-10:5]x", "0x 5x 10x"},
        {"[0-9:4]", "0 4 8"},
        {"[a-e:2]", "a c e"},
        {"[X-Z]", "X Y Z"},
        {"[5-5]", "5"},
        {"{a,b}", "a b"},
        {"{a,,b}", "a  b"},
        {"{,a}", " a"},
        {"{a}", "a"},
        {"[1-2]{x,y}[a-b]", "1xa 1xb 1ya 1yb 2xa 2xb 2ya 2yb"},
        {"\\[1-2\\]\\{\\}\\x", "[1-2]{}\\x"},
        {"{a\\,b,c\\}}", "a,b c}"},
        {"http://[::1]:80/[1-2]", "http://[::1]:80/1 http://[::1]:80/2"},
        {"[fe80::1%25eth0]", "[fe80::1%25eth0]"},
        {"x[]", "x[]"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(glob_release) struct glob glob = {.count = 0};
        CLEANUP(text_release) struct text urls = {0};

        cr_assert(glob_read(&glob, slice_of(cases[i].pattern)), "'%s': %s", cases[i].pattern, glob.problem);
        write_all(&glob, &urls);
        cr_expect(slice_equal(text_slice(&urls), slice_of(cases[i].urls)), "'%s': '%s'", cases[i].pattern, urls.bytes);
    }
}

Test(glob, tells_the_column_of_what_is_wrong)
{
    static const struct {
        const char *pattern;
        size_t column;
    } cases[] = {
        {"{}", 1},
        {"a{", 2},
        {"a{b", 2},
        {"a{b,", 2},
        {"a}", 2},
        {"ab]", 3},
        {"[1-", 1},
        {"[1-3", 1},
        {"[3-1]", 1},
        {"x[b-a]", 2},
        {"[A-c]", 1},
        {"[a-1]", 1},
        {"[1-a]", 1},
        {"[1-3:0]", 1},
        {"[1-3:3]", 1},
        {"[1-1:2]", 1},
        {"[1-3:]", 1},
        {"{a{b}}", 3},
        {"{a[1-2]}", 3},
        {"{a]}", 3},
        {"[-1-2]", 1},
        {"[1 - 2]", 1},
        {"[a]", 1},
        {"[", 1},
        {"{a\\", 1},
        {"[1-99999999999999999999]", 1},
        {"[1-2000000][1-2000000]", 12},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(glob_release) struct glob glob = {.count = 0};

        cr_expect_not(glob_read(&glob, slice_of(cases[i].pattern)), "'%s'", cases[i].pattern);
        cr_expect_eq(glob.column, cases[i].column, "'%s': %zu", cases[i].pattern, glob.column);
        cr_expect(glob.problem && glob.problem[0] != '\0');
    }
}

Test(glob, is_made_one_url_at_a_time)
{
    CLEANUP(glob_release) struct glob glob = {.count = 0};
    CLEANUP(text_release) struct text url = {0}, matches = {0};

    cr_assert(glob_read(&glob, SLICE("http://h/[1-1000000000]/{a,b}")));
    cr_assert_eq(glob.count, 2000000000);
    glob_write(&glob, 1999999999, &url, &matches);
    cr_assert_str_eq(url.bytes, "http://h/1000000000/b");
    cr_assert_str_eq(matches.bytes, "\n1000000000\nb");
}

Test(glob, has_bounds)
{
    CLEANUP(text_release) struct text many = {0}, alternatives = {0};
    CLEANUP(glob_release) struct glob glob = {.count = 0}, other = {.count = 0};

    for (int i = 0; i <= GLOB_GLOBS_MAXIMUM; i++)
        text_append_string(&many, "{a}");
    cr_assert(glob_read(&glob, (struct slice){many.bytes, many.length - 3}));
    glob_release(&glob);
    cr_assert_not(glob_read(&glob, text_slice(&many)));
    cr_assert_eq(glob.column, many.length - 2);
    text_append_byte(&alternatives, '{');
    for (int i = 0; i < GLOB_ALTERNATIVES_MAXIMUM; i++)
        text_append_byte(&alternatives, ',');
    text_append_byte(&alternatives, '}');
    cr_assert_not(glob_read(&other, text_slice(&alternatives)));
}

/* Whatever the bytes: refused with a column within them, or as many URLs as it says. */
Test(glob, takes_any_bytes)
{
    static const char bytes[] = "[]{}-:,\\ab019%/";
    unsigned random = 1;

    for (int round = 0; round < 20000; round++) {
        CLEANUP(glob_release) struct glob glob = {.count = 0};
        CLEANUP(text_release) struct text url = {0}, matches = {0};
        char pattern[16];
        size_t length = 0;

        do {
            random = random * 1103515245 + 12345;
            pattern[length++] = bytes[(random >> 16) % sizeof bytes];
        } while (length < sizeof pattern && (random >> 8) % 12 != 0);
        if (glob_read(&glob, (struct slice){pattern, length}))
            glob_write(&glob, glob.count - 1, &url, &matches);
        else
            cr_expect(glob.column >= 1 && glob.column <= length + 1);
    }
}
