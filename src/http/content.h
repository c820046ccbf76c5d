/* content.h - the content of a request at one hop. */
#pragma once

#include <haul/co/task.h>
#include <haul/job/failure.h>

struct http_transfer;

/* Before a hop, whether it carries content or not.  0; -ECANCELED; -EIO with the failure: a file cannot be read. */
int content_begin(struct co_task *self, struct http_transfer *transfer, struct failure *failure);

/* Tells curl, for a hop that carries content. */
void content_set(struct http_transfer *transfer);

/* Reads what curl wants to send.  As content_begin. */
int content_feed(struct co_task *self, struct http_transfer *transfer, struct failure *failure);
