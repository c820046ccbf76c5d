/* Preloaded into a program, is its resolver: names that end with ".hangs.invalid" never get an answer, those that end
 * with ".late.invalid" get it after half a second, ".gone.invalid" asks to come again, and all others are 127.0.0.1. */
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

struct answer {
    struct addrinfo info;
    struct sockaddr_in address;
};

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);

    return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

EXPORT int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    struct answer *answer;

    while (ends_with(host, ".hangs.invalid"))
        pause();
    if (ends_with(host, ".late.invalid"))
        nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    if (ends_with(host, ".gone.invalid"))
        return EAI_AGAIN;
    answer = calloc(1, sizeof *answer);
    if (!answer)
        return EAI_MEMORY;
    answer->address = (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons((in_port_t)(service ? atoi(service) : 0)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    answer->info = (struct addrinfo){
        .ai_family = AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_protocol = hints ? hints->ai_protocol : 0,
        .ai_addrlen = sizeof answer->address,
        .ai_addr = (struct sockaddr *)&answer->address,
    };
    *result = &answer->info;
    return 0;
}

EXPORT void freeaddrinfo(struct addrinfo *info)
{
    free(info);
}
