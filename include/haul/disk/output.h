/* output.h - a file that appears under its name only when it is whole.
 *
 *     int result = output_open(self, folder, "a/b.iso", options, error, &output);
 *     if (result < 0)
 *         return result;
 *     while (more && result == 0)
 *         result = output_write(self, output, bytes, error);
 *     if (result == 0)
 *         result = output_publish(self, output, last_bytes, error);
 *     output_close(self, output);
 *
 * Bytes go to "a/b.iso.part", made exclusively beside the final name and locked (flock(2)); what a killed run left
 * there is removed or taken up, what another run is writing is an error, EWOULDBLOCK.  Publishing writes the last bytes
 * and renames without replacing a file (renameat2(2), RENAME_NOREPLACE; link and unlink where that is not known),
 * unless it is to replace what was there before the run: then at any moment the old file is there or the new one.  A
 * body that fits in one piece is written by output_publish alone: one piece of work for a thread, to a file that has no
 * name before the final one where the folder can do that (O_TMPFILE of open(2)).  All disk work is done on threads.
 *
 * An error is of kind ERROR_DISK with its errno.  After one, and after -ECANCELED from output_write or output_publish,
 * the bytes are not whole, and the output takes no more: it can only be closed.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/error.h>
#include <haul/base/slice.h>
#include <haul/co/task.h>
#include <haul/disk/folder.h>

#include <stdbool.h>
#include <stdint.h>

struct output;

struct output_options {
    const char *digest; /* NULL, or the name of an algorithm of libcrypto ("sha256"), computed on the way */
    bool sync;          /* to the disk, file and folder, before output_publish returns */
    bool replace;       /* a file that was there before the run; never one of this run */
};

#define OUTPUT_EXPECTATIONS_MAXIMUM 8

/* Is there such a digest? */
bool output_digest_is_known(const char *algorithm);

/* Why no bytes can have this digest, as a sentence; NULL: some can. */
const char *output_digest_problem(const char *algorithm, const char *hex);

/* Takes the name for this run; makes no file yet.  The name may have folders in it, which are made when they are not
 * there; one that would leave the folder is EINVAL.
 *   -EBUSY    another output of this run has the name, or has published a file of that name: take another
 *   -EEXIST   a file of that name was there before the run, and is not to be replaced
 *   -ECANCELED
 *   else      an error. */
int output_open(struct co_task *self, struct folder *folder, const char *name, const struct output_options *options,
                struct error *error, struct output **ret_output);

/* The same for bytes that go to standard output: nothing to rename, nothing to take back. */
int output_open_stdout(const struct output_options *options, struct error *error, struct output **ret_output);

/* The same for bytes that go nowhere and are only counted and digested. */
int output_open_nowhere(const struct output_options *options, struct error *error, struct output **ret_output);

/* Demands that the bytes, all together, have this digest, which has no output_digest_problem; before the first byte.
 * What is above OUTPUT_EXPECTATIONS_MAXIMUM is not looked at. */
void output_expect(struct output *output, const char *algorithm, const char *hex);

/* The same for what `source`, such as a header, tells of them; it can be forgotten when they begin anew. */
void output_expect_told(struct output *output, const char *source, const char *algorithm, const char *hex);
void output_forget_told(struct output *output);

struct output_told {
    const char *source, *algorithm, *expected;
    const char *actual; /* NULL: the bytes are not whole */
};

/* What was told, from number 0 on; false: no more.  Strings live as long as the output. */
bool output_told(const struct output *output, unsigned number, struct output_told *ret_told);

/* Appends.  The bytes must stay until it returns. */
int output_write(struct co_task *self, struct output *output, struct slice bytes, struct error *error);

/* Forgets the bytes written so far, to begin anew. */
int output_restart(struct co_task *self, struct output *output, struct error *error);

/* Whose bytes they are, and what proves it to the server (range.h). */
struct output_version {
    const char *url;
    const char *validator;
    int64_t size;        /* of the whole; -1: it was not announced */
    const char *missing; /* what is, in the caller's words without spaces, where bytes come in any order; NULL: what
                            follows those that are there */
};

/* From now on bytes come in any order, and so many are there.  A part file that is left is known to be of the version
 * (NULL: nothing is known), and lacks what that says. */
int output_scatter(struct co_task *self, struct output *output, int64_t there, const struct output_version *version,
                   struct error *error);

/* Writes them where they belong, also beside other tasks that do the same elsewhere in it, and also when cancelled;
 * `missing` of the version still has them.  Digests are computed when the output is published, of what is in the file then. */
int output_write_at(struct co_task *self, struct output *output, int64_t at, struct slice bytes,
                    const struct output_version *version, struct error *error);

/* Before the first byte, also of those that begin anew: what a later run is to know of the part file, if it is left.
 * A part file of which nothing is known is not left. */
void output_note_version(struct output *output, const struct output_version *version);

/* Before the first byte: goes on with the part file that another run has left, if it is known to be of that URL; what
 * is demanded of the bytes takes those that are there into account.
 *
 * Gives how many are there, and of what: strings are in the arena.  Where some are missing from within, it gives the
 * size of the whole: output_scatter is next.  0: there is nothing to go on with, or it cannot be read.
 *
 * Fails with -ECANCELED. */
int64_t output_take_up(struct co_task *self, struct output *output, const char *url, struct arena *arena,
                       struct output_version *ret_version);

/* Before the first byte, of an output that is to replace a file: begins with a copy of the bytes of that file, if it is
 * the user's own.  Only a digest that is expected proves later that they belong there.
 *
 * Gives how many they are.
 *
 * Fails with -ECANCELED, or an error. */
int64_t output_take_beginning(struct co_task *self, struct output *output, struct error *error);

/* Are all bytes written so far there, and more may follow? */
bool output_may_go_on(const struct output *output);

/* Appends the last bytes (there may be none), and gives the file its name.  -EBUSY and -EEXIST as in output_open when a
 * file has got that name meanwhile: output_rename and publish again with no bytes, or give up.  -EBADMSG with an error:
 * the bytes have another digest than was expected, and nothing was published. */
int output_publish(struct co_task *self, struct output *output, struct slice bytes, struct error *error);

/* The time that the file will have, in seconds since 1970, instead of the one when it was written. */
void output_set_time(struct output *output, int64_t seconds);

/* Another final name for an output that could not be published under its own; results as output_open. */
int output_rename(struct co_task *self, struct output *output, const char *name, struct error *error);

int64_t output_size(const struct output *output);       /* bytes written so far */
const char *output_digest(const struct output *output); /* hex, once published; NULL when none was asked for */
const char *output_name(const struct output *output);   /* in the folder */
const char *output_path(const struct output *output);   /* folder and name, as a user would write it */
bool output_is_published(const struct output *output);

/* Removes what was not published.  Not to be cancelled; NULL is fine. */
void output_close(struct co_task *self, struct output *output);

/* The same, but the part file stays, for a later run to take up, when a version is noted in it. */
void output_leave(struct co_task *self, struct output *output);
