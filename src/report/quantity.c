#include "quantity.h"

#include <haul/base/clock.h>

void quantity_append_count(struct text *text, uint64_t count)
{
    if (count < 1000) {
        text_append_format(text, "%u", (unsigned)count);
        return;
    }
    quantity_append_count(text, count / 1000);
    text_append_format(text, ",%03u", (unsigned)(count % 1000));
}

void quantity_append_size(struct text *text, uint64_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double size = (double)bytes / 1024;
    size_t unit = 0;

    if (bytes < 1024) {
        text_append_format(text, "%u B", (unsigned)bytes);
        return;
    }
    for (; size >= 1023.95; size /= 1024)
        unit++;
    text_append_format(text, "%.1f %s", size, units[unit]);
}

void quantity_append_duration(struct text *text, int64_t duration)
{
    int64_t seconds = duration / NANOSECONDS_PER_SECOND;

    if (seconds < 100)
        text_append_format(text, "%.2f s", (double)duration / (double)NANOSECONDS_PER_SECOND);
    else if (seconds < 3600)
        text_append_format(text, "%d min %d s", (int)(seconds / 60), (int)(seconds % 60));
    else
        text_append_format(text, "%lld h %d min", (long long)(seconds / 3600), (int)(seconds / 60 % 60));
}
