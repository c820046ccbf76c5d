#include "step.h"
#include "note.h"
#include "output.h"
#include "place.h"
#include "write.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int step_fail(const struct step *step, const char *verb, int result)
{
    return fail(step->error, ERROR_DISK, -result, "cannot %s '%s': %s", verb, step->output->path, strerror(-result));
}

static int refuse_part_of_another(const struct step *step)
{
    return fail(step->error, ERROR_DISK, EWOULDBLOCK, "another run is writing '%s.part'", step->output->path);
}

int step_make_part(const struct step *step)
{
    struct output *output = step->output;
    int result = part_open(&output->part, output->folder, output->name);

    if (result == -EWOULDBLOCK)
        return refuse_part_of_another(step);
    if (result < 0)
        return fail(step->error, ERROR_DISK, -result, "cannot make '%s.part': %s", output->path, strerror(-result));
    return 0;
}

/* Bytes that are the first and the last need no part file, unless something is to be replaced. */
static int make_file(const struct step *step)
{
    struct output *output = step->output;

    if (!step->more_follows && !output->replaces && !output->repeats &&
        part_open_unnamed(&output->part, output->folder, output->name) == 0)
        return 0;
    return step_make_part(step);
}

/* Where bytes go. */
static int put(const struct output *output, struct slice bytes, const struct co_token *token)
{
    if (output->goes_nowhere)
        return 0;
    return output->folder ? write_file(output->part.fd, bytes) : write_stream(STDOUT_FILENO, bytes, token);
}

static int write_bytes(const struct step *step, const struct co_token *token)
{
    struct output *output = step->output;
    int result = put(output, step->bytes, token);

    if (result == -ECANCELED)
        return result;
    if (result < 0) {
        part_remove(&output->part); /* gives a full disk its room back */
        return step_fail(step, "write", result);
    }
    if (output->digest && !output->scattered)
        digest_add(output->digest, step->bytes);
    if (!output->scattered)
        expectations_add_bytes(&output->expectations, step->bytes);
    output->size += (int64_t)step->bytes.length;
    return 0;
}

int step_write(void *argument, const struct co_token *token)
{
    const struct step *step = argument;
    struct output *output = step->output;
    int result = 0;

    if (output->folder && output->part.fd < 0)
        result = make_file(step);
    if (result == 0 && step->more_follows && output->note && !output->noted)
        output->noted = note_write(output->part.fd, output->note);
    return result < 0 ? result : write_bytes(step, token);
}

static int refuse_digest(const struct step *step, const struct expectation *expectation)
{
    return fail(step->error, ERROR_DISK, EBADMSG, "%s%sthe %s is %s, not %s",
                expectation->source ? expectation->source : "", expectation->source ? ": " : "", expectation->algorithm,
                expectation->actual, expectation->hex);
}

static int finish(void *argument, const struct co_token *token)
{
    const struct step *step = argument;
    struct output *output = step->output;
    const struct expectation *unmet;
    int result = step_write(argument, token);

    if (result == 0 && output->scattered)
        result = scattered_read(step, token);
    if (result < 0)
        return result;
    if (output->digest)
        digest_finish(output->digest, output->hex);
    unmet = expectations_finish(&output->expectations, output->hex);
    output->whole = !unmet;
    return unmet ? refuse_digest(step, unmet) : 0;
}

/* What an interrupted run had made and not told of is replaced by the same; anything else is somebody's. */
static int give_name(struct output *output)
{
    int result = 0;

    if (output->noted)
        note_remove(output->part.fd);
    if (output->repeats || output->replaces)
        result = part_take_name(&output->part, output->folder, output->name);
    if (result < 0)
        return result;
    if (output->repeats)
        output->replaces = part_is_same(&output->part, output->folder, output->name);
    return part_publish(&output->part, output->folder, output->name, output->replaces);
}

int step_publish(void *argument, const struct co_token *token)
{
    const struct step *step = argument;
    struct output *output = step->output;
    int result = output->whole ? 0 : finish(argument, token);

    if (result < 0)
        return result;
    if (output->folder && output->has_time)
        part_set_time(&output->part, output->time);
    if (output->folder && output->sync)
        result = part_sync(&output->part);
    if (output->folder && result == 0)
        result = give_name(output);
    if (output->folder && output->sync && result == 0)
        result = place_sync(output->folder, output->name);
    if (result == -EWOULDBLOCK)
        return refuse_part_of_another(step);
    if (result < 0 && result != -EBUSY && result != -EEXIST)
        return step_fail(step, "publish", result);
    output->published = result == 0;
    return result;
}

int step_restart(void *argument, const struct co_token *token)
{
    const struct step *step = argument;
    struct output *output = step->output;

    (void)token;
    if (ftruncate(output->part.fd, 0) < 0 || lseek(output->part.fd, 0, SEEK_SET) < 0)
        return step_fail(step, "empty", -errno);
    if (output->noted)
        note_remove(output->part.fd);
    output->noted = false;
    if (output->digest)
        digest_restart(output->digest);
    expectations_restart(&output->expectations);
    output->size = 0;
    output->scattered = false;
    return 0;
}
