#include <haul/job/served_digest.h>

#include <criterion/criterion.h>

#define MD5_BASE64    "XUFAKrxLKna5cZ2REBfFkg=="
#define MD5_HEX       "5d41402abc4b2a76b9719d911017c592"
#define SHA256_BASE64 "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
#define SHA256_HEX    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static size_t read_headers(struct header *headers, unsigned count, int status, struct served_digest *digests)
{
    struct exchange exchange = {.response_code = status, .headers = headers, .header_count = count};

    return served_digests(&exchange, digests);
}

static size_t read_one(const char *name, const char *value, struct served_digest *digests)
{
    return read_headers(&(struct header){name, value}, 1, 200, digests);
}

Test(served_digest, reads_each_header)
{
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];

    cr_assert_eq(read_one("content-md5", MD5_BASE64, digests), 1);
    cr_assert_str_eq(digests[0].header, "Content-MD5");
    cr_assert_str_eq(digests[0].algorithm, "md5");
    cr_assert_str_eq(digests[0].hex, MD5_HEX);
    cr_assert_eq(read_one("digest", "SHA-256=" SHA256_BASE64 ",md5=" MD5_BASE64, digests), 2);
    cr_assert_str_eq(digests[0].hex, SHA256_HEX);
    cr_assert_str_eq(digests[1].hex, MD5_HEX);
    cr_assert_eq(read_one("repr-digest", "sha-256=:" SHA256_BASE64 ":;a=1", digests), 1);
    cr_assert_str_eq(digests[0].algorithm, "sha256");
    cr_assert_str_eq(digests[0].hex, SHA256_HEX);
    cr_assert_eq(read_one("content-digest", "sha-512=:AA==:, sha-256=:" SHA256_BASE64 ":", digests), 1);
}

Test(served_digest, passes_over_what_is_not_known_or_cannot_be)
{
    static const char *const values[] = {"",
                                         ",",
                                         "=",
                                         "sha-256",
                                         "sha-256=",
                                         "sha-256=:",
                                         "sha-256=::",
                                         "crc32c=:" SHA256_BASE64 ":",
                                         "sha-256=" SHA256_BASE64,
                                         "sha-256=:" MD5_BASE64 ":",
                                         "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLm*Q=:",
                                         "sha-256=:====LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOL:"};
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        cr_assert_eq(read_one("repr-digest", values[i], digests), 0, "%s", values[i]);
    cr_assert_eq(read_one("content-md5", "nonsense", digests), 0);
    cr_assert_eq(read_one("x-digest", "sha-256=:" SHA256_BASE64 ":", digests), 0);
}

Test(served_digest, tells_the_same_once_and_no_more_than_there_is_room_for)
{
    struct header headers[] = {{"content-md5", MD5_BASE64},
                               {"digest", "md5=" MD5_BASE64 ",md5=AAAAAAAAAAAAAAAAAAAAAA=="},
                               {"digest", "md5=BAAAAAAAAAAAAAAAAAAAAA==,md5=CAAAAAAAAAAAAAAAAAAAAA=="},
                               {"digest", "md5=DAAAAAAAAAAAAAAAAAAAAA==,md5=EAAAAAAAAAAAAAAAAAAAAA=="}};
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];

    cr_assert_eq(read_headers(headers, 1, 200, digests), 1);
    cr_assert_eq(read_headers(headers, 2, 200, digests), 2);
    cr_assert_eq(read_headers(headers, 4, 200, digests), SERVED_DIGESTS_MAXIMUM);
}

Test(served_digest, says_of_a_part_what_the_whole_has_and_nothing_of_an_encoded_body)
{
    struct header headers[] = {{"repr-digest", "sha-256=:" SHA256_BASE64 ":"},
                               {"content-md5", MD5_BASE64},
                               {"content-digest", "sha-256=:" SHA256_BASE64 ":"},
                               {"content-encoding", "gzip"}};
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];

    cr_assert_eq(read_headers(headers, 3, 206, digests), 1);
    cr_assert_str_eq(digests[0].header, "Repr-Digest");
    cr_assert_eq(read_headers(headers, 4, 206, digests), 0);
    cr_assert_eq(read_headers(headers, 4, 200, digests), 0);
    cr_assert_eq(read_headers(headers, 1, 304, digests), 0);
}
