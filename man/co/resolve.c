#include <haul/co/resolve.h>
#include <haul/co/runtime.h>

#include <netdb.h>
#include <stdio.h>

static int look_up(struct co_task *self, void *name)
{
    struct addrinfo *addresses;
    char text[64];
    int result = co_resolve(self, name, "80", &addresses);

    if (result < 0) {
        fprintf(stderr, "%s: %s\n", (char *)name, co_error_text(result));
        return result;
    }
    getnameinfo(addresses->ai_addr, addresses->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    puts(text);
    freeaddrinfo(addresses);
    return 0;
}

int main(void)
{
    return co_run(look_up, "127.0.0.1", NULL) < 0;
}

/* It prints:
 *     127.0.0.1
 */
