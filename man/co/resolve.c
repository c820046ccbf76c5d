#include <haul/co/resolve.h>
#include <haul/co/runtime.h>
#include <haul/co/stream.h>

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static int look_up(struct co_task *self, void *name)
{
    struct sockaddr_storage where = {.ss_family = AF_UNSPEC};
    struct addrinfo *addresses;
    char text[CO_ADDRESS_TEXT];
    int result = co_resolve(self, name, "80", &addresses);

    if (result < 0) {
        fprintf(stderr, "%s: %s\n", (char *)name, co_error_text(result));
        return result;
    }
    for (struct addrinfo *one = addresses; one; one = one->ai_next) { /* one->ai_addr is for co_connect_address */
        memcpy(&where, one->ai_addr, one->ai_addrlen);
        puts(co_address_text(&where, text));
    }
    freeaddrinfo(addresses);
    return 0;
}

int main(void)
{
    return co_run(look_up, "127.0.0.1", NULL) < 0;
}

/* It prints:
 *     127.0.0.1:80
 */
