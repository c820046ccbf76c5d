#include "behind.h"

#include <haul/base/memory.h>
#include <haul/co/file.h>
#include <haul/report/report.h>

#include <fcntl.h>
#include <stdlib.h>

#define PIECE (64 * 1024)

int behind_open(struct co_task *self, struct co_group *group, const char *path, struct behind **ret_behind)
{
    int descriptor = co_file_open(self, path, O_RDWR | O_CREAT | O_EXCL, 0600), result;
    struct behind *behind;

    if (descriptor < 0)
        return descriptor;
    co_file_unlink(self, path);
    behind = memory_allocate(sizeof *behind);
    writer_init(&behind->writer, descriptor, REPORT_PENDING_MAXIMUM);
    result = writer_start(self, group, &behind->writer);
    if (result < 0) {
        co_file_close(self, descriptor);
        behind_close(behind);
        return result;
    }
    *ret_behind = behind;
    return 0;
}

static int copy(struct co_task *self, int from, int to)
{
    char *piece = memory_allocate(PIECE);
    int64_t offset = 0;
    ssize_t length;

    do {
        length = co_file_read(self, from, piece, PIECE, offset);
        if (length > 0)
            length = co_file_write(self, to, piece, (size_t)length, -1);
        offset += length;
    } while (length > 0);
    free(piece);
    return (int)length;
}

int behind_finish(struct co_task *self, struct behind *behind, int descriptor)
{
    int result = writer_finish(self, &behind->writer);

    if (result == 0 && descriptor >= 0)
        result = copy(self, behind->writer.descriptor, descriptor);
    co_file_close(self, behind->writer.descriptor);
    return result;
}

void behind_close(struct behind *behind)
{
    if (!behind)
        return;
    writer_release(&behind->writer);
    free(behind);
}
