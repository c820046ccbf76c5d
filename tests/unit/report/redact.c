#include "../../../src/report/redact.h"

#include <criterion/criterion.h>
#include <string.h>

struct pair {
    const char *before, *after;
};

static void assert_each(void (*redact)(struct text *, struct slice), const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(text_release) struct text text = {0};

        text_append_string(&text, "> ");
        redact(&text, slice_of(pairs[i].before));
        cr_assert_str_eq(text.bytes + 2, pairs[i].after);
    }
}

Test(redact, hides_user_info_wherever_a_url_can_have_it)
{
    static const struct pair pairs[] = {
        {"https://user:secret@host/a", "https://***@host/a"},
        {"https://user@host", "https://***@host"},
        {"https://a@b:c@host/x@y", "https://***@host/x@y"},
        {"https://us\xc3\xa9r:p\xff@host:81/?q=a@b", "https://***@host:81/?q=a@b"},
        {"HTTP://u:p@[::1]:80/", "HTTP://***@[::1]:80/"},
        {"http:/u:p@host/", "http:/***@host/"},
        {"http:///u:p@host/", "http:///***@host/"},
        {"//u:p@host/", "//***@host/"},
        {"user:secret@host/a", "***@host/a"},
        {"user@host", "***@host"},
        {"https://u:p@host?x", "https://***@host?x"},
        {"https://u:p@host#x", "https://***@host#x"},
    };

    assert_each(redact_url, pairs, sizeof pairs / sizeof *pairs);
}

/* At any place of any length: bytes are looked at sixteen at a time. */
Test(redact, looks_closely_at_a_url_with_any_byte_that_may_have_to_change)
{
    static const char others[] = {0, '\n', 0x1f, '@', 0x7f, (char)0x80, (char)0xff};
    char bytes[40];

    memset(bytes, '~', sizeof bytes);
    bytes[0] = ' ';
    for (size_t length = 0; length <= sizeof bytes; length++)
        cr_assert(redact_leaves_url((struct slice){bytes, length}));
    for (size_t at = 0; at < sizeof bytes; at++) {
        for (size_t i = 0; i < sizeof others; i++) {
            char kept = bytes[at];

            bytes[at] = others[i];
            cr_assert_not(redact_leaves_url((struct slice){bytes, at + 1}));
            cr_assert_not(redact_leaves_url((struct slice){bytes, sizeof bytes}));
            cr_assert(redact_leaves_url((struct slice){bytes, at}));
            bytes[at] = kept;
        }
    }
}

Test(redact, leaves_other_urls_alone)
{
    static const struct pair pairs[] = {
        {"", ""},
        {"https://host/a@b", "https://host/a@b"},
        {"https://host?mail=a@b", "https://host?mail=a@b"},
        {"/path/only@x", "/path/only@x"},
        {"https://h\xc3\xb6st/%20\xe2\x82\xac", "https://h\xc3\xb6st/%20\xe2\x82\xac"},
        {"@", "@"},
        {"://", "://"},
    };

    assert_each(redact_url, pairs, sizeof pairs / sizeof *pairs);
}

Test(redact, percent_encodes_bytes_that_are_no_text)
{
    static const struct pair pairs[] = {
        {"http://h/\xff\x80x", "http://h/%FF%80x"},
        {"http://h/a\nb\x1b[31m\x7f", "http://h/a%0Ab%1B[31m%7F"},
        {"http://h/\xc2\x9b", "http://h/%C2%9B"},
        {"http://h/\xed\xa0\x80", "http://h/%ED%A0%80"},
    };

    assert_each(redact_url, pairs, sizeof pairs / sizeof *pairs);
}

Test(redact, hides_user_info_of_urls_within_sentences)
{
    static const struct pair pairs[] = {
        {"cannot reach 'http://u:p@a/' or https://x@b", "cannot reach 'http://***@a/' or https://***@b"},
        {"at 12:30 mail a@b about http://c/ and d@e", "at 12:30 mail a@b about http://c/ and d@e"},
        {"http://host is not a@b", "http://host is not a@b"},
        {"", ""},
        {"://", "://"},
    };

    assert_each(redact_sentence, pairs, sizeof pairs / sizeof *pairs);
}

Test(redact, knows_the_headers_that_prove_who_asks)
{
    cr_assert(redact_is_secret_header(SLICE("authorization")));
    cr_assert(redact_is_secret_header(SLICE("Proxy-Authorization")));
    cr_assert(redact_is_secret_header(SLICE("cookie")));
    cr_assert(redact_is_secret_header(SLICE("SET-COOKIE")));
    cr_assert_not(redact_is_secret_header(SLICE("set-cookie2x")));
    cr_assert_not(redact_is_secret_header(SLICE("")));
    cr_assert(redact_is_url_header(SLICE("Location")));
    cr_assert_not(redact_is_url_header(SLICE("allocation")));
}
