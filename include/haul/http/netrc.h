/* netrc.h - users and passwords for hosts, as ~/.netrc has them (ftp(1)), read as curl reads them:
 *
 *     machine HOST login USER password PASSWORD     white space between, line ends too; words in any case
 *     default login USER password PASSWORD          for every host; what stands behind it is for none
 *     macdef NAME ...                               up to an empty line: not looked at
 *
 * A word may stand in double quotes, with \", \\, \n, \r and \t; # where a word would begin is a comment.  Unlike
 * curl's, one entry is never filled up from another.
 */
#pragma once

#include <haul/base/arena.h>

#include <stdbool.h>

struct netrc;

/* The arena's.  NULL with *ret_problem, a sentence that tells no secret: a NUL, or a quote without an end. */
struct netrc *netrc_parse(struct arena *arena, struct slice text, const char **ret_problem);

enum netrc_scope {
    NETRC_MACHINES,        /* entries of the host alone: the server chose the host */
    NETRC_MACHINES_OR_ANY, /* "default" too */
};

/* The first entry for that host with user and password, else the first with one of them; of `user` alone, if that is
 * not NULL, with a password.  What an entry does not have is "".  False: there is none.  `netrc` may be NULL. */
bool netrc_find(const struct netrc *netrc, const char *host, enum netrc_scope scope, const char *user,
                const char **ret_user, const char **ret_password);
