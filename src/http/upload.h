/* upload.h - parts of content on their way from files to curl: a piece is read on a thread while the one before is
 * sent, so that no disk holds up the loop.
 *
 * How long a file is, is asked when it is about to be sent; of one that has grown since, as much is sent, and one that
 * has become shorter fails.
 */
#pragma once

#include <haul/co/task.h>
#include <haul/http/content.h>
#include <haul/job/failure.h>

#include <stdbool.h>
#include <stdint.h>

#define UPLOAD_PIECE (128 * 1024)

struct upload_position {
    size_t part;
    int64_t offset;
};

/* Starts as all zero: nothing is sent. */
struct upload {
    const struct http_content *content;
    int64_t *sizes;              /* of the parts */
    int64_t size;                /* of all */
    struct upload_position next; /* to be read */
    struct upload_piece {
        char *bytes;
        size_t length, taken;
    } pieces[2];
    unsigned sending; /* which of them */
    bool starved;     /* curl waits for bytes */
    bool rewound;     /* what is being read now is not wanted any more */
    int fd;           /* of the part `opened`; less than 0: none */
    size_t opened;
};

/* From the beginning; the upload may have been used.  0; -ECANCELED; -EIO with the failure. */
int upload_begin(struct co_task *self, struct upload *upload, const struct http_content *content,
                 struct failure *failure);
void upload_end(struct upload *upload);

/* Is there a piece to be read? */
bool upload_is_hungry(const struct upload *upload);

/* Reads it.  0; -ECANCELED; -EIO with the failure. */
int upload_feed(struct co_task *self, struct upload *upload, struct failure *failure);

/* For curl, which must wait (and is starved) when it is false; nothing is taken at the end. */
bool upload_take(struct upload *upload, char *bytes, size_t room, size_t *ret_length);
void upload_rewind(struct upload *upload);
