#include <haul/base/utf8.h>
#include <haul/job/naming.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define EURO         "\xe2\x82\xac"
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct renaming {
    struct slice given;
    const char *expected;
};

static void repeat(char *bytes, const char *unit, size_t times)
{
    bytes[0] = '\0';
    while (times-- > 0)
        strcat(bytes, unit);
}

static bool is_safe_component(struct slice name)
{
    uint32_t code_point;
    size_t length;

    if (name.length == 0 || name.length > NAMING_MAXIMUM || name.bytes[0] == '.' || name.bytes[0] == '-')
        return false;
    for (; name.length > 0; name = slice_from(name, length)) {
        length = utf8_decode(name, &code_point);
        if (length == 0 || code_point < ' ' || code_point == 0x7f || code_point == '/' || code_point == '\\')
            return false;
    }
    return true;
}

Test(naming, takes_the_last_segment_of_a_url)
{
    static const struct renaming cases[] = {
        {SLICE("/a/b/file.tar.gz"), "file.tar.gz"},
        {SLICE("file"), "file"},
        {SLICE("/two%20words.txt"), "two words.txt"},
        {SLICE("/gr%C3%BC%C3%9Fe"), "gr\xc3\xbc\xc3\x9f"
                                    "e"},
        {SLICE("/100%"), "100%"},
        {SLICE("/100%2"), "100%2"},
        {SLICE("/100%zz%4"), "100%zz%4"},
        {SLICE("/a;b=1,c"), "a;b=1,c"},
        {SLICE("/%F0%9F%98%80"), "\xf0\x9f\x98\x80"},
        {SLICE("/x%2520y"), "x%20y"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_url_path(&arena, cases[i].given), cases[i].expected);
}

Test(naming, calls_a_folder_index_html)
{
    static const struct slice cases[] = {SLICE(""), SLICE("/"), SLICE("/a/"), SLICE("//")};
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_url_path(&arena, cases[i]), "index.html");
}

Test(naming, makes_hostile_urls_harmless)
{
    static const struct renaming cases[] = {
        {SLICE("/."), "_"},
        {SLICE("/.."), "_."},
        {SLICE("/%2e%2e"), "_."},
        {SLICE("/%2e%2e%2f%2E%2E%2Fetc%2fpasswd"), "_._.._etc_passwd"},
        {SLICE("/a/%2fetc%2fpasswd"), "_etc_passwd"},
        {SLICE("/.bashrc"), "_bashrc"},
        {SLICE("/-rf"), "_rf"},
        {SLICE("/%2d-help"), "_-help"},
        {SLICE("/a%00.txt"), "a_.txt"},
        {SLICE("/%00"), "_"},
        {SLICE("/a\0b"), "a_b"},
        {SLICE("/a%0d%0ab"), "a__b"},
        {SLICE("/%1b%5b2Jx"), "_[2Jx"},
        {SLICE("/a\x7f"), "a_"},
        {SLICE("/%C2%9B31m"), "_31m"},
        {SLICE("/..%5c..%5cwindows"), "_._.._windows"},
        {SLICE("/C:\\x"), "C:_x"},
        {SLICE("/photo%E2%80%AEgpj.exe"), "photo_gpj.exe"},
        {SLICE("/a%E2%81%A6b%D8%9Cc%E2%80%8Ed"), "a_b_c_d"},
        {SLICE("/a%E2%80%A8b"), "a_b"},
        {SLICE("/%EF%BB%BFa"), "_a"},
        {SLICE("/%ff%fe"), "__"},
        {SLICE("/a%E2%82b"), "a__b"},
        {SLICE("/%C0%AF"), "__"},
        {SLICE("/%ED%A0%80"), "___"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_url_path(&arena, cases[i].given), cases[i].expected,
                         "'" SLICE_FORMAT "' gave '%s'", SLICE_ARGUMENT(cases[i].given),
                         naming_from_url_path(&arena, cases[i].given));
}

Test(naming, cuts_a_long_name_but_keeps_its_extension)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char given[512], expected[512];

    repeat(given, "x", 300);
    repeat(expected, "x", NAMING_MAXIMUM);
    cr_assert_str_eq(naming_from_url_path(&arena, slice_of(given)), expected);

    strcat(given, ".tar.gz");
    repeat(expected, "x", NAMING_MAXIMUM - strlen(".gz"));
    strcat(expected, ".gz");
    cr_assert_str_eq(naming_from_url_path(&arena, slice_of(given)), expected);

    strcpy(given, "x.");
    repeat(given + 2, "y", 300);
    repeat(expected + 2, "y", NAMING_MAXIMUM - 2);
    memcpy(expected, "x.", 2);
    cr_assert_str_eq(naming_from_url_path(&arena, slice_of(given)), expected);
}

