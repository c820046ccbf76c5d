#include "headers.h"

#include "redact.h"
#include "value.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <string.h>

#define FEW 24

/* Headers of one name, in order of arrival. */
struct group {
    const struct header **members;
    size_t count;
};

static int compare_places(const struct header *a, const struct header *b)
{
    return (a > b) - (a < b);
}

static int compare_headers(const void *left, const void *right)
{
    const struct header *a = *(const struct header *const *)left;
    const struct header *b = *(const struct header *const *)right;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : compare_places(a, b);
}

static int compare_groups(const void *left, const void *right)
{
    return compare_places(*((const struct group *)left)->members, *((const struct group *)right)->members);
}

/* Sorted by name, then gathered: a server may send tens of thousands, too many to compare each with each. */
static size_t gather(const struct header **sorted, size_t count, struct group *groups)
{
    size_t group_count = 0;

    qsort(sorted, count, sizeof *sorted, compare_headers);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(sorted[i]->name, sorted[i - 1]->name) != 0)
            groups[group_count++] = (struct group){&sorted[i], 0};
        groups[group_count - 1].count++;
    }
    qsort(groups, group_count, sizeof *groups, compare_groups);
    return group_count;
}

void headers_write_value(struct json *json, const struct header *header)
{
    struct slice name = slice_of(header->name);

    if (redact_is_secret_header(name))
        json_string(json, REDACTED);
    else if (redact_is_url_header(name))
        value_url(json, header->value);
    else
        json_string(json, slice_of(header->value));
}

static void write_group(struct json *json, const struct group *group)
{
    json_key_of(json, slice_of(group->members[0]->name));
    json_begin_array(json);
    for (size_t i = 0; i < group->count; i++)
        headers_write_value(json, group->members[i]);
    json_end_array(json);
}

static void write_groups(struct json *json, const struct header *headers, unsigned count)
{
    const struct header **sorted = memory_allocate(count * sizeof *sorted);
    struct group *groups = memory_allocate(count * sizeof *groups);
    size_t group_count;

    for (unsigned i = 0; i < count; i++)
        sorted[i] = &headers[i];
    group_count = gather(sorted, count, groups);
    for (size_t i = 0; i < group_count; i++)
        write_group(json, &groups[i]);
    free(groups);
    free(sorted);
}

/* The first of its name tells the others, too. */
static void write_namesakes(struct json *json, const struct header *first, const struct header *end)
{
    json_key_of(json, slice_of(first->name));
    json_begin_array(json);
    for (const struct header *header = first; header < end; header++)
        if (header_has_name(header, first->name))
            headers_write_value(json, header);
    json_end_array(json);
}

static bool has_namesake_before(const struct header *headers, const struct header *header)
{
    for (const struct header *other = headers; other < header; other++)
        if (header_has_name(other, header->name))
            return true;
    return false;
}

/* Without memory of its own: as most answers have it. */
static void write_few(struct json *json, const struct header *headers, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (!has_namesake_before(headers, &headers[i]))
            write_namesakes(json, &headers[i], headers + count);
}

void headers_write(struct json *json, const struct header *headers, unsigned count)
{
    json_begin_object(json);
    if (count <= FEW)
        write_few(json, headers, count);
    else
        write_groups(json, headers, count);
    json_end_object(json);
}
