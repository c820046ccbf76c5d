#include "leftover.h"
#include "output.h"
#include "place.h"
#include "step.h"

#include <haul/base/memory.h>
#include <haul/co/thread.h>
#include <haul/disk/output.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void set_name(struct output *output, const char *name)
{
    CLEANUP(arena_release) struct arena arena = {0};

    free(output->name);
    free(output->path);
    output->name = memory_copy_string(name);
    output->path = memory_copy_string(folder_path_of(output->folder, name, &arena));
}

static uint64_t hash_of(const char *name)
{
    return names_hash(name, strlen(name));
}

struct place {
    const struct folder *folder;
    const char *name;
};

static int look_on_thread(void *argument, const struct co_token *token)
{
    const struct place *place = argument;

    (void)token;
    return place_look(place->folder, place->name);
}

static bool stays_inside(const char *name)
{
    struct slice rest = slice_of(name), component;
    bool more;

    do {
        more = slice_cut(rest, '/', &component, &rest);
        if (component.length == 0 || slice_equal(component, SLICE(".")) || slice_equal(component, SLICE("..")))
            return false;
    } while (more);
    return true;
}

/* What only looks as if this run had made it was there, or has come from elsewhere meanwhile. */
static int whose(const struct folder *folder, const char *name, int result)
{
    return result == -EBUSY && folder_has_anothers(folder, name) ? -EEXIST : result;
}

static int look(struct co_task *self, struct output *output, const char *name, struct error *error)
{
    struct place place = {output->folder, name};
    int result = co_to_thread(self, look_on_thread, &place);

    result = whose(output->folder, name, result);
    if (result == 0 || result == -EBUSY || result == -EEXIST || result == -ESTALE || result == -ECANCELED)
        return result;
    return fail(error, ERROR_DISK, -result, "cannot look for '%s': %s", name, strerror(-result));
}

/* 0: the name is now this output's. */
static int take_name(struct co_task *self, struct output *output, const char *name, struct error *error)
{
    struct folder *folder = output->folder;
    int result = 0;

    if (!stays_inside(name))
        return fail(error, ERROR_DISK, EINVAL, "'%s' is no name for a file in the folder", name);
    if (!names_add(&folder->taken, hash_of(name)))
        return -EBUSY;
    if (folder_may_have_held(folder, name) || folder_is_contested(folder, name))
        result = look(self, output, name, error);
    output->replaces = (result == -EEXIST || result == -ESTALE) && output->may_replace;
    output->repeats = result == -ESTALE && !output->may_replace;
    if (output->replaces || output->repeats)
        result = 0;
    if (result < 0)
        names_remove(&folder->taken, hash_of(name));
    else
        set_name(output, name);
    return result;
}

