#include "netrc_file.h"
#include "argument_file.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NETRC_FILE_MAXIMUM (1024 * 1024)

/* NULL when nobody says where it is. */
static const char *find_path(struct options *options)
{
    const char *variable = getenv("NETRC"), *home = getenv("HOME");

    if (options->netrc_file)
        return options->netrc_file;
    if (variable && variable[0])
        return variable;
    return home && home[0] ? arena_format(&options->arena, "%s/.netrc", home) : NULL;
}

static void warn_of_readers(struct options *options, const char *path)
{
    struct stat status;

    if (stat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)))
        options->warning = arena_format(&options->arena, "others than you may read the passwords in '%s'", path);
}

static int read_file(struct options *options, const char *path, struct error *error)
{
    CLEANUP(text_release) struct text file = {0};
    const char *problem;

    if (!argument_file_read(path, NETRC_FILE_MAXIMUM, &file, &problem))
        return fail(error, ERROR_USAGE, 0, "cannot read the netrc file '%s': %s", path, problem);
    options->http.netrc = netrc_parse(&options->arena, text_slice(&file), &problem);
    if (!options->http.netrc)
        return fail(error, ERROR_USAGE, 0, "cannot use the netrc file '%s': %s", path, problem);
    warn_of_readers(options, path);
    return 0;
}

int netrc_file_read(struct options *options, struct error *error)
{
    const char *path;

    if (!options->netrc && !options->netrc_file && !options->netrc_optional)
        return 0;
    path = find_path(options);
    if (options->netrc_optional && (!path || access(path, F_OK) < 0))
        return 0;
    if (!path)
        return fail(error, ERROR_USAGE, 0, "'--netrc' finds no file: neither NETRC nor HOME is set");
    return read_file(options, path, error);
}
