#include <haul/job/date.h>
#include <haul/job/range.h>

#include <stddef.h>
#include <string.h>

static bool is_strong_tag(const char *tag)
{
    size_t length = tag ? strlen(tag) : 0;

    return length >= 2 && length <= RANGE_VALIDATOR_MAXIMUM && tag[0] == '"' && tag[length - 1] == '"';
}

static bool is_strong_date(const char *last_modified, const char *date)
{
    int64_t modified, sent;

    return date_parse(last_modified, &modified) && date_parse(date, &sent) && sent > modified;
}

const char *range_validator(const struct exchange *exchange)
{
    const char *etag = exchange_header(exchange, "etag");
    const char *modified = exchange_header(exchange, "last-modified");
    const char *accepts = exchange_header(exchange, "accept-ranges");

    if (exchange->response_code != 200 || (accepts && strcmp(accepts, "none") == 0))
        return NULL;
    if (is_strong_tag(etag))
        return etag;
    return !etag && is_strong_date(modified, exchange_header(exchange, "date")) ? modified : NULL;
}

const char *range_tag_of_parts(const struct exchange *exchange)
{
    const char *etag = exchange_header(exchange, "etag");
    const char *accepts = exchange_header(exchange, "accept-ranges");

    return exchange->response_code == 200 && accepts && strcmp(accepts, "bytes") == 0 && is_strong_tag(etag) ? etag
                                                                                                             : NULL;
}

/* "bytes 0-9/10".  An unknown size, "bytes 0-9/\*", would not tell whether the end is the end. */
static bool parse_content_range(struct slice text, int64_t *ret_first, int64_t *ret_last, int64_t *ret_size)
{
    struct slice unit, first, last, size;
    unsigned long long numbers[3];

    if (!slice_cut(slice_trim(text), ' ', &unit, &text) || !slice_equal_ignoring_case(unit, SLICE("bytes")) ||
        !slice_cut(text, '/', &text, &size) || !slice_cut(text, '-', &first, &last) ||
        !slice_to_unsigned(slice_trim(first), INT64_MAX, &numbers[0]) ||
        !slice_to_unsigned(slice_trim(last), INT64_MAX, &numbers[1]) ||
        !slice_to_unsigned(slice_trim(size), INT64_MAX, &numbers[2]))
        return false;
    *ret_first = (int64_t)numbers[0];
    *ret_last = (int64_t)numbers[1];
    *ret_size = (int64_t)numbers[2];
    return *ret_first <= *ret_last && *ret_last < *ret_size;
}

/* A 206 has to bring the ETag that a 200 would have (RFC 9110, 15.3.7), but may leave the date out. */
static bool is_same_version(const struct range *range, const struct range_answer *answer)
{
    if (!range->validator)
        return true;
    if (range->validator[0] == '"')
        return answer->etag && strcmp(answer->etag, range->validator) == 0;
    return !answer->last_modified || strcmp(answer->last_modified, range->validator) == 0;
}

const char *range_problem(const struct range *range, const struct range_answer *answer)
{
    int64_t first, last, size;

    if (!parse_content_range(slice_of(answer->content_range), &first, &last, &size))
        return "a part that does not say which";
    if (first != range->from || last != (range->to > 0 ? range->to : size - 1))
        return "another part than was asked for";
    if (answer->content_length >= 0 && answer->content_length != last - first + 1)
        return "a part of another length than it says";
    if ((range->size >= 0 && size != range->size) || !is_same_version(range, answer))
        return "a part of another version";
    return NULL;
}
