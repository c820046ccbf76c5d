/* The bytes of a part file from the file that stands under its final name, which stays as it is meanwhile. */
#include "output.h"
#include "place.h"
#include "step.h"
#include "write.h"

#include <haul/base/memory.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (256 * 1024)

struct taking {
    struct step step;
    int64_t size;
};

static int copy(struct taking *taking, int from, char *piece, const struct co_token *token)
{
    struct output *output = taking->step.output;
    ssize_t count;
    int result = 0;

    while (result == 0 && (count = read(from, piece, PIECE)) != 0) {
        if (co_token_cancelled(token))
            return -ECANCELED;
        if (count < 0)
            return step_fail(&taking->step, "read", -errno);
        result = write_file(output->part.fd, (struct slice){piece, (size_t)count});
        taking->size += count;
    }
    return result < 0 ? step_fail(&taking->step, "write", result) : 0;
}

static bool is_ours(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() && status.st_size > 0;
}

static int take_on_thread(void *argument, const struct co_token *token)
{
    struct taking *taking = argument;
    struct output *output = taking->step.output;
    int from = place_open_file(output->folder, output->name), result = 0;
    char *piece;

    if (from < 0)
        return 0;
    if (is_ours(from)) {
        result = step_make_part(&taking->step);
        piece = memory_allocate(PIECE);
        if (result == 0)
            result = copy(taking, from, piece, token);
        free(piece);
    }
    close(from);
    return result;
}

int64_t output_take_beginning(struct co_task *self, struct output *output, struct error *error)
{
    struct taking taking = {.step = {.output = output, .error = error}};
    int result = co_to_thread(self, take_on_thread, &taking);

    output->broken = result < 0;
    if (result < 0)
        return result;
    output->size = taking.size;
    output->scattered = taking.size > 0; /* digests are of what is there in the end */
    return taking.size;
}
