/* Usage: receive_loop PORT PATH COUNT BYTES [FOLDER]
 *
 * The floor under any client: asks COUNT connections to the loopback for PATH and receives until each has had a head
 * and BYTES bytes of body, which are dropped, or written to FOLDER/1, FOLDER/2 ... */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT_MAXIMUM 64
#define BUFFER_SIZE   (256 * 1024)

struct body {
    int file; /* -1: dropped */
    long long left;
};

static void fail(const char *what)
{
    fprintf(stderr, "receive_loop: cannot %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static int ask(int port, const char *path)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) < 0 ||
        dprintf(connection, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path) < 0)
        fail("ask");
    return connection;
}

static int create(const char *folder, int number)
{
    char path[4096];
    int file;

    if (folder == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/%d", folder, number);
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        fail("create a file");
    return file;
}

static void take(struct body *body, const char *bytes, size_t length)
{
    body->left -= (long long)length;
    while (body->file >= 0 && length > 0) {
        ssize_t written = write(body->file, bytes, length);

        if (written < 0)
            fail("write");
        bytes += written;
        length -= (size_t)written;
    }
}

static ssize_t receive(int connection, char *buffer)
{
    ssize_t length = recv(connection, buffer, BUFFER_SIZE, 0);

    if (length <= 0)
        fail("receive");
    return length;
}

/* The head is small and comes with the first bytes. */
static void receive_head(int connection, struct body *body, char *buffer)
{
    ssize_t length = receive(connection, buffer);
    const char *end = memmem(buffer, (size_t)length, "\r\n\r\n", 4);

    if (end == NULL || strncmp(buffer, "HTTP/1.1 200", 12) != 0) {
        fprintf(stderr, "receive_loop: not the reply that was hoped for\n");
        exit(EXIT_FAILURE);
    }
    take(body, end + 4, (size_t)(buffer + length - end - 4));
}

static void receive_all(struct pollfd *connections, struct body *bodies, int count, char *buffer)
{
    int unfinished = count;

    while (unfinished > 0) {
        if (poll(connections, (nfds_t)count, -1) < 0)
            fail("wait");
        for (int i = 0; i < count; i++) {
            if (connections[i].revents == 0)
                continue;
            take(&bodies[i], buffer, (size_t)receive(connections[i].fd, buffer));
            if (bodies[i].left <= 0) {
                connections[i].fd = -1;
                unfinished--;
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct pollfd connections[COUNT_MAXIMUM];
    struct body bodies[COUNT_MAXIMUM];
    static char buffer[BUFFER_SIZE];
    int count = argc > 3 ? atoi(argv[3]) : 0;

    if (argc < 5 || argc > 6 || count < 1 || count > COUNT_MAXIMUM) {
        fprintf(stderr, "usage: receive_loop PORT PATH COUNT BYTES [FOLDER]\n");
        return EXIT_FAILURE;
    }
    for (int i = 0; i < count; i++) {
        connections[i] = (struct pollfd){.fd = ask(atoi(argv[1]), argv[2]), .events = POLLIN};
        bodies[i] = (struct body){.file = create(argv[5], i + 1), .left = atoll(argv[4])};
    }
    for (int i = 0; i < count; i++)
        receive_head(connections[i].fd, &bodies[i], buffer);
    receive_all(connections, bodies, count, buffer);
}