Test(naming, cuts_a_long_name_between_characters)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char given[512], expected[512];

    repeat(given, EURO, 100);
    strcat(given, ".txt");
    repeat(expected, EURO, (NAMING_MAXIMUM - strlen(".txt")) / strlen(EURO));
    strcat(expected, ".txt");
    cr_assert_str_eq(naming_from_url_path(&arena, slice_of(given)), expected);
}

Test(naming, leaves_a_name_of_the_maximum_length_alone)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char given[512];

    repeat(given, "x", NAMING_MAXIMUM);
    cr_assert_str_eq(naming_from_url_path(&arena, slice_of(given)), given);
}

Test(naming, makes_one_safe_component_of_any_bytes)
{
    static const char alphabet[] = "%/\\.-2eEfF05c\0\n\x7f\x80\xc2\xe2\x82\xac\xff:ax";

    srandom(1);
    for (int round = 0; round < 20000; round++) {
        CLEANUP(arena_release) struct arena arena = {0};
        char bytes[300];
        struct slice given = {bytes, (size_t)random() % sizeof(bytes)};

        for (size_t i = 0; i < given.length; i++)
            bytes[i] = alphabet[(size_t)random() % (sizeof(alphabet) - 1)];
        cr_assert(is_safe_component(slice_of(naming_from_url_path(&arena, given))));

        enum naming_reason reason;
        const char *suggested = naming_from_server(&arena, given, &reason);

        cr_assert(!suggested || is_safe_component(slice_of(suggested)));
    }
}

Test(naming, takes_the_base_of_what_a_server_suggests)
{
    static const struct renaming cases[] = {
        {SLICE("report.pdf"), "report.pdf"},
        {SLICE("/etc/passwd"), "passwd"},
        {SLICE("..\\..\\C:\\autoexec.bat"), "autoexec.bat"},
        {SLICE("a\\b/c\\d"), "d"},
        {SLICE("../.."), "_."},
        {SLICE("%2e%2e%2f"), "%2e%2e%2f"},
        {SLICE(".profile"), "_profile"},
        {SLICE("a\nb"), "a_b"},
    };
    CLEANUP(arena_release) struct arena arena = {0};
    enum naming_reason reason;

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_server(&arena, cases[i].given, &reason), cases[i].expected);
    cr_assert_null(naming_from_server(&arena, SLICE(""), &reason));
    cr_assert_null(naming_from_server(&arena, SLICE("folder/"), &reason));
}

Test(naming, lets_a_user_name_folders)
{
    static const char *const names[] = {"a",   "a/b/c", ".hidden", "-dash", "a b",
                                        "./a", "a/./b", "..a",     "a..",   "gr\xfc\xdf"};
    char longest[512];

    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_null(naming_problem(slice_of(names[i])), "'%s'", names[i]);
    repeat(longest, "x", NAMING_USER_MAXIMUM);
    cr_assert_null(naming_problem(slice_of(longest)));
}

Test(naming, refuses_a_users_name_that_leaves_the_folder_or_names_none)
{
    static const struct slice names[] = {
        SLICE(""),     SLICE("/"),     SLICE("/etc/passwd"), SLICE(".."), SLICE("../a"), SLICE("a/../b"),
        SLICE("a/.."), SLICE("a//b"),  SLICE("a/"),          SLICE("."),  SLICE("a/."),  SLICE("a\nb"),
        SLICE("a\0b"), SLICE("\x1b["), SLICE("a\x7f"),       SLICE("\t"),
    };
    char longer[512];

    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_not_null(naming_problem(names[i]), "'" SLICE_FORMAT "'", SLICE_ARGUMENT(names[i]));
    repeat(longer, "x", NAMING_USER_MAXIMUM + 1);
    cr_assert_not_null(naming_problem(slice_of(longer)));
}

