#include "content_file.h"
#include "argument_file.h"
#include "request.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some have bytes and no size: those of /proc. */
static bool has_size(const char *path, const char **ret_problem)
{
    struct stat status;

    if (strcmp(path, "-") == 0 || stat(path, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size == 0)
        return false;
    if (access(path, R_OK) < 0)
        *ret_problem = strerror(errno);
    return true;
}

bool content_file_take(struct arena *arena, const char *path, struct http_part *ret_part, const char **ret_problem)
{
    CLEANUP(text_release) struct text file = {0};
    const char *problem = NULL;

    *ret_part = (struct http_part){.path = NULL};
    if (has_size(path, &problem))
        ret_part->path = arena_copy_string(arena, path);
    else if (argument_file_read(path, CONTENT_MAXIMUM, &file, &problem))
        ret_part->bytes = (struct slice){arena_copy(arena, text_slice(&file)), file.length};
    *ret_problem = problem;
    return problem == NULL;
}
