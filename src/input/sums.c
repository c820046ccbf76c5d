#include "sums.h"

#include <haul/base/text.h>
#include <haul/job/checksum.h>

#include <string.h>

struct sum {
    struct slice algorithm, hex, name;
};

static const char *algorithm_for(size_t digits)
{
    static const struct {
        size_t digits;
        const char *algorithm;
    } algorithms[] = {{32, "md5"}, {40, "sha1"}, {56, "sha224"}, {64, "sha256"}, {96, "sha384"}, {128, "sha512"}};

    for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++)
        if (algorithms[i].digits == digits)
            return algorithms[i].algorithm;
    return NULL;
}

static struct slice without_end_of_line(struct slice line)
{
    if (slice_ends_with(line, SLICE("\r")))
        line.length--;
    return line;
}

static bool read_plain(struct slice line, struct sum *sum)
{
    struct slice rest;

    if (!slice_cut(line, ' ', &sum->hex, &rest) || !checksum_is_hex(sum->hex))
        return false;
    sum->algorithm = slice_of(algorithm_for(sum->hex.length));
    if (sum->algorithm.length == 0 || !(slice_starts_with(rest, SLICE(" ")) || slice_starts_with(rest, SLICE("*"))))
        return false;
    sum->name = slice_from(rest, 1);
    return sum->name.length > 0;
}

/* The name may have ") = " in it, so the digest is what stands behind the last one. */
static bool read_tagged(struct slice line, struct sum *sum)
{
    struct slice rest, before;

    if (!slice_cut(line, ' ', &sum->algorithm, &rest) || !slice_starts_with(rest, SLICE("(")) ||
        !slice_cut_last(rest, ' ', &before, &sum->hex) || !slice_ends_with(before, SLICE(") =")))
        return false;
    sum->name = (struct slice){before.bytes + 1, before.length - strlen("() =")};
    return sum->algorithm.length > 0 && !slice_has_control_character(sum->algorithm) && sum->name.length > 0 &&
           checksum_is_hex(sum->hex);
}

static bool read_sum(struct slice line, struct sum *sum)
{
    line = without_end_of_line(line);
    return read_plain(line, sum) || read_tagged(line, sum);
}

static bool is_escaped(struct slice line)
{
    struct sum sum;

    return slice_starts_with(line, SLICE("\\")) && read_sum(slice_from(line, 1), &sum);
}

bool sums_is_line(struct slice line)
{
    struct sum sum;

    return read_sum(line, &sum) || is_escaped(line);
}

/* RFC 3986, 3.3: what may stand in a path as it is. */
static bool stays_in_path(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           (byte != '\0' && strchr("-._~/!$&'()*+,;=:@", byte));
}

static void append_encoded(struct text *text, struct slice name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (stays_in_path(name.bytes[i]))
            text_append_byte(text, name.bytes[i]);
        else
            text_append_format(text, "%%%02X", (unsigned char)name.bytes[i]);
    }
}

static struct slice problem_of(struct slice line, const struct sum *sum)
{
    if (line.length > JOB_LINE_MAXIMUM)
        return SLICE("the line is too long");
    if (is_escaped(line))
        return SLICE("the name has a line break or a backslash in it");
    if (sum->name.length == 0)
        return SLICE("the line is no digest and name");
    if (slice_has_control_character(sum->name))
        return SLICE("the name has a control character in it");
    return (struct slice){.length = 0};
}

struct job *sums_job(struct slice line, struct slice base_url, uint64_t index, struct slice source)
{
    CLEANUP(text_release) struct text url = {.length = 0};
    struct job_parts parts = {.index = index, .source = source};
    struct sum sum = {.name = {.length = 0}};
    struct slice content = slice_trim(line);

    if (content.length == 0 || slice_starts_with(content, SLICE("#")))
        return NULL;
    if (!read_sum(line, &sum))
        sum = (struct sum){.name = {.length = 0}};
    parts.problem = problem_of(line, &sum);
    if (parts.problem.length > 0)
        return job_open(&parts);
    if (slice_starts_with(sum.name, SLICE("./")))
        sum.name = slice_from(sum.name, 2);
    text_append(&url, base_url);
    if (!slice_ends_with(base_url, SLICE("/")))
        text_append_byte(&url, '/');
    append_encoded(&url, sum.name);
    parts.url = text_slice(&url);
    parts.output = sum.name;
    parts.digest = sum.algorithm;
    parts.expected = sum.hex;
    return job_open(&parts);
}
