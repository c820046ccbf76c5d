#include "../../../src/disk/digest.h"

#include <haul/disk/output.h>

#include <criterion/criterion.h>

static void assert_digest(const char *algorithm, const char *expected)
{
    struct digest *digest = digest_open(algorithm);
    char hex[DIGEST_HEX_SIZE];

    cr_assert_not_null(digest);
    digest_add(digest, SLICE("a"));
    digest_add(digest, (struct slice){.length = 0});
    digest_add(digest, SLICE("bc"));
    digest_finish(digest, hex);
    cr_assert_str_eq(hex, expected);
    digest_close(digest);
}

Test(digest, is_that_of_all_the_bytes_in_order)
{
    assert_digest("md5", "900150983cd24fb0d6963f7d28e17f72");
    assert_digest("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert_digest("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest("SHA512", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

Test(digest, has_a_name_that_libcrypto_knows_and_a_length)
{
    cr_assert(output_digest_is_known("sha256"));
    cr_assert_not(output_digest_is_known("sha257"));
    cr_assert_not(output_digest_is_known(""));
    cr_assert_not(output_digest_is_known("shake128"));
    cr_assert_null(digest_open("sha257"));
    cr_assert_null(digest_open("shake128"));
}

Test(digest, has_as_many_digits_as_its_algorithm_makes)
{
    cr_assert_null(output_digest_problem("md5", "900150983cd24fb0d6963f7d28e17f72"));
    cr_assert_not_null(output_digest_problem("md5", "900150983cd24fb0d6963f7d28e17f"));
    cr_assert_not_null(output_digest_problem("sha257", "900150983cd24fb0d6963f7d28e17f72"));
}
