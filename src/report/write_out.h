/* write_out.h - a format of curl's --write-out, filled in with a result.
 *
 * What the record tells is told here, under curl's names and as curl writes it; secrets are left out alike.
 */
#pragma once

#include <haul/base/text.h>
#include <haul/job/result.h>

/* Appends to `standard`, or where the format says %{stderr}, to `error`. */
void write_out_append(const char *format, const struct result *result, struct text *standard, struct text *error);