static int open_output(const struct output_options *options, struct error *error, struct output **ret_output)
{
    struct output *output = memory_allocate(sizeof *output);

    output->part.fd = -1;
    output->may_replace = options->replace;
    output->algorithm = options->digest;
    output->sync = options->sync;
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
    output->first_name = hash_of(name);
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

int output_open_nowhere(const struct output_options *options, struct error *error, struct output **ret_output)
{
    int result = open_output(options, error, ret_output);

    if (result < 0)
        return result;
    (*ret_output)->goes_nowhere = true;
    (*ret_output)->path = memory_copy_string("nowhere");
    return 0;
}

void output_expect(struct output *output, const char *algorithm, const char *hex)
{
    expectations_add(&output->expectations, NULL, algorithm, hex, output->algorithm);
}

void output_expect_told(struct output *output, const char *source, const char *algorithm, const char *hex)
{
    expectations_add(&output->expectations, source, algorithm, hex, output->algorithm);
}

void output_forget_told(struct output *output)
{
    expectations_forget_told(&output->expectations);
}

bool output_told(const struct output *output, unsigned number, struct output_told *ret_told)
{
    return expectations_told(&output->expectations, number, ret_told);
}

int output_refuse_broken(const struct output *output, struct error *error)
{
    return fail(error, ERROR_DISK, EIO, "'%s' lacks bytes that could not be written", output->path);
}

int output_write(struct co_task *self, struct output *output, struct slice bytes, struct error *error)
{
    struct step step = {.output = output, .bytes = bytes, .more_follows = true, .error = error};
    int result;

    if (output->broken)
        return output_refuse_broken(output, error);
    result = co_to_thread(self, step_write, &step);
    output->broken = result < 0;
    return result;
}

int output_restart(struct co_task *self, struct output *output, struct error *error)
{
    struct step step = {.output = output, .error = error};
    int result;

    if (output->broken)
        return output_refuse_broken(output, error);
    if (output->part.fd < 0)
        return 0; /* nothing is written */
    result = co_to_thread(self, step_restart, &step);
    output->broken = result < 0;
    return result;
}

struct taking {
    struct output *output;
    struct leftover leftover;
    int64_t size;
};

static int take_up_on_thread(void *argument, const struct co_token *token)
{
    struct taking *taking = argument;
    struct output *output = taking->output;

    taking->size = leftover_take_up(&taking->leftover, &output->part, output->folder, output->name, token);
    return 0;
}

int64_t output_take_up(struct co_task *self, struct output *output, const char *url, struct arena *arena,
                       struct output_version *ret_version)
{
    struct taking taking = {
        .output = output,
        .leftover = {.url = url, .digest = output->digest, .expectations = &output->expectations},
    };
    int result = co_to_thread(self, take_up_on_thread, &taking);

    if (result < 0)
        return result;
    output->size = taking.size;
    output->noted = taking.size > 0;
    if (output->noted)
        *ret_version = (struct output_version){
            .url = url,
            .size = taking.leftover.version.size,
            .validator = arena_copy_string(arena, taking.leftover.version.validator),
            .missing = arena_copy_string(arena, taking.leftover.version.missing),
        };
    return taking.size;
}

void output_note_version(struct output *output, const struct output_version *version)
{
    free(output->note);
    output->note = note_of(version);
}

bool output_may_go_on(const struct output *output)
{
    return output->folder && !output->broken && !output->whole && output->size > 0;
}

/* What has got the name meanwhile is another's file of before this moment: it may be replaced as well. */
static int publish(struct co_task *self, struct output *output, struct step *step)
{
    bool is_small = output->folder && output->size == 0;
    int result = is_small ? co_work_queue_run(self, output->folder->small_work, step_publish, step)
                          : co_to_thread(self, step_publish, step);

    if (!output->folder)
        return result;
    result = whose(output->folder, output->name, result);
    if (result == -EEXIST && output->may_replace) {
        output->replaces = true;
        result = co_to_thread(self, step_publish, step);
    }
    if (output->published)
        folder_note_published(output->folder, output->name);
    return result;
}

int output_publish(struct co_task *self, struct output *output, struct slice bytes, struct error *error)
{
    struct step step = {.output = output, .bytes = bytes, .error = error};
    int result;

    if (output->broken)
        return output_refuse_broken(output, error);
    result = publish(self, output, &step);
    output->broken = result < 0 && !(output->whole && (result == -EBUSY || result == -EEXIST));
    return result;
}

int output_rename(struct co_task *self, struct output *output, const char *name, struct error *error)
{
    uint64_t old = hash_of(output->name);
    int result = take_name(self, output, name, error);

    if (result == 0 && old != output->first_name)
        names_remove(&output->folder->taken, old);
    return result;
}

void output_set_time(struct output *output, int64_t seconds)
{
    output->has_time = true;
    output->time = seconds;
}

int64_t output_size(const struct output *output)
{
    return output->size;
}

const char *output_digest(const struct output *output)
{
    return output->hex[0] ? output->hex : NULL;
}

const char *output_name(const struct output *output)
{
    return output->name;
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
    if (output->folder) {
        names_remove(&output->folder->taken, output->first_name);
        names_remove(&output->folder->taken, hash_of(output->name));
    }
    digest_close(output->digest);
    expectations_release(&output->expectations);
    free(output->note);
    free(output->name);
    free(output->path);
    free(output);
}

void output_leave(struct co_task *self, struct output *output)
{
    if (output && output->noted && !output->whole)
        part_leave(&output->part);
    output_close(self, output);
}
