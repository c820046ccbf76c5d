#include "note.h"
#include "output.h"
#include "step.h"
#include "write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int begin_on_thread(void *argument, const struct co_token *token)
{
    struct step *step = argument;
    struct output *output = step->output;
    int result = output->part.fd < 0 ? step_make_part(step) : 0;

    (void)token;
    if (result == 0)
        step->noted = step->note && note_write(output->part.fd, step->note);
    return result;
}

static int write_on_thread(void *argument, const struct co_token *token)
{
    struct step *step = argument;
    int fd = step->output->part.fd, result = write_file_at(fd, step->bytes, step->at);

    (void)token;
    if (result < 0)
        return step_fail(step, "write", result);
    step->noted = step->note && note_write(fd, step->note);
    return 0;
}

/* Notes of steps may reach the file in any order: each tells of too much that is missing, at worst.  A piece is written
 * whole also when its task is cancelled: others go on with the file. */
static int run(struct co_task *self, struct step *step, int (*function)(void *argument, const struct co_token *token),
               const struct output_version *version)
{
    struct output *output = step->output;
    int result;

    if (output->broken)
        return output_refuse_broken(output, step->error);
    step->note = version ? note_of(version) : NULL;
    result = co_to_thread_shielded(self, function, step);
    free(step->note);
    output->broken |= result < 0;
    output->noted |= step->noted;
    return result;
}

int output_scatter(struct co_task *self, struct output *output, int64_t there, const struct output_version *version,
                   struct error *error)
{
    struct step step = {.output = output, .error = error};

    output->scattered = true;
    output->size = there;
    return run(self, &step, begin_on_thread, version);
}

int output_write_at(struct co_task *self, struct output *output, int64_t at, struct slice bytes,
                    const struct output_version *version, struct error *error)
{
    struct step step = {.output = output, .at = at, .bytes = bytes, .error = error};
    int result = run(self, &step, write_on_thread, version);

    if (result == 0)
        output->size += (int64_t)bytes.length;
    return result;
}

int scattered_read(const struct step *step, const struct co_token *token)
{
    struct output *output = step->output;
    int fd, result;

    if (!output->digest && output->expectations.count == 0)
        return 0;
    if (output->digest)
        digest_restart(output->digest);
    expectations_restart(&output->expectations);
    fd = openat(output->part.folder_fd, output->part.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return step_fail(step, "read", -errno);
    result = expectations_read(&output->expectations, output->digest, fd, output->size, token);
    close(fd);
    return result == 0 || result == -ECANCELED ? result : step_fail(step, "read", result);
}
