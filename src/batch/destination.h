/* destination.h - where a body goes: its name, what is there already, and the output that takes it.
 *
 * Results are 0, -ECANCELED, or -EIO with the failure; -EEXIST: a file is there already, and that will do.
 */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>
#include <haul/disk/output.h>

#include <stdbool.h>

struct destination {
    struct folder *folder;
    struct output *output;
    const char *name; /* as asked for */
    unsigned number;  /* behind it, as tried last */
    enum batch_existing existing;
    bool remote_time;
    bool began_anew; /* the bytes in it are of the last answer alone */
    struct output_options options;
};

/* Only an answer can tell the name. */
bool destination_is_named_by_server(const struct batch_options *options, const struct work *work);

/* Or whether there is anything to write. */
bool destination_waits_for_answer(const struct batch_options *options, const struct work *work);

/* The name that the job, the template, the server's suggestion (or NULL) or the URL give. */
const char *destination_name(const struct batch_options *options, const char *suggested, struct work *work);

/* With what the job demands of the bytes.  Nothing when it is open: one that an attempt before has kept expects what it
 * did. */
int destination_open(struct co_task *self, struct destination *destination, const struct batch_options *options,
                     const char *suggested, struct work *work, struct failure *failure);

/* The last bytes; the file gets its name, or another as --if-exists says. */
int destination_publish(struct co_task *self, struct destination *destination, struct slice bytes, struct work *work,
                        struct failure *failure);

/* -EIO and a failure of class disk, or checksum. */
int destination_fail(struct failure *failure, const struct error *error);
