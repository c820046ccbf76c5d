#include <haul/job/disposition.h>
#include <haul/job/naming.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(disposition, suggests_one_safe_name_or_none)
{
    static const struct {
        const char *header, *name, *why;
    } cases[] = {
        {"attachment; filename=\"a.txt\"", "a.txt", "as it should be"},
        {"attachment; filename=a.txt", "a.txt", "a token"},
        {"attachment;filename=a.txt", "a.txt", "no space is needed"},
        {"ATTACHMENT; FILENAME=\"a.txt\"", "a.txt", "names have no case"},
        {"inline; filename=\"a.txt\"", "a.txt", "inline may have a name too"},
        {"form-data; name=\"x\"; filename=\"a.txt\"", "a.txt", "an unknown type does no harm"},
        {"filename=a.txt", "a.txt", "the type is missing"},
        {"attachment; size=5; filename=a.txt", "a.txt", "behind another parameter"},
        {"attachment; filename=a.txt; size=5", "a.txt", "before another parameter"},
        {"attachment; filename = \"a.txt\"", "a.txt", "spaces around the equals sign"},
        {"attachment ;\011filename=\"a.txt\" ;", "a.txt", "white space and a last semicolon"},
        {"attachment;; filename=\"a.txt\"", "a.txt", "an empty parameter"},
        {"attachment; filename=\"two words.txt\"", "two words.txt", "a space in quotes"},
        {"attachment; filename=two words.txt", "two words.txt", "a space without quotes, as many servers do"},
        {"attachment; filename=\"a;b.txt\"", "a;b.txt", "a semicolon in quotes"},
        {"attachment; filename=\"a=b.txt\"", "a=b.txt", "an equals sign in quotes"},
        {"attachment; filename=\"a\\\"b.txt\"", "a\"b.txt", "a quoted quote"},
        {"attachment; filename=\"a\\\\b.txt\"", "b.txt", "a quoted backslash separates where it is one"},
        {"attachment; filename=\"a\\b.txt\"", "ab.txt", "a backslash only quotes"},
        {"attachment; filename=\"%41.txt\"", "%41.txt", "plain names are not decoded"},
        {"attachment; filename=\"a%20b.txt\"", "a%20b.txt", "nor are spaces"},
        {"attachment; filename=\"=\?UTF-8\?B\?YQ==\?=\"", "=\?UTF-8\?B\?YQ==\?=", "nor the words of mail"},
        {"attachment; filename=\"\303\244.txt\"", "\303\244.txt", "UTF-8 as it is"},
        {"attachment; filename=\"\344.txt\"", "\303\244.txt", "else it is ISO-8859-1"},
        {"attachment; filename=\344.txt", "\303\244.txt", "without quotes too"},
        {"attachment; filename*=UTF-8''%c3%a4.txt", "\303\244.txt", "the extended form"},
        {"attachment; filename*=utf-8''%C3%A4.txt", "\303\244.txt", "charsets have no case"},
        {"attachment; filename*=UTF-8'de'%c3%a4.txt", "\303\244.txt", "a language says nothing"},
        {"attachment; filename*=ISO-8859-1''%e4.txt", "\303\244.txt", "the other charset"},
        {"attachment; filename*=UTF-8''a.txt", "a.txt", "nothing to decode"},
        {"attachment; filename*=UTF-8''%e2%82%ac%20rates", "\342\202\254 rates", "the example of the RFC"},
        {"attachment; FileName*=UTF-8''a.txt", "a.txt", "no case there either"},
        {"attachment; filename=b; filename*=UTF-8''a", "a", "the extended form goes first"},
        {"attachment; filename*=UTF-8''a; filename=b", "a", "whichever comes first"},
        {"attachment; filename=b; filename*=UTF-8''%ff", "b", "bad UTF-8 does not count"},
        {"attachment; filename=b; filename*=UTF-8''%c0%af", "b", "nor an overlong slash"},
        {"attachment; filename=b; filename*=UTF-8''%ed%a0%80", "b", "nor a surrogate"},
        {"attachment; filename=b; filename*=UTF-8''%zz", "b", "no digits"},
        {"attachment; filename=b; filename*=UTF-8''a%4", "b", "half an escape"},
        {"attachment; filename=b; filename*=UTF-8''%", "b", "nothing behind the percent"},
        {"attachment; filename=b; filename*=UTF-8''a c", "b", "a space has to be encoded"},
        {"attachment; filename=b; filename*=UTF-8''\303\244", "b", "so has a byte that is not ASCII"},
        {"attachment; filename=b; filename*=UTF-16''a", "b", "a charset that nobody has to know"},
        {"attachment; filename=b; filename*=''a", "b", "no charset"},
        {"attachment; filename=b; filename*=a", "b", "no quotes"},
        {"attachment; filename=b; filename*=UTF-8'a", "b", "one quote"},
        {"attachment; filename=b; filename*=\"UTF-8''a\"", "b", "in quotes it is not the extended form"},
        {"attachment; filename=b; filename*=UTF-8''", "b", "empty"},
        {"attachment; filename*=UTF-8''%2f; filename=b", "b", "nothing is left of it"},
        {"attachment; filename*=bad; filename*=UTF-8''a", "a", "the first valid one"},
        {"attachment; filename*=UTF-8''a; filename*=UTF-8''b", "a", "of two the first"},
        {"attachment; filename=a; filename=b", "a", "of two the first"},
        {"attachment; filename*0=a; filename*1=b", NULL, "pieces are of mail, not of HTTP"},
        {"attachment; filename*0=a; filename=b", "b", "but do no harm"},
        {"attachment", NULL, "no name"},
        {"", NULL, "nothing at all"},
        {";", NULL, "nothing between"},
        {"attachment; filename", NULL, "no value"},
        {"attachment; filename=", NULL, "an empty value"},
        {"attachment; filename=\"\"", NULL, "empty quotes"},
        {"attachment; filename=\"   \"", NULL, "only spaces"},
        {"attachment; filename=\"a.txt", NULL, "a quote that does not end"},
        {"attachment; filename=\"a.txt\\", NULL, "nor does this one"},
        {"attachment; x=\"; filename=a.txt", NULL, "the name is within another value"},
        {"attachment; x=\"; filename=a.txt; \"; filename=b", "b", "and this one is not"},
        {"attachment; filename=\"a\"b", NULL, "something behind the quotes"},
        {"attachment; filename=a\"b\"", NULL, "quotes in a token"},
        {"attachment; =a; filename=b", "b", "a value without a name"},
        {"attachment; xfilename=a", NULL, "another name"},
        {"attachment; filename.x=a", NULL, "another name"},
        {"filename", NULL, "only a type"},
        {"attachment; filename=\"../../etc/passwd\"", "passwd", "folders are dropped"},
        {"attachment; filename=\"/etc/passwd\"", "passwd", "absolute"},
        {"attachment; filename=\"..\\\\..\\\\boot.ini\"", "boot.ini", "the other slash"},
        {"attachment; filename=\"a/b\\\\c/d\"", "d", "both"},
        {"attachment; filename=\"C:\\\\x\\\\a.txt\"", "a.txt", "a drive and folders"},
        {"attachment; filename=\"C:a.txt\"", "a.txt", "a drive alone"},
        {"attachment; filename=\"C: d:a.txt\"", "a.txt", "a drive behind a drive"},
        {"attachment; filename=\"c:\"", NULL, "nothing behind the drive"},
        {"attachment; filename=\"1:2.txt\"", "1:2.txt", "no drive"},
        {"attachment; filename=\"a/\"", NULL, "a folder"},
        {"attachment; filename=\"/\"", NULL, "the root"},
        {"attachment; filename=\".\"", "_", "here"},
        {"attachment; filename=\"..\"", "_.", "one up"},
        {"attachment; filename=\"...\"", "_..", "dots"},
        {"attachment; filename*=UTF-8''..%2f..%2fx", "x", "encoded slashes are slashes"},
        {"attachment; filename*=UTF-8''%2e%2e", "_.", "encoded dots are dots"},
        {"attachment; filename*=UTF-8''..%5cx", "x", "an encoded backslash"},
        {"attachment; filename=\"%2e%2e%2fx\"", "%2e%2e%2fx", "not decoded, so one harmless name"},
        {"attachment; filename*=UTF-8''%252e%252e%252fx", "%2e%2e%2fx", "decoded once only"},
        {"attachment; filename=\".bashrc\"", "_bashrc", "no dot first"},
        {"attachment; filename=\".ssh/authorized_keys\"", "authorized_keys", "no folder"},
        {"attachment; filename=\"-rf\"", "_rf", "no option"},
        {"attachment; filename*=UTF-8''%00", "_", "NUL"},
        {"attachment; filename*=UTF-8''a%00.txt", "a_.txt", "NUL within"},
        {"attachment; filename*=UTF-8''a%0ab", "a_b", "a newline"},
        {"attachment; filename*=UTF-8''a%1b%5b2J", "a_[2J", "an escape sequence"},
        {"attachment; filename*=UTF-8''a%7f", "a_", "DEL"},
        {"attachment; filename*=UTF-8''a%c2%85b", "a_b", "a control above ASCII"},
        {"attachment; filename*=ISO-8859-1''a%85b", "a_b", "the same in the other charset"},
        {"attachment; filename*=UTF-8''%e2%80%aetxt.exe", "_txt.exe", "a mark that turns the direction"},
        {"attachment; filename*=UTF-8''%ef%bb%bfa", "_a", "a byte order mark"},
        {"attachment; filename*=UTF-8''%e2%80%a8a", "_a", "a line separator"},
        {"attachment; filename=\"a\011b\"", "a_b", "a tab"},
        {"attachment; filename=\" a.txt \"", "a.txt", "spaces around"},
        {"attachment; filename=\"CON\"", "_CON", "a device elsewhere"},
        {"attachment; filename=\"nul.txt\"", "_nul.txt", "with an extension too"},
        {"attachment; filename=\"COM1.log\"", "_COM1.log", "a port"},
        {"attachment; filename=\"COM.log\"", "COM.log", "no port"},
        {"attachment; filename=\"console\"", "console", "no device"},
        {"attachment; filename=\"~\"", "~", "only a shell would read more into it"},
        {"attachment; filename=\"$(x)`y`\"", "$(x)`y`", "the same"},
        {"attachment; filename=\"a*b\?c|d\"", "a*b\?c|d", "the same"},
        {"attachment; filename=\"a.part\"", "a.part", "part files are made exclusively"},
        {"attachment; filename=\"\377\376\"", "\303\277\303\276", "no order mark in ISO-8859-1"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum naming_reason reason;
        const char *name = disposition_name(&arena, slice_of(cases[i].header), &reason);

        cr_expect_str_eq(name ? name : "none", cases[i].name ? cases[i].name : "none", "%s: %s", cases[i].header,
                         cases[i].why);
    }
}

Test(disposition, cuts_a_long_name_and_keeps_its_extension)
{
    char header[1024] = "attachment; filename=";
    CLEANUP(arena_release) struct arena arena = {0};
    enum naming_reason reason;
    const char *name;

    memset(header + strlen(header), 'x', 300);
    strcat(header, ".tar");
    name = disposition_name(&arena, slice_of(header), &reason);
    cr_assert_eq(strlen(name), NAMING_MAXIMUM);
    cr_assert(slice_ends_with(slice_of(name), SLICE("x.tar")));
    cr_assert_eq(reason, NAMING_LENGTH);
}

Test(disposition, says_why_a_name_is_another)
{
    static const struct {
        const char *header, *reason;
    } cases[] = {
        {"a; filename=a.txt", NULL},
        {"a; filename=\"two words.txt\"", NULL},
        {"a; filename*=UTF-8''%e2%82%ac", NULL},
        {"a; filename=\"\344\"", NULL},
        {"a; filename=\"../../.bashrc\"", "folders"},
        {"a; filename=\"..\\\\x\"", "folders"},
        {"a; filename=/etc/passwd", "folders"},
        {"a; filename*=UTF-8''..%2fx", "folders"},
        {"a; filename=\"C:\\\\x\"", "folders"},
        {"a; filename=\"C:x\"", "drive"},
        {"a; filename=\"C: d:x\"", "drive"},
        {"a; filename=CON", "device"},
        {"a; filename=lpt1.txt", "device"},
        {"a; filename=..", "beginning"},
        {"a; filename=.bashrc", "beginning"},
        {"a; filename=-rf", "beginning"},
        {"a; filename*=UTF-8''a%00", "characters"},
        {"a; filename*=UTF-8''a%0ab", "characters"},
        {"a; filename*=UTF-8''%e2%80%aetxt.exe", "characters"},
        {"a; filename=\" a \"", "white-space"},
    };
    CLEANUP(arena_release) struct arena arena = {0};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum naming_reason reason;
        const char *told;

        cr_assert_not_null(disposition_name(&arena, slice_of(cases[i].header), &reason), "%s", cases[i].header);
        told = naming_reason_name(reason);
        cr_expect_str_eq(told ? told : "none", cases[i].reason ? cases[i].reason : "none", "%s", cases[i].header);
    }
}

Test(disposition, is_safe_whatever_the_header)
{
    static const char alphabet[] = "filename*=\"'\\;%/.2fUTF-8 a\x01\xc3\xa4\xff";

    srand(7);
    for (unsigned round = 0; round < 100000; round++) {
        CLEANUP(arena_release) struct arena arena = {0};
        char header[80] = "x;filename=";
        size_t start = round % 3 == 0 ? 2 : round % 3 == 1 ? 11 : 0, length = (size_t)rand() % 60;
        enum naming_reason reason;
        const char *name;

        for (size_t i = 0; i < length; i++)
            header[start + i] = alphabet[(size_t)rand() % (sizeof alphabet - 1)];
        name = disposition_name(&arena, (struct slice){header, start + length}, &reason);
        if (!name)
            continue;
        cr_assert(*name && *name != '.' && *name != '-' && !strpbrk(name, "/\\\x01"), "%s", name);
        cr_assert_null(naming_problem(slice_of(name)));
    }
}
