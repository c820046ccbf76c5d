/* verify.h - what a run and a job demand of a body, beyond that it has come whole. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>
#include <haul/disk/output.h>

#include <stdbool.h>

/* Why the demands of a job cannot be met by any body, as a sentence, or NULL. */
const char *verify_problem(const struct work *work);

/* Must bytes be looked at that nobody keeps? */
bool verify_needs_body(const struct batch_options *options, const struct work *work);

/* The algorithm whose digest the record tells, or NULL. */
const char *verify_digest(const struct batch_options *options, const struct work *work);

/* Before the first byte. */
void verify_expect(const struct work *work, struct output *output);

/* What the answer tells of the body's digest, in place of what answers before have told. */
void verify_expect_told(const struct work *work, struct output *output);

/* How that came out, as checks behind those of the job. */
void verify_note_told(struct work *work, const struct output *output);

/* Judges what the head of the answer says of the body's size; 0, or -EIO with a failure of class size. */
int verify_announced(const struct batch_options *options, const struct work *work, struct failure *failure);

/* The same for a body of which so many bytes have come, or which is whole with so many. */
int verify_size(const struct batch_options *options, const struct job *job, int64_t size, bool whole,
                struct failure *failure);
