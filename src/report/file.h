/* file.h - a report that appears under its name when it is complete, or one that is appended to as jobs end.
 *
 * It is written by a task of its own (writer.h).  Where the format is not appended, beside its name, and renamed at the
 * end; when anything fails, what was there before stays.
 */
#pragma once

#include "format.h"
#include "writer.h"

#include <haul/base/error.h>
#include <haul/base/list.h>

struct report_file;

/* `written` is FILE or FORMAT:FILE and has no report_file_problem. */
int report_file_open(struct co_task *self, struct co_group *group, const char *written,
                     const struct report_options *options, int64_t started_at, struct error *error,
                     struct report_file **ret_file);
/* What fails is told by report_file_finish. */
void report_file_add(struct co_task *self, struct report_file *file, const struct result *result);

/* Everything written and in place; or, without totals, given up.  Once, also after a failure. */
int report_file_finish(struct co_task *self, struct report_file *file, const struct totals *totals,
                       const struct run_end *end, struct error *error);
void report_file_close(struct report_file *file); /* after report_file_finish; NULL is fine */
CLEANUP_FUNCTION(report_file_close, struct report_file *)
