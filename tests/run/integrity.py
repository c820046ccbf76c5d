"""That what is saved has the digest and the size that were asked for."""

import hashlib
import os
import unittest

from harness import RunTest, pattern


def digest_of(size, algorithm="sha256"):
    return hashlib.new(algorithm, pattern(size)).hexdigest()


class Integrity(RunTest):
    def fetch(self, *arguments, expect=0):
        run = self.haul("--json", "-P", "out", "--retry", "0", *arguments)
        self.assertEqual(run.code, expect, run.stderr)
        self.assert_one_record_each(run, 1)
        return run.results[1]

    def assert_nothing_saved(self):
        self.assertEqual(os.listdir(self.out), [])

    def test_a_body_with_the_digest_that_was_asked_for_is_saved(self):
        for size, algorithm in ((0, "sha256"), (1000, "md5"), (300_000, "sha512"), (700_000, "SHA1")):
            digest = digest_of(size, algorithm)
            result = self.fetch("--checksum", f"{algorithm}={digest.upper()}", self.url(f"/bytes/{size}"))
            self.assertEqual(result["checksum"], {"algorithm": algorithm, "expected": digest.upper(), "actual": digest,
                                                  "ok": True})
        self.assert_files({str(size): pattern(size) for size in (0, 1000, 300_000, 700_000)})

    def test_a_body_with_another_digest_is_not_saved(self):
        for size in (0, 1000, 700_000):
            result = self.fetch("--checksum", f"sha256={digest_of(5)}", self.url(f"/bytes/{size}"), expect=7)
            self.assertEqual(result["status"], "failed")
            self.assertEqual(result["error"]["class"], "checksum")
            self.assertFalse(result["error"]["transient"])
            self.assertEqual(result["checksum"], {"algorithm": "sha256", "expected": digest_of(5),
                                                  "actual": digest_of(size), "ok": False})
            self.assertFalse(result["file"]["published"])
        self.assert_nothing_saved()

    def test_a_body_that_did_not_come_has_no_digest(self):
        result = self.fetch("--checksum", f"sha256={digest_of(5)}", self.url("/status/404"), expect=1)
        self.assertEqual(result["error"]["class"], "http")
        self.assertEqual(result["checksum"]["expected"], digest_of(5))
        self.assertIsNone(result["checksum"]["ok"])

    def test_a_digest_is_checked_without_saving_too(self):
        for size, expect in ((1000, 0), (0, 7), (700_000, 7)):
            result = self.fetch("--check", "--checksum", f"sha256={digest_of(1000)}", self.url(f"/bytes/{size}"),
                                expect=expect)
            self.assertIsNone(result["file"])
            self.assertEqual(result["checksum"]["actual"], digest_of(size))
        self.assertFalse(self.out.exists())

    def test_a_digest_is_computed_without_saving_too(self):
        result = self.fetch("--check", "--hash", "md5", self.url("/bytes/700000"))
        self.assertEqual(result["checksum"]["actual"], digest_of(700_000, "md5"))
        self.assertIsNone(result["checksum"]["ok"])

    def test_the_digest_of_another_kind_is_computed_for_the_checksum_only(self):
        result = self.fetch("--hash", "sha512", "--checksum", f"md5={digest_of(9, 'md5')}", self.url("/bytes/9"))
        self.assertEqual(result["checksum"]["algorithm"], "md5")
        self.assertTrue(result["checksum"]["ok"])

    def test_standard_output_tells_by_its_exit_code(self):
        run = self.haul("-o", "-", "--checksum", f"sha256={digest_of(5)}", self.url("/bytes/1000"))
        self.assertEqual((run.code, run.stdout), (7, pattern(1000)))

    def test_a_checksum_needs_a_body(self):
        result = self.fetch("--check", "-X", "HEAD", "--checksum", f"sha256={digest_of(5)}", self.url("/bytes/5"),
                            expect=1)
        self.assertEqual(result["error"]["class"], "input")

    def test_a_body_of_a_size_within_the_limits_is_saved(self):
        for path in ("/bytes/1000", "/chunked/300000"):
            self.fetch("--min-size", "1000", "--max-size", "300000", self.url(path))
        self.assert_files({"1000": pattern(1000), "300000": pattern(300_000)})

    def test_a_body_beyond_the_limits_is_not_saved(self):
        limits = ["--min-size", "1000", "--max-size", "300000"]
        for path in ("/bytes/999", "/chunked/999", "/bytes/0", "/bytes/300001", "/chunked/300001", "/chunked/900000"):
            result = self.fetch(*limits, self.url(path), expect=7)
            self.assertEqual(result["error"]["class"], "size", path)
            self.fetch("--check", *limits, self.url(path), expect=7)
        self.assert_nothing_saved()

    def test_an_announced_size_that_is_too_large_is_not_waited_for(self):
        for arguments in ([], ["--check"]):
            result = self.fetch("--max-size", "1M", *arguments, self.url("/stall/10/100000000"), expect=7)
            self.assertEqual(result["error"]["class"], "size")
        self.assertEqual(self.fetch("--check", "-X", "HEAD", "--max-size", "1M", self.url("/bytes/2000000"),
                                    expect=7)["error"]["class"], "size")

    def test_a_transfer_that_gets_too_large_is_stopped(self):
        for arguments in ([], ["--check"]):
            result = self.fetch("--max-size", "1M", *arguments, self.url("/chunked/200000000"), expect=7)
            self.assertLess(result["size_download"], 20_000_000)
        self.assert_nothing_saved()


if __name__ == "__main__":
    unittest.main(verbosity=2)
