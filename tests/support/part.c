#include "part.h"

#define SIZE_MAXIMUM (1ULL << 62)

/* "bytes=4-9", "bytes=4-", "bytes=-4".  False for anything else: such a Range is to be ignored. */
static bool parse_range(struct slice range, unsigned long long size, unsigned long long *ret_first,
                        unsigned long long *ret_last)
{
    struct slice unit, first, last;

    if (!slice_cut(range, '=', &unit, &range) || !slice_equal(unit, SLICE("bytes")) ||
        !slice_cut(range, '-', &first, &last))
        return false;
    if (first.length == 0 && slice_to_unsigned(last, SIZE_MAXIMUM, ret_first)) {
        *ret_first = *ret_first < size ? size - *ret_first : 0;
        *ret_last = size - 1;
        return true;
    }
    *ret_last = size - 1;
    if (!slice_to_unsigned(first, SIZE_MAXIMUM, ret_first) ||
        (last.length > 0 && !slice_to_unsigned(last, SIZE_MAXIMUM, ret_last)))
        return false;
    if (*ret_last >= size)
        *ret_last = size - 1;
    return true;
}

struct part part_wanted(const struct request *request, const struct resource *resource)
{
    struct slice range = request_header(request, SLICE("Range"));
    struct slice known = request_header(request, SLICE("If-None-Match"));
    struct slice same = request_header(request, SLICE("If-Range"));
    struct part whole = {.status = 200, .count = resource->size};
    unsigned long long first, last;

    if (known.length > 0 && slice_equal(known, slice_of(resource->etag)))
        return (struct part){.status = 304};
    if (same.length > 0 && !slice_equal(same, slice_of(resource->etag)) &&
        !slice_equal(same, slice_of(resource->modified)))
        return whole;
    if (range.length == 0 || !parse_range(range, resource->size, &first, &last))
        return whole;
    if (first >= resource->size || last < first)
        return (struct part){.status = 416};
    return (struct part){.status = 206, .first = first, .count = last - first + 1};
}

void begin_part(struct co_task *self, struct exchange *exchange, const struct resource *resource,
                const struct part *part)
{
    struct reply *reply = &exchange->reply;

    reply_begin(self, reply, part->status);
    reply_header(self, reply, "ETag: %s\r\nAccept-Ranges: bytes\r\n", resource->etag);
    if (resource->modified[0])
        reply_header(self, reply, "Last-Modified: %s\r\n", resource->modified);
    if (part->status == 206)
        reply_header(self, reply, "Content-Range: bytes %llu-%llu/%llu\r\n", part->first, part->first + part->count - 1,
                     resource->size);
    if (part->status == 416)
        reply_header(self, reply, "Content-Range: bytes */%llu\r\n", resource->size);
    if (part->status != 304)
        reply_header(self, reply, "Content-Length: %llu\r\n", part->count);
    reply_end_head(self, reply);
}
