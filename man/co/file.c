#include <haul/co/file.h>
#include <haul/co/runtime.h>

#include <fcntl.h>
#include <stdio.h>

static int print_beginning(struct co_task *self, void *path)
{
    char text[16];
    ssize_t size;
    int fd = co_file_open(self, path, O_RDONLY, 0);

    if (fd < 0) {
        fprintf(stderr, "cannot open '%s': %s\n", (char *)path, co_error_text(fd));
        return fd;
    }
    size = co_file_read(self, fd, text, sizeof text, 0);
    co_file_close(self, fd);
    if (size >= 0)
        printf("%zd bytes\n", size);
    return (int)size;
}

int main(void)
{
    return co_run(print_beginning, "/dev/zero", NULL) < 0;
}

/* It prints:
 *     16 bytes
 */
