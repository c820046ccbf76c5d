/* quantity.h - counts, sizes and durations for people: "12,345", "19.5 MiB", "0.41 s", "2 min 5 s". */
#pragma once

#include <haul/base/text.h>

#include <stdint.h>

void quantity_append_count(struct text *text, uint64_t count);
void quantity_append_size(struct text *text, uint64_t bytes);
void quantity_append_duration(struct text *text, int64_t duration); /* nanoseconds */
