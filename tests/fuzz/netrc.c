/* Files of users and passwords. */
#include "fuzz.h"

#include <haul/http/netrc.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);
    const char *host = arena_copy(&arena, fuzz_next_line(&arena, &rest));
    const char *problem = NULL, *user, *password, *again, *ignored;
    struct netrc *netrc = netrc_parse(&arena, rest, &problem);

    if (!netrc) {
        MUST(problem && problem[0]);
        return 0;
    }
    if (netrc_find(netrc, host, NETRC_MACHINES, NULL, &user, &password)) {
        MUST(user[0] || password[0] || memmem(rest.bytes, rest.length, "\"\"", 2));
        MUST(netrc_find(netrc, host, NETRC_MACHINES_OR_ANY, NULL, &again, &ignored));
    }
    if (netrc_find(netrc, host, NETRC_MACHINES_OR_ANY, "user", &user, &password))
        MUST(strcmp(user, "user") == 0);
    return 0;
}