Test(naming, fills_a_template)
{
    static const struct naming_fields fields = {
        .name = SLICE("file.tar.gz"),
        .host = SLICE("a.example"),
        .path = SLICE("one/t%77o/file.tar.gz"),
        .index = 42,
        .tag = SLICE("nightly"),
    };
    static const struct renaming cases[] = {
        {SLICE("{name}"), "file.tar.gz"}, {SLICE("{host}/{path}"), "a.example/one/two/file.tar.gz"},
        {SLICE("{index}{ext}"), "42.gz"}, {SLICE("{tag}/x-{index}-{name}"), "nightly/x-42-file.tar.gz"},
        {SLICE("{{name}}"), "{name}"},    {SLICE("a}}{{{index}}}"), "a}{42}"},
        {SLICE("plain"), "plain"},        {SLICE(".hidden/{name}"), ".hidden/file.tar.gz"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect_null(naming_template_problem(&arena, cases[i].given));
        cr_expect_str_eq(naming_from_template(&arena, cases[i].given, &fields), cases[i].expected);
    }
}

Test(naming, gives_a_path_its_folders_and_each_a_safe_name)
{
    static const struct renaming cases[] = {
        {SLICE(""), "index.html"},
        {SLICE("/"), "index.html"},
        {SLICE("/a"), "a"},
        {SLICE("a/"), "a/index.html"},
        {SLICE("a//b"), "a/_/b"},
        {SLICE("../../etc/passwd"), "_./_./etc/passwd"},
        {SLICE("%2e%2e/%2fetc"), "_./_etc"},
        {SLICE("a%2f..%2fb"), "a_.._b"},
        {SLICE("./-x/.ssh"), "_/_x/_ssh"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_template(&arena, SLICE("{path}"), &(struct naming_fields){.path = cases[i].given}),
                         cases[i].expected);
}

Test(naming, keeps_fields_inside_the_folder)
{
    static const struct {
        struct slice template;
        struct naming_fields fields;
        const char *expected;
    } cases[] = {
        {SLICE("{tag}/{name}"), {.tag = SLICE("../.."), .name = SLICE("a")}, "_._../a"},
        {SLICE("{tag}/{name}"), {.tag = SLICE("/etc"), .name = SLICE("a")}, "_etc/a"},
        {SLICE("{tag}/{name}"), {.name = SLICE("a")}, "a"},
        {SLICE("{tag}"), {.index = 0}, "_"},
        {SLICE("..{ext}"), {.name = SLICE("a")}, "_"},
        {SLICE(".{tag}"), {.index = 0}, "_"},
        {SLICE("a{tag}/.{tag}.{tag}/b"), {.index = 0}, "a/_/b"},
        {SLICE("{host}"), {.host = SLICE("[2001:db8::1]")}, "[2001_db8__1]"},
        {SLICE("{name}{ext}"), {.name = SLICE("a.b\nc")}, "a.b_c.b_c"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(naming_from_template(&arena, cases[i].template, &cases[i].fields), cases[i].expected,
                         "case %zu", i);
}

Test(naming, cuts_what_a_template_makes_too_long)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char given[512];
    const char *name;

    repeat(given, "x", 200);
    strcat(given, ".txt");
    name = naming_from_template(&arena, SLICE("a/{tag}-{name}"),
                                &(struct naming_fields){.name = slice_of(given), .tag = slice_of(given)});
    cr_assert_eq(strlen(name), strlen("a/") + NAMING_MAXIMUM);
    cr_assert(slice_ends_with(slice_of(name), SLICE("x.txt")));
    cr_assert_null(naming_problem(slice_of(name)));
}

#define KNOWN "; there are {name}, {ext}, {host}, {path}, {index} and {tag}"

Test(naming, says_what_is_wrong_with_a_template)
{
    static const struct renaming cases[] = {
        {SLICE("{nmae}"), "the template has an unknown field '{nmae}'" KNOWN},
        {SLICE("{}"), "the template has an unknown field '{}'" KNOWN},
        {SLICE("{Name}"), "the template has an unknown field '{Name}'" KNOWN},
        {SLICE("{name"), "the template has a single '{' in it; write it twice"},
        {SLICE("a}b"), "the template has a single '}' in it; write it twice"},
        {SLICE("{{name}"), "the template has a single '}' in it; write it twice"},
        {SLICE("../{name}"), "the name has '..' in it"},
        {SLICE("/tmp/{name}"), "the name is absolute"},
        {SLICE(""), "the name is empty"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *problem = naming_template_problem(&arena, cases[i].given);

        cr_assert_not_null(problem, "'%s'", cases[i].given.bytes);
        cr_expect_str_eq(problem, cases[i].expected);
    }
}

Test(naming, numbers_those_that_share_a_name)
{
    CLEANUP(arena_release) struct arena arena = {0};

    cr_assert_str_eq(naming_numbered(&arena, SLICE("a/b.txt"), 1), "a/b.txt.1");
    cr_assert_str_eq(naming_numbered(&arena, SLICE("b"), 12345), "b.12345");
}

Test(naming, fills_in_what_globs_stand_for)
{
    static const struct {
        struct slice template, matches;
        const char *expected;
    } cases[] = {
        {SLICE("file_#1.txt"), SLICE("\n7"), "file_7.txt"},
        {SLICE("#2#1"), SLICE("\na\nb"), "ba"},
        {SLICE("#1-#2"), SLICE("\na\n"), "a-"},
        {SLICE("#3x#0"), SLICE("\na\nb"), "#3x#0"},
        {SLICE("#1"), SLICE(""), "#1"},
        {SLICE("#11"), SLICE("\na"), "#11"},
        {SLICE("a#b#"), SLICE("\na"), "a#b#"},
        {SLICE("#1"), SLICE("\n../x"), "_._x"},
        {SLICE("#99999999999999999999"), SLICE("\na"), "#99999999999999999999"},
        {SLICE("{index}#1"), SLICE("\na"), "0a"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct naming_fields fields = {.matches = cases[i].matches};

        cr_expect_null(naming_template_problem(&arena, cases[i].template));
        cr_expect_str_eq(naming_from_template(&arena, cases[i].template, &fields), cases[i].expected);
    }
}
