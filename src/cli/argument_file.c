#include "argument_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE (64 * 1024)

static bool read_all(int fd, size_t maximum, struct text *bytes, const char **ret_problem)
{
    size_t before = bytes->length;

    for (;;) {
        ssize_t count;

        text_reserve(bytes, PIECE);
        count = read(fd, bytes->bytes + bytes->length, PIECE);
        if (count == 0)
            return true;
        if (count < 0 && errno != EINTR) {
            *ret_problem = strerror(errno);
            return false;
        }
        bytes->length += count > 0 ? (size_t)count : 0;
        if (bytes->length - before > maximum) {
            *ret_problem = "the file is too large";
            return false;
        }
    }
}

bool argument_file_read(const char *path, size_t maximum, struct text *bytes, const char **ret_problem)
{
    bool is_input = strcmp(path, "-") == 0, whole;
    int fd = is_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        *ret_problem = strerror(errno);
        return false;
    }
    whole = read_all(fd, maximum, bytes, ret_problem);
    if (!is_input)
        close(fd);
    return whole;
}
