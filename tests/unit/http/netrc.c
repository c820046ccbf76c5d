#include <haul/http/netrc.h>

#include <criterion/criterion.h>
#include <string.h>

#define FILE_OF_FOUR                                                                                                   \
    "machine one.example login anna password a\nmachine two.example login bert password b\n"                           \
    "machine one.example login carl password c\ndefault login dora password d\n"

static const struct {
    const char *file, *host, *user; /* user: NULL, any */
    const char *expected;           /* NULL: there is none */
} cases[] = {
    {FILE_OF_FOUR, "one.example", NULL, "anna:a"},
    {FILE_OF_FOUR, "ONE.Example", NULL, "anna:a"},
    {FILE_OF_FOUR, "two.example", NULL, "bert:b"},
    {FILE_OF_FOUR, "one.example", "carl", "carl:c"},
    {FILE_OF_FOUR, "one.example", "Carl", NULL},
    {FILE_OF_FOUR, "three.example", NULL, "dora:d"},
    {FILE_OF_FOUR, "three.example", "dora", "dora:d"},
    {"", "a", NULL, NULL},
    {"machine a login u password p", "b", NULL, NULL},
    {"machine a login u password p", "a", NULL, "u:p"}, /* no newline at the end */
    {"machine\ta\r\n\r\n  login\r\n\tu\r\n\n password\n\n\n p\r\n", "a", NULL, "u:p"},
    {"MACHINE a Login u PassWord p", "a", NULL, "u:p"},
    {"machine a password p login u", "a", NULL, "u:p"},
    {"machine a login u", "a", NULL, "u:"},
    {"machine a password p", "a", NULL, ":p"},
    {"machine a password p", "a", "me", "me:p"},
    {"machine a login u", "a", "u", NULL},
    {"machine a login u machine a login v password w", "a", NULL, "v:w"},
    {"machine a login u default login d password e", "a", NULL, "d:e"}, /* never u with e */
    {"machine a login u\nmachine b password p", "a", NULL, "u:"},
    {"machine a login u password p login v", "a", NULL, "u:p"},
    {"machine a account x login u password p", "a", NULL, "u:p"},
    {"machine a account login login u password p", "a", NULL, "u:p"},
    {"machine a whatever login u password p", "a", NULL, "u:p"},
    {"login lost password lost machine a login u password p", "a", NULL, "u:p"},
    {"# machine a login x password y\nmachine a # login z\nlogin u password p # the end", "a", NULL, "u:p"},
    {"machine a login u#1 password p#2", "a", NULL, "u#1:p#2"},
    {"machine a login \"u v\" password \"#p\\\"q\\\\r\\ts\"", "a", NULL, "u v:#p\"q\\r\ts"},
    {"machine a login u password \"\"", "a", NULL, "u:"},
    {"machine \"a\" \"login\" u password p\"q", "a", NULL, "u:p\"q"},
    {"macdef init\nmachine a login x\npassword y\n\nmachine a login u password p", "a", NULL, "u:p"},
    {"machine b login x password y\nmacdef init\n login a\n\nlogin q\nmachine a login u password p", "b", NULL, "x:y"},
    {"macdef init\nmachine a login x password y", "a", NULL, NULL},
    {"machine ::1 login u password p", "[::1]", NULL, "u:p"},
    {"machine", "machine", NULL, NULL},
    {"machine a login", "a", NULL, NULL},
    {"machine a login machine password default", "a", NULL, "machine:default"},
    {"default login u password p machine a login x password y", "a", NULL, "u:p"},
};

Test(netrc, has_for_a_host_what_the_file_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *problem = NULL, *user, *password, *found = NULL;
        struct netrc *netrc = netrc_parse(&arena, slice_of(cases[i].file), &problem);

        cr_assert(netrc, "%s: %s", cases[i].file, problem);
        if (netrc_find(netrc, cases[i].host, NETRC_MACHINES_OR_ANY, cases[i].user, &user, &password))
            found = arena_format(&arena, "%s:%s", user, password);
        cr_expect_str_eq(found ? found : "none", cases[i].expected ? cases[i].expected : "none", "%s", cases[i].file);
    }
}

Test(netrc, has_no_default_for_a_host_that_a_server_chose)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *problem, *user, *password;
    struct netrc *netrc = netrc_parse(&arena, SLICE(FILE_OF_FOUR), &problem);

    cr_expect(netrc_find(netrc, "two.example", NETRC_MACHINES, NULL, &user, &password));
    cr_expect_not(netrc_find(netrc, "three.example", NETRC_MACHINES, NULL, &user, &password));
    cr_expect_not(netrc_find(NULL, "two.example", NETRC_MACHINES_OR_ANY, NULL, &user, &password));
}

Test(netrc, refuses_what_cannot_be_understood_and_tells_no_secret)
{
    static const struct {
        struct slice file;
        const char *problem;
    } wrong[] = {
        {SLICE("machine a\nlogin u password \"secret\n\""), "a quote in line 2 has no end"},
        {SLICE("machine a login u password \"secret\\\""), "a quote in line 1 has no end"},
        {SLICE("machine a login u password secret\0x"), "it has a NUL in it"},
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *problem = "none";

        cr_expect_null(netrc_parse(&arena, wrong[i].file, &problem));
        cr_expect_str_eq(problem, wrong[i].problem);
    }
}
