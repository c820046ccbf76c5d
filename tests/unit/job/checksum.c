#include <haul/job/checksum.h>

#include <criterion/criterion.h>

Test(checksum, is_an_algorithm_and_hex_digits)
{
    static const char *const written[] = {"sha256=00fF", "sha256:00fF"};

    for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++) {
        struct checksum checksum;

        cr_assert(checksum_parse(slice_of(written[i]), &checksum), "%s", written[i]);
        cr_assert(slice_equal(checksum.algorithm, SLICE("sha256")), "%s", written[i]);
        cr_assert(slice_equal(checksum.hex, SLICE("00fF")), "%s", written[i]);
    }
}

Test(checksum, is_nothing_else)
{
    static const char *const written[] = {"", "sha256", "sha256=", "=00", "sha256=0", "sha256=0g", "00ff", "a\nb=00"};

    for (size_t i = 0; i < sizeof(written) / sizeof(*written); i++) {
        struct checksum checksum;

        cr_assert_not(checksum_parse(slice_of(written[i]), &checksum), "%s", written[i]);
        cr_assert_eq(checksum.algorithm.length, 0);
        cr_assert_eq(checksum.hex.length, 0);
    }
}
