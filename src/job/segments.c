#include <haul/job/segments.h>

#include <inttypes.h>
#include <stddef.h>

#define STEP (64 * 1024) /* halves begin at pages of a file */

static bool is_gap(const struct segment *segment)
{
    return segment->at < segment->end;
}

void segments_init(struct segments *segments, int64_t size)
{
    *segments = (struct segments){.gaps = {{.end = size}}, .size = size};
}

int64_t segments_missing(const struct segments *segments)
{
    int64_t missing = 0;

    for (int i = 0; i < SEGMENTS_MAXIMUM; i++)
        missing += segments->gaps[i].end - segments->gaps[i].at;
    return missing;
}

/* The first gap that begins at that byte or later; NULL: none does. */
static const struct segment *gap_from(const struct segments *segments, int64_t at)
{
    const struct segment *first = NULL;

    for (int i = 0; i < SEGMENTS_MAXIMUM; i++) {
        const struct segment *gap = &segments->gaps[i];

        if (is_gap(gap) && gap->at >= at && (!first || gap->at < first->at))
            first = gap;
    }
    return first;
}

int64_t segments_first(const struct segments *segments)
{
    const struct segment *first = gap_from(segments, 0);

    return first ? first->at : segments->size;
}

static int first_left(const struct segments *segments)
{
    int first = -1;

    for (int i = 0; i < SEGMENTS_MAXIMUM; i++) {
        const struct segment *gap = &segments->gaps[i];

        if (is_gap(gap) && !gap->taken && (first < 0 || gap->at < segments->gaps[first].at))
            first = i;
    }
    return first;
}

static int free_place(const struct segments *segments)
{
    for (int i = 0; i < SEGMENTS_MAXIMUM; i++)
        if (!is_gap(&segments->gaps[i]))
            return i;
    return -1;
}

static struct segment *largest(struct segments *segments)
{
    struct segment *largest = &segments->gaps[0];

    for (int i = 1; i < SEGMENTS_MAXIMUM; i++)
        if (segments->gaps[i].end - segments->gaps[i].at > largest->end - largest->at)
            largest = &segments->gaps[i];
    return largest;
}

static int take_half(struct segments *segments)
{
    struct segment *whole = largest(segments);
    int64_t left = whole->end - whole->at, middle = whole->at + left / 2;
    int place = free_place(segments);

    middle -= middle % STEP;
    if (place < 0 || left < 2 * SEGMENT_LEAST)
        return -1;
    segments->gaps[place] = (struct segment){.at = middle, .end = whole->end};
    whole->end = middle;
    return place;
}

int segments_take(struct segments *segments)
{
    int place = first_left(segments);

    if (place < 0)
        place = take_half(segments);
    if (place >= 0)
        segments->gaps[place].taken = true;
    return place;
}

bool segments_advance(struct segments *segments, int place, int64_t count)
{
    struct segment *gap = &segments->gaps[place];

    gap->at += count;
    if (is_gap(gap))
        return false;
    *gap = (struct segment){.at = 0};
    return true;
}

void segments_give_back(struct segments *segments, int place)
{
    struct segment *gap = &segments->gaps[place];

    gap->taken = false;
    for (int i = 0; i < SEGMENTS_MAXIMUM; i++) {
        struct segment *before = &segments->gaps[i];

        if (is_gap(before) && before->end == gap->at) {
            before->end = gap->end;
            *gap = (struct segment){.at = 0};
            return;
        }
    }
}

void segments_print(const struct segments *segments, struct text *text)
{
    const char *before = "";

    for (const struct segment *gap = gap_from(segments, 0); gap; gap = gap_from(segments, gap->end)) {
        text_append_format(text, "%s%" PRId64 "-%" PRId64, before, gap->at, gap->end - 1);
        before = ",";
    }
}

/* In order, and apart: one that begins where another ends would be part of it. */
static bool parse_gap(struct slice text, int64_t from, int64_t size, struct segment *ret_gap)
{
    unsigned long long first, last;
    struct slice begin, end;

    if (!slice_cut(text, '-', &begin, &end) || !slice_to_unsigned(begin, INT64_MAX, &first) ||
        !slice_to_unsigned(end, INT64_MAX - 1, &last) || first > last || (int64_t)first < from || (int64_t)last >= size)
        return false;
    *ret_gap = (struct segment){.at = (int64_t)first, .end = (int64_t)last + 1};
    return true;
}

bool segments_parse(struct segments *segments, struct slice text, int64_t size)
{
    int64_t from = 0;
    bool more = true;

    *segments = (struct segments){.size = size};
    for (int i = 0; i < SEGMENTS_MAXIMUM && more; i++) {
        struct slice gap;

        more = slice_cut(text, ',', &gap, &text);
        if (!parse_gap(gap, from, size, &segments->gaps[i]))
            return false;
        from = segments->gaps[i].end;
    }
    return !more;
}
