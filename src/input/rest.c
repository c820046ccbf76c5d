#include "rest.h"

#include "lines.h"
#include "manifest.h"

#include <haul/base/hash.h>
#include <haul/base/memory.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct left {
    uint64_t key;
    UT_hash_handle hh;
};

static struct left *find(struct rest *rest, uint64_t key)
{
    struct left *left;

    HASH_FIND(hh, rest->left, &key, sizeof key, left);
    return left;
}

static void forget(struct rest *rest, struct left *left)
{
    HASH_DEL(rest->left, left);
    free(left);
}

static void note(struct rest *rest, const struct manifest_result *result)
{
    struct left *left = find(rest, result->key);

    if (left && result->done)
        forget(rest, left);
    if (left || result->done)
        return;
    left = memory_allocate(sizeof *left);
    left->key = result->key;
    HASH_ADD(hh, rest->left, key, sizeof left->key, left);
}

static int open_report(struct co_task *self, const char *name, struct lines *lines, struct error *error)
{
    struct stat status;
    int result;

    if (strcmp(name, "-") == 0)
        return fail(error, ERROR_INPUT, 0, "cannot retry what failed by standard input: it can be read once");
    result = lines_open(self, lines, name, error);
    if (result < 0)
        return result;
    lines->maximum = MANIFEST_LINE_MAXIMUM;
    if (fstat(lines->fd, &status) == 0 && S_ISREG(status.st_mode))
        return 0;
    lines_close(lines);
    return fail(error, ERROR_INPUT, 0, "cannot retry what failed by '%s': it is no file that can be read twice", name);
}

int rest_read(struct co_task *self, const char *name, struct rest *rest, struct error *error)
{
    bool has_lines = false, is_report = false;
    struct lines lines;
    struct slice line;
    int result = open_report(self, name, &lines, error);

    if (result < 0)
        return result;
    while ((result = lines_next(self, &lines, &line, error)) > 0) {
        struct manifest_result told;

        has_lines = true;
        is_report = is_report || manifest_is_ours(line);
        if (manifest_read_result(line, &told))
            note(rest, &told);
    }
    lines_close(&lines);
    if (result == 0 && has_lines && !is_report)
        return fail(error, ERROR_INPUT, 0, "cannot retry what failed by '%s': it has no line of --json", name);
    return result;
}

bool rest_take(struct rest *rest, struct slice line)
{
    struct manifest_result told;
    struct left *left;

    if (!rest->left || !manifest_read_result(line, &told) || told.done)
        return false;
    left = find(rest, told.key);
    if (left)
        forget(rest, left);
    return left != NULL;
}

void rest_release(struct rest *rest)
{
    struct left *left, *next;

    HASH_ITER(hh, rest->left, left, next)
    forget(rest, left);
}
