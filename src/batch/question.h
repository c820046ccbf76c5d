/* question.h - what is asked of a server: as the job says, else as the run does. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>

/* As a request for everything that there is at work->asked; its exchange and arena are the caller's to add. */
struct http_request question_of(const struct batch_options *options, struct work *work);

const char *question_method(const struct batch_options *options, const struct job *job);

/* A job that names a method has no content but its own.  NULL: none. */
const struct http_content *question_content(const struct batch_options *options, struct work *work);

/* The statuses that are success; NULL: those below 300.  Where a check judges the status, every one is at first. */
const struct status_set *question_accept(const struct batch_options *options, struct work *work);

/* Why this cannot be asked, as a sentence, or NULL. */
const char *question_problem(const struct batch_options *options, struct work *work);
