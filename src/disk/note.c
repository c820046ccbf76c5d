#include "note.h"
#include "digest.h"

#include <haul/base/text.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#define ATTRIBUTE "user.haul"

/* The URL itself may have secrets in it. */
static bool hash_url(const char *url, char hex[static DIGEST_HEX_SIZE])
{
    struct digest *digest = digest_open("sha256");

    if (!digest)
        return false;
    digest_add(digest, slice_of(url));
    digest_finish(digest, hex);
    digest_close(digest);
    return true;
}

/* "SHA256-OF-URL SIZE MISSING VALIDATOR"; missing is "-" where bytes came in order. */
char *note_of(const struct output_version *version)
{
    struct text text = {0};
    char hex[DIGEST_HEX_SIZE];

    if (!hash_url(version->url, hex))
        return NULL;
    text_append_format(&text, "%s %" PRId64 " %s %s", hex, version->size, version->missing ? version->missing : "-",
                       version->validator);
    text_append_byte(&text, '\0');
    if (text.length <= NOTE_MAXIMUM)
        return text.bytes;
    text_release(&text);
    return NULL;
}

bool note_write(int fd, const char *note)
{
    return fsetxattr(fd, ATTRIBUTE, note, strlen(note), 0) == 0;
}

void note_remove(int fd)
{
    fremovexattr(fd, ATTRIBUTE);
}

static bool parse(char *note, struct output_version *version, char hex[static DIGEST_HEX_SIZE])
{
    int missing = 0;
    char *space;

    if (sscanf(note, "%64[0-9a-f] %" SCNd64 " %n", hex, &version->size, &missing) < 2 || missing == 0)
        return false;
    space = strchr(note + missing, ' ');
    if (!space)
        return false;
    *space = '\0';
    version->missing = strcmp(note + missing, "-") == 0 ? NULL : note + missing;
    version->validator = space + 1;
    return version->validator[0] != '\0' && version->size >= -1;
}

bool note_read(int fd, const char *url, char bytes[static NOTE_MAXIMUM], struct output_version *ret_version)
{
    ssize_t length = fgetxattr(fd, ATTRIBUTE, bytes, NOTE_MAXIMUM - 1);
    char noted[DIGEST_HEX_SIZE], hex[DIGEST_HEX_SIZE];

    if (length <= 0)
        return false;
    bytes[length] = '\0';
    ret_version->url = url;
    return parse(bytes, ret_version, noted) && hash_url(url, hex) && strcmp(noted, hex) == 0;
}
