"""Servers that are faster than whoever reads: none of them has the loop for itself."""

import os
import unittest

from harness import ENVIRONMENT, RunTest

KIB = 1024
SHARE = (64 + 3 * 252) * KIB  # what it may take, a read that goes beyond, and one each time that it is called again
BODY = f"/bytes/{32 * KIB * KIB}"


class Floods(RunTest):
    def assert_share(self, *arguments):
        most = self.out.parent / "most"
        run = self.haul("--json", *arguments, env={
            **ENVIRONMENT, "LD_PRELOAD": os.environ["PRELOADED"], "FLOOD_MOST": str(most),
            "ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] + ":verify_asan_link_order=0"})
        self.assertEqual(run.code, 0, run.stderr)
        self.assertTrue(64 * KIB <= int(most.read_text()) <= SHARE, (most.read_text(), arguments))

    def test_a_body_comes_in_shares_and_others_have_theirs_meanwhile(self):
        for arguments in (["--check"], ["-P", "out", "-o", "{index}"], ["-P", "out", "-o", "{index}-hashed", "--hash", "sha256"]):
            self.assert_share(*arguments, self.url(BODY), self.url(BODY))

    def test_also_one_that_comes_alone(self):
        self.assert_share("--check", self.url(BODY))


if __name__ == "__main__":
    unittest.main(verbosity=2)
