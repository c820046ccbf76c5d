"""A file that is there already, and what the job demands of it."""

import hashlib
import json
import unittest

from harness import RunTest, pattern

BODY = pattern(1000)
DIGEST = hashlib.sha256(BODY).hexdigest()


class Standing(RunTest):
    def setUp(self):
        super().setUp()
        self.out.mkdir()
        self.file = self.out / "1000"

    def fetch(self, *arguments, expect=0, **demands):
        run = self.haul("--json", "-P", "out", "-i", "-", *arguments,
                        stdin=[json.dumps({"url": self.url("/bytes/1000"), **demands})])
        self.assertEqual(run.code, expect, run.stderr)
        result = run.results[1]
        self.said = run.stderr
        self.assertEqual(sorted(self.out.iterdir()), [self.file])
        return result["status"], result["reason"]

    def test_a_file_with_the_digest_that_is_demanded_is_skipped(self):
        for demands in ({"checksum": "sha256=" + DIGEST}, {"size": 1000},
                        {"checksum": "SHA256=" + DIGEST.upper(), "size": 1000}):
            for arguments in ([], ["--if-exists", "verify"]):
                self.file.write_bytes(BODY)
                before = self.file.stat().st_ino
                self.assertEqual(self.fetch(*arguments, **demands), ("skipped", "exists-verified"))
                self.assertEqual(self.file.stat().st_ino, before)

    def test_another_file_is_left_alone_unless_verify_is_asked_for(self):
        for old, demands in ((bytes(1000), {"checksum": "sha256=" + DIGEST}), (b"short", {"size": 1000}),
                             (BODY + b"x", {"size": 1000}), (bytes(1000), {"checksum": "sha256=" + DIGEST, "size": 1000})):
            self.file.write_bytes(old)
            self.assertEqual(self.fetch(expect=5, **demands), ("failed", None))
            self.assertIn("than is demanded; '--if-exists verify' replaces it", self.said)
            self.assertEqual(self.file.read_bytes(), old)
            self.assertEqual(self.fetch("--if-exists", "verify", **demands), ("ok", None))
            self.assertEqual(self.file.read_bytes(), BODY)

    def test_a_file_with_another_digest_stays_when_what_comes_is_no_better(self):
        self.file.write_bytes(b"old")
        self.assertEqual(self.fetch("--if-exists", "verify", expect=7, checksum="sha256=" + "0" * 64), ("failed", None))
        self.assertEqual(self.file.read_bytes(), b"old")

    def test_without_demands_there_is_nothing_to_verify_by(self):
        self.file.write_bytes(BODY)
        for arguments in ([], ["--if-exists", "verify"], ["--if-exists", "auto"]):
            self.assertEqual(self.fetch(*arguments, expect=5), ("failed", None))
        self.assertEqual(self.file.read_bytes(), BODY)

    def test_a_failure_names_the_option_that_decides(self):
        self.file.write_bytes(BODY)
        for arguments in ([], ["--if-exists", "fail"], ["--if-exists", "verify"]):
            self.fetch(*arguments, expect=5)
            self.assertIn("with '--if-exists skip' it may be there" if "verify" not in arguments else "no digest or size", self.said)

    def test_fail_is_a_failure_whatever_the_file_holds(self):
        self.file.write_bytes(BODY)
        self.assertEqual(self.fetch("--if-exists", "fail", expect=5, checksum="sha256=" + DIGEST), ("failed", None))

    def test_links_and_folders_are_no_files_to_verify(self):
        (self.folder / "elsewhere").write_bytes(BODY)
        self.file.symlink_to(self.folder / "elsewhere")
        self.assertEqual(self.fetch(expect=5, checksum="sha256=" + DIGEST), ("failed", None))
        self.assertEqual(self.fetch("--if-exists", "verify", checksum="sha256=" + DIGEST), ("ok", None))
        self.assertFalse(self.file.is_symlink())
        self.file.unlink()
        self.file.mkdir()
        self.assertEqual(self.fetch("--if-exists", "verify", expect=5, size=1000), ("failed", None))


if __name__ == "__main__":
    unittest.main(verbosity=2)
