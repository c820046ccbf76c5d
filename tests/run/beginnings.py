"""With -C a shorter file under its final name is gone on with, if a digest proves the whole; else it stays as it is."""

import base64
import hashlib
import json
import os
import time
import unittest

from harness import RunTest, wait_until
from resume import CUT, NEW, OLD, SIZE, Server, head, rest, status, whole

DIGEST = "sha256=" + hashlib.sha256(OLD).hexdigest()
SERVED = "Repr-Digest: sha-256=:" + base64.b64encode(hashlib.sha256(OLD).digest()).decode() + ":"
OTHER_SERVED = "Repr-Digest: sha-256=:" + base64.b64encode(hashlib.sha256(NEW).digest()).decode() + ":"


class Beginnings(RunTest):
    def setUp(self):
        super().setUp()
        self.out.mkdir()
        self.file = self.out / "file"
        self.file.write_bytes(OLD[:CUT])
        time.sleep(0.03)  # it is older than the run

    def go(self, *plans, code=0, checksum=True, arguments=(), stays=None):
        self.server = Server(*plans)
        self.addCleanup(self.server.close)
        demands = ["--checksum", DIGEST] if checksum else []
        run = self.haul("--json", "-C", "-P", "out", "--retry", "0", *demands, *arguments, self.server.url)
        self.assertEqual(run.code, code, run.stderr)
        self.assertEqual(self.file.read_bytes(), OLD if code == 0 else OLD[:CUT] if stays is None else stays)
        self.assertEqual(os.listdir(self.out), ["file"])
        self.result = run.results[1]
        return self.server.requests

    def test_the_rest_is_asked_for_and_the_demanded_digest_is_of_the_whole(self):
        requests = self.go(rest(OLD, 'ETag: "any"'))
        self.assertEqual([request.get("range") for request in requests], [f"bytes={CUT}-"])
        self.assertNotIn("if-range", requests[0])
        self.assertEqual((self.result["resumed_from"], self.result["size_download"]), (CUT, SIZE - CUT))
        self.assertEqual(self.result["checksum"]["actual"], DIGEST.partition("=")[2])

    def test_a_digest_that_the_server_tells_of_the_whole_proves_it_too(self):
        self.go(rest(OLD, SERVED), checksum=False)
        self.assertEqual(self.result["resumed_from"], CUT)

    def test_without_a_digest_the_file_stays(self):
        self.go(rest(OLD, 'ETag: "any"'), checksum=False, code=5)
        self.assertIn("with '--if-exists skip' it may be there", self.result["errormsg"])
        self.go(rest(OLD, "Content-MD5: " + base64.b64encode(hashlib.md5(OLD[CUT:]).digest()).decode()), checksum=False, code=5)

    def test_what_is_no_beginning_stays_or_is_replaced_as_if_exists_says(self):
        other = bytes(CUT)
        for plans in ([rest(OLD), whole(OLD)], [status("416 Range Not Satisfiable"), whole(OLD)], [whole(OLD)],
                      [lambda _: head("206 Partial Content", 10) + bytes(10), whole(OLD)]):
            self.file.write_bytes(other)
            self.go(*plans, code=5, stays=other)
            self.assertIn("another digest than is demanded; '--if-exists verify' replaces it", self.result["errormsg"])
            self.assertEqual(len(self.server.requests), 1)
            self.go(*plans, arguments=["--if-exists", "verify"])
            self.assertEqual((self.result["resumed_from"], self.result["checks"]), (0, []))
            self.assertNotIn("range", self.server.requests[-1])

    def test_another_file_of_the_server_is_not_mixed_in(self):
        self.go(rest(NEW, OTHER_SERVED), checksum=False, code=5)
        self.go(rest(NEW), whole(NEW), code=5)
        self.go(rest(NEW), whole(NEW), code=7, arguments=["--if-exists", "verify"])
        self.go(rest(NEW, OTHER_SERVED), whole(OLD, SERVED), arguments=["--if-exists", "verify"])
        self.assertEqual([check["ok"] for check in self.result["checks"]], [True])

    def test_a_file_that_is_whole_or_longer_is_not_asked_for_a_rest(self):
        self.file.write_bytes(OLD)
        self.assertEqual(self.go(whole(NEW)), [])
        self.assertEqual(self.result["reason"], "exists-verified")
        longer = OLD + b"more"
        self.file.write_bytes(longer)
        job = json.dumps({"url": self.server.url, "checksum": DIGEST, "size": SIZE})
        run = self.haul("-C", "-P", "out", "-i", "-", stdin=[job])
        self.assertEqual((run.code, self.server.requests, self.file.read_bytes()), (5, [], longer))

    def test_the_other_answers_of_if_exists_go_first(self):
        self.assertEqual(self.go(whole(OLD), arguments=["--if-exists", "fail"], code=5), [])
        self.assertNotIn("range", self.go(whole(OLD), arguments=["--if-exists", "overwrite"])[0])
        self.file.write_bytes(OLD[:CUT])
        server = Server(whole(OLD))
        self.addCleanup(server.close)
        for word in ("skip", "rename"):
            self.assertEqual(self.haul("-C", "-P", "out", "--if-exists", word, server.url).code, 0)
            self.assertEqual(self.file.read_bytes(), OLD[:CUT])
        self.assertEqual(len(server.requests), 1)
        self.assertEqual((self.out / "file.1").read_bytes(), OLD)

    def test_without_c_nothing_is_asked(self):
        server = Server(rest(OLD))
        self.addCleanup(server.close)
        self.assertEqual(self.haul("-P", "out", "--checksum", DIGEST, server.url).code, 5)
        self.assertEqual(server.requests, [])

    def test_links_and_folders_are_not_gone_on_with(self):
        kept = self.folder / "kept"
        kept.write_bytes(OLD[:CUT])
        self.file.unlink()
        self.file.symlink_to(kept)
        self.go(rest(OLD), code=5)
        self.assertTrue(self.file.is_symlink())
        self.assertEqual((kept.read_bytes(), self.server.requests), (OLD[:CUT], []))
        self.file.unlink()
        self.file.mkdir()
        run = self.haul("-C", "-P", "out", "--checksum", DIGEST, self.server.url)
        self.assertEqual((run.code, self.server.requests, os.listdir(self.out)), (5, [], ["file"]))

    def test_a_kill_in_the_middle_leaves_the_file_as_it_was(self):
        for _ in range(2):
            process = self.start("-C", "-P", "out", "-o", "file", "--checksum", DIGEST, self.url("/silent"))
            wait_until(lambda: (self.out / "file.part").exists())
            process.kill()
            process.wait()
            self.assertEqual(self.file.read_bytes(), OLD[:CUT])
        self.go(rest(OLD))


if __name__ == "__main__":
    unittest.main()
