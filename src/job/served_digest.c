#include <haul/job/served_digest.h>

#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define BYTES_MAXIMUM 64

static const struct {
    const char *name, *algorithm; /* as headers call it, and as libcrypto does */
    size_t size;
} algorithms[] = {
    {"md5", "md5", 16},
    {"sha", "sha1", 20},
    {"sha-256", "sha256", 32},
    {"sha-512", "sha512", 64},
};

struct digests {
    struct served_digest *items;
    size_t count;
};

static int value_of(char byte)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = byte ? strchr(letters, byte) : NULL;

    return found ? (int)(found - letters) : -1;
}

/* RFC 4648, 4; false unless it comes to just so many bytes. */
static bool decode(struct slice text, unsigned char *bytes, size_t size)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t count = 0;

    if (text.length != (size + 2) / 3 * 4)
        return false;
    for (size_t padding = (3 - size % 3) % 3; padding > 0; padding--)
        if (text.bytes[--text.length] != '=')
            return false;
    for (size_t i = 0; i < text.length; i++) {
        int value = value_of(text.bytes[i]);

        if (value < 0)
            return false;
        bits = (bits << 6 | (uint32_t)value) & 0xffff;
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        bytes[count++] = (unsigned char)(bits >> held);
    }
    return count == size;
}

static void write_hex(const unsigned char *bytes, size_t size, char *hex)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < size; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * size] = '\0';
}

static bool is_there(const struct digests *digests, const struct served_digest *digest)
{
    for (size_t i = 0; i < digests->count; i++)
        if (strcmp(digests->items[i].algorithm, digest->algorithm) == 0 &&
            strcmp(digests->items[i].hex, digest->hex) == 0)
            return true;
    return false;
}

static void add(struct digests *digests, const char *header, struct slice name, struct slice value)
{
    struct served_digest digest = {.header = header};
    unsigned char bytes[BYTES_MAXIMUM];
    size_t i = 0;

    while (i < sizeof algorithms / sizeof *algorithms && !slice_equal_ignoring_case(name, slice_of(algorithms[i].name)))
        i++;
    if (i == sizeof algorithms / sizeof *algorithms || !decode(value, bytes, algorithms[i].size))
        return;
    digest.algorithm = algorithms[i].algorithm;
    write_hex(bytes, algorithms[i].size, digest.hex);
    if (digests->count < SERVED_DIGESTS_MAXIMUM && !is_there(digests, &digest))
        digests->items[digests->count++] = digest;
}

static void take_content_md5(struct digests *digests, const char *header, struct slice value)
{
    add(digests, header, SLICE("md5"), slice_trim(value));
}

/* "SHA-256=BASE64,MD5=BASE64" */
static void take_list(struct digests *digests, const char *header, struct slice rest)
{
    struct slice member, name, value;

    while (rest.length > 0) {
        slice_cut(rest, ',', &member, &rest);
        if (slice_cut(member, '=', &name, &value))
            add(digests, header, slice_trim(name), slice_trim(value));
    }
}

/* "sha-256=:BASE64:, sha-512=:BASE64:" */
static void take_dictionary(struct digests *digests, const char *header, struct slice rest)
{
    struct slice member, name, value, parameters;

    while (rest.length > 0) {
        slice_cut(rest, ',', &member, &rest);
        if (!slice_cut(member, '=', &name, &value))
            continue;
        slice_cut(value, ';', &value, &parameters);
        value = slice_trim(value);
        if (value.length > 2 && slice_starts_with(value, SLICE(":")) && slice_ends_with(value, SLICE(":")))
            add(digests, header, slice_trim(name), (struct slice){value.bytes + 1, value.length - 2});
    }
}

static const struct {
    const char *name, *shown;
    bool of_whole; /* also where the answer is a part of it */
    void (*take)(struct digests *digests, const char *header, struct slice value);
} headers[] = {
    {"repr-digest", "Repr-Digest", true, take_dictionary},
    {"content-digest", "Content-Digest", false, take_dictionary},
    {"digest", "Digest", true, take_list},
    {"content-md5", "Content-MD5", false, take_content_md5},
};

static void take_all(const struct exchange *exchange, size_t header, struct digests *digests)
{
    for (unsigned i = 0; i < exchange->header_count; i++)
        if (strcmp(exchange->headers[i].name, headers[header].name) == 0)
            headers[header].take(digests, headers[header].shown, slice_of(exchange->headers[i].value));
}

size_t served_digests(const struct exchange *exchange, struct served_digest items[static SERVED_DIGESTS_MAXIMUM])
{
    struct digests digests = {.items = items};
    bool is_part = exchange->response_code == 206;

    if ((exchange->response_code != 200 && !is_part) || exchange_header(exchange, "content-encoding"))
        return 0;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (headers[i].of_whole || !is_part)
            take_all(exchange, i, &digests);
    return digests.count;
}
