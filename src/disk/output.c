#include "digest.h"
#include "part.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>
#include <haul/co/thread.h>
#include <haul/disk/output.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct output {
    struct folder *folder; /* NULL: standard output */
    char *name;            /* in the folder */
    char *path;            /* for people */
    struct part part;
    struct digest *digest;
    char hex[DIGEST_HEX_SIZE];
    int64_t size;
    bool whole; /* the last bytes are written and digested */
    bool published;
};

/* A piece of work for a thread. */
struct step {
    struct output *output;
    struct slice bytes;
    const char *name;
    struct error *error;
};

static int fail_on(const struct step *step, int result, const char *what)
{
    if (result == -EBUSY || result == -EEXIST)
        return result;
    if (result == -EWOULDBLOCK)
        return fail(step->error, ERROR_DISK, EWOULDBLOCK, "another run is writing '%s.part'", step->output->path);
    return fail(step->error, ERROR_DISK, -result, "cannot %s '%s': %s", what, step->output->path, strerror(-result));
}

static void set_name(struct output *output, const char *name)
{
    struct text path = {.length = 0};
    const char *folder = output->folder->path;

    free(output->name);
    free(output->path);
    output->name = memory_copy_string(name);
    if (strcmp(folder, ".") != 0)
        text_append_format(&path, "%s%s", folder, slice_ends_with(slice_of(folder), SLICE("/")) ? "" : "/");
    text_append_string(&path, name);
    output->path = text_take(&path);
}

static uint64_t hash_of(const char *name)
{
    return names_hash(name, strlen(name));
}

static int look_on_thread(void *argument, const struct co_token *token)
{
    const struct step *step = argument;

    (void)token;
    return part_look(step->output->folder, step->name);
}

/* 0: the name is now this output's. */
static int take_name(struct co_task *self, struct output *output, const char *name, struct error *error)
{
    struct folder *folder = output->folder;
    struct step step = {.output = output, .name = name, .error = error};
    int result = 0;

    if (!names_add(&folder->taken, hash_of(name)))
        return -EBUSY;
    if (folder_may_have_held(folder, name))
        result = co_to_thread(self, look_on_thread, &step);
    if (result == 0) {
        set_name(output, name);
        return 0;
    }
    names_remove(&folder->taken, hash_of(name));
    if (result == -ECANCELED || result == -EBUSY || result == -EEXIST)
        return result;
    return fail(error, ERROR_DISK, -result, "cannot look for '%s': %s", name, strerror(-result));
}

static int open_output(const struct output_options *options, struct error *error, struct output **ret_output)
{
    struct output *output = memory_allocate(sizeof *output);

    output->part.fd = -1;
    if (options->digest) {
        output->digest = digest_open(options->digest);
        if (!output->digest) {
            free(output);
            return fail(error, ERROR_DISK, 0, "no digest is called '%s'", options->digest);
        }
    }
    *ret_output = output;
    return 0;
}

int output_open(struct co_task *self, struct folder *folder, const char *name, const struct output_options *options,
                struct error *error, struct output **ret_output)
{
    struct output *output = NULL;
    int result = open_output(options, error, &output);

    if (result < 0)
        return result;
    output->folder = folder;
    result = take_name(self, output, name, error);
    if (result < 0) {
        digest_close(output->digest);
        free(output);
        return result;
    }
    *ret_output = output;
    return 0;
}

int output_open_stdout(const struct output_options *options, struct error *error, struct output **ret_output)
{
    int result = open_output(options, error, ret_output);

    if (result < 0)
        return result;
    (*ret_output)->path = memory_copy_string("standard output");
    return 0;
}

static int write_bytes(struct step *step)
{
    struct output *output = step->output;
    int result = 0;

    if (output->folder && output->part.fd < 0)
        result = part_open(&output->part, output->folder, output->name);
    if (result == -EEXIST) { /* not the name itself: no other name is to be tried for it */
        fail(step->error, ERROR_DISK, EEXIST, "'%s.part' is in the way", output->path);
        return -EIO;
    }
    if (result < 0)
        return fail_on(step, result, "make");
    result = part_write(output->folder ? output->part.fd : STDOUT_FILENO, step->bytes);
    if (result < 0)
        return fail_on(step, result, "write");
    if (output->digest)
        digest_add(output->digest, step->bytes);
    output->size += (int64_t)step->bytes.length;
    return 0;
}

static int write_on_thread(void *argument, const struct co_token *token)
{
    (void)token;
    return write_bytes(argument);
}

static int publish_on_thread(void *argument, const struct co_token *token)
{
    struct step *step = argument;
    struct output *output = step->output;
    int result = output->whole ? 0 : write_bytes(step);

    (void)token;
    if (result < 0)
        return result;
    if (!output->whole && output->digest)
        digest_finish(output->digest, output->hex);
    output->whole = true;
    if (output->folder) {
        result = part_publish(&output->part, output->folder);
        if (result < 0)
            return fail_on(step, result, "publish");
        part_close(&output->part);
    }
    output->published = true;
    return 0;
}

int output_write(struct co_task *self, struct output *output, struct slice bytes, struct error *error)
{
    struct step step = {.output = output, .bytes = bytes, .error = error};

    return co_to_thread(self, write_on_thread, &step);
}

int output_publish(struct co_task *self, struct output *output, struct slice bytes, struct error *error)
{
    struct step step = {.output = output, .bytes = bytes, .error = error};

    if (output->folder && output->size == 0)
        return co_work_queue_run(self, output->folder->small_work, publish_on_thread, &step);
    return co_to_thread(self, publish_on_thread, &step);
}

static int move_on_thread(void *argument, const struct co_token *token)
{
    struct step *step = argument;
    int result = part_move(&step->output->part, step->output->folder, step->name);

    (void)token;
    return result < 0 ? fail_on(step, result, "rename the part file of") : 0;
}

int output_rename(struct co_task *self, struct output *output, const char *name, struct error *error)
{
    struct step step = {.output = output, .name = name, .error = error};
    uint64_t old = hash_of(output->name);
    int result = take_name(self, output, name, error);

    if (result < 0)
        return result;
    names_remove(&output->folder->taken, old);
    return output->part.fd < 0 ? 0 : co_to_thread(self, move_on_thread, &step);
}

int64_t output_size(const struct output *output)
{
    return output->size;
}

const char *output_digest(const struct output *output)
{
    return output->hex[0] ? output->hex : NULL;
}

const char *output_path(const struct output *output)
{
    return output->path;
}

bool output_is_published(const struct output *output)
{
    return output->published;
}

static int remove_on_thread(void *argument, const struct co_token *token)
{
    struct output *output = argument;

    (void)token;
    part_remove(&output->part);
    return 0;
}

void output_close(struct co_task *self, struct output *output)
{
    if (!output)
        return;
    if (output->part.fd >= 0)
        co_to_thread_shielded(self, remove_on_thread, output);
    if (output->folder)
        names_remove(&output->folder->taken, hash_of(output->name));
    digest_close(output->digest);
    free(output->name);
    free(output->path);
    free(output);
}
