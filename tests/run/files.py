"""What the server says of a file beside its bytes: its name and its time.  And that all of it reaches the disk."""

import os
import time
import unittest

from harness import RunTest
from resume import EARLY, OLD, TAG, Server, cut, rest, whole

BODY = b"body"


def named(disposition, body=BODY):
    return whole(body, f"Content-Disposition: {disposition}")


class Files(RunTest):
    def fetch(self, *plans, expect=0, arguments=()):
        server = Server(*plans)
        self.addCleanup(server.close)
        run = self.haul("--json", "-P", "out", "-m", "20", "--retry-delay", "10ms", *arguments, server.url)
        self.assertEqual(run.code, expect, run.stderr)
        return run.results[1]

    def test_the_server_may_name_the_file_when_asked_to(self):
        result = self.fetch(named('attachment; filename="its name.txt"'), arguments=["-J"])
        self.assertEqual(result["filename_effective"], "out/its name.txt")
        self.assert_files({"its name.txt": BODY})

    def test_the_server_does_not_name_the_file_unasked(self):
        self.fetch(named('attachment; filename="other"'))
        self.assert_files({"file": BODY})

    def test_without_a_suggestion_the_url_names_the_file(self):
        self.fetch(whole(BODY), arguments=["-J"])
        self.assert_files({"file": BODY})

    def test_a_suggestion_never_leads_out_of_the_folder(self):
        result = self.fetch(named('attachment; filename="../../../.bashrc"'), arguments=["-J"])
        self.assertEqual(result["filename_reason"], "folders")
        self.assertEqual(os.listdir(self.folder), ["out"])
        self.assert_files({"_bashrc": BODY})

    def test_a_suggestion_fills_the_name_of_a_template(self):
        result = self.fetch(named("attachment; filename=a.txt"), arguments=["-J", "-o", "{index}/{name}"])
        self.assertIsNone(result["filename_reason"])
        self.assert_files({"1/a.txt": BODY})

    def test_a_suggested_name_overwrites_nothing(self):
        self.out.mkdir()
        (self.out / "mine").write_text("mine")
        time.sleep(0.05)
        self.assertEqual(self.fetch(named("a; filename=mine"), arguments=["-J"], expect=5)["error"]["class"], "disk")
        skipped = self.fetch(named("a; filename=mine"), arguments=["-J", "--if-exists", "skip"])
        self.assertEqual((skipped["status"], skipped["reason"]), ("skipped", "exists"))
        self.assert_files({"mine": b"mine"})

    def test_a_suggested_name_is_kept_when_the_body_goes_on(self):
        result = self.fetch(cut(TAG, "Content-Disposition: a; filename=its"), rest(OLD, TAG), arguments=["-J"])
        self.assertEqual(result["num_retries"], 1)
        self.assert_files({"its": OLD})

    def test_a_file_gets_the_time_that_the_server_tells_when_asked_to(self):
        self.fetch(whole(BODY, f"Last-Modified: {EARLY}"), arguments=["--remote-time"])
        self.assertEqual(os.stat(self.out / "file").st_mtime, 784111777)

    def test_a_file_has_the_time_when_it_came_unasked_or_untold(self):
        for headers, arguments in (([f"Last-Modified: {EARLY}"], []), ([], ["-R"]), (["Last-Modified: lately"], ["-R"])):
            self.fetch(whole(BODY, *headers), arguments=arguments)
            self.assertLess(abs(os.stat(self.out / "file").st_mtime - time.time()), 60)
            os.unlink(self.out / "file")

    def test_files_and_new_folders_can_be_synced(self):
        self.fetch(whole(BODY), arguments=["--fsync", "-o", "a/b/{name}"])
        self.assert_files({"a/b/file": BODY})


if __name__ == "__main__":
    unittest.main(verbosity=2)
