#include "format.h"

#include <stddef.h>

static const struct format *const formats[] = {
    &format_csv,   &format_har,         &format_html, &format_json, &format_jsonl,
    &format_junit, &format_openmetrics, &format_tap,  NULL,
};

static const struct format *find_named(struct slice name)
{
    for (const struct format *const *format = formats; *format; format++)
        if (slice_equal(slice_of((*format)->name), name))
            return *format;
    return NULL;
}

const struct format *format_find(const char *written, const char **ret_path)
{
    struct slice name, path;

    *ret_path = written;
    if (slice_cut(slice_of(written), ':', &name, &path) && find_named(name)) {
        *ret_path = path.bytes;
        return path.length > 0 ? find_named(name) : NULL;
    }
    for (const struct format *const *format = formats; *format; format++)
        if (slice_ends_with(slice_of(written), slice_of((*format)->extension)))
            return *format;
    return NULL;
}

const char *report_file_problem(const char *written)
{
    const char *path;

    if (format_find(written, &path))
        return NULL;
    return "it must end in .csv, .har, .html, .json, .jsonl, .xml, .prom or .tap, or begin with csv:, har:, html:, "
           "json:, jsonl:, "
           "junit:, openmetrics: or tap:";
}
