"""A run that was interrupted is gone on with by its report: what is done, and is there, is not asked for again."""

import hashlib
import json
import os
import unittest

from harness import RunTest, pattern, pattern

NAMES = ["/bytes/10", "/bytes/20", "/bytes/30"]


class Resuming(RunTest):
    def go(self, *arguments, urls=NAMES, expect=0, **options):
        run = self.haul("--json", "-P", "out", "-i", "-", "--resume", "journal", "--report", "journal.jsonl", "-j", "1",
                        *arguments, stdin=[url if "://" in url else self.url(url) for url in urls], **options)
        self.assertEqual(run.code, expect, run.stderr)
        return [(result["status"], result["reason"]) for _, result in sorted(run.results.items())]

    def setUp(self):
        super().setUp()
        os.symlink("journal.jsonl", self.folder / "journal")

    def journal(self):
        return (self.folder / "journal.jsonl").read_text()

    def asked(self):
        return self.origin.stats()["requests"]

    def test_what_is_done_is_not_asked_for_again(self):
        self.assertEqual(self.go(urls=NAMES[:2]), [("ok", None)] * 2)
        before = self.asked()
        self.assertEqual(self.go(), [("skipped", "already-done")] * 2 + [("ok", None)])
        self.assertEqual(self.asked() - before, 1 + 1)  # and the question for the count
        self.assertEqual(self.go(), [("skipped", "already-done")] * 3)

    def test_the_report_grows_by_what_each_run_adds(self):
        self.go(urls=NAMES[:1])
        first = self.journal()
        self.go(urls=NAMES[:1])
        self.assertTrue(self.journal().startswith(first))
        types = [json.loads(line)["type"] for line in self.journal().splitlines()]
        self.assertEqual(types, ["run", "result", "summary"] * 2)

    def test_a_file_that_is_gone_is_fetched_again(self):
        self.go()
        (self.out / "20").unlink()
        self.assertEqual(self.go(), [("skipped", "already-done"), ("ok", None), ("skipped", "already-done")])
        self.assertEqual((self.out / "20").stat().st_size, 20)

    def test_a_file_of_another_size_is_not_done(self):
        self.go(urls=NAMES[:1])
        (self.out / "10").write_text("short")
        self.assertEqual(self.go(urls=NAMES[:1], expect=5), [("failed", None)])
        self.assertEqual(self.go("--if-exists", "overwrite", urls=NAMES[:1]), [("ok", None)])
        self.assertEqual((self.out / "10").stat().st_size, 10)

    def test_verify_looks_at_the_bytes(self):
        self.go("--hash", "sha256", urls=NAMES[:1])
        right = (self.out / "10").read_bytes()
        (self.out / "10").write_bytes(b"0123456789")
        self.assertEqual(self.go(urls=NAMES[:1]), [("skipped", "already-done")])
        self.assertEqual(self.go("--verify", "--if-exists", "overwrite", urls=NAMES[:1]), [("ok", None)])
        self.assertEqual((self.out / "10").read_bytes(), right)

    def test_a_digest_that_a_job_demands_now_must_be_told(self):
        def line(digest=None):
            return json.dumps({"url": self.url("/bytes/10"), **({"checksum": "sha256=" + digest} if digest else {})})
        right = hashlib.sha256(pattern(10)).hexdigest()
        self.assertEqual(self.go(urls=[line()]), [("ok", None)])
        self.assertEqual(self.go(urls=[line("0" * 64)], expect=7), [("failed", None)])
        self.assertEqual(self.go(urls=[line(right)]), [("ok", None)])
        self.assertEqual(self.go(urls=[line(right)]), [("skipped", "already-done")])

    def test_a_last_line_that_was_cut_is_ended_and_its_job_done_again(self):
        self.go()
        whole = self.journal()
        cut = whole[:whole.rindex('{"schema":"haul.result')] + '{"schema":"haul.result/1","type":"resu'
        (self.folder / "journal.jsonl").write_text(cut)
        self.assertEqual(self.go(), [("skipped", "already-done")] * 2 + [("ok", None)])
        self.assertTrue(self.journal().startswith(cut + "\n"))
        self.assertEqual(self.go(), [("skipped", "already-done")] * 3)

    def test_standard_output_appended_by_the_shell_is_ended_too(self):
        report = self.folder / "mine"
        for round in range(2):
            with open(report, "ab") as stdout:
                run = self.haul("--json", "-P", "out", "--resume", "mine", self.url("/bytes/10"), stdout=stdout)
                self.assertEqual(run.code, 0, run.stderr)
                stdout.write(b'{"cut')
        lines = report.read_bytes().splitlines()
        self.assertEqual([line for line in lines if line == b'{"cut'], [b'{"cut'] * 2)
        self.assertEqual(json.loads(lines[-3])["reason"], "already-done")

    def test_a_file_whose_record_was_lost_is_fetched_once_more(self):
        self.go(urls=NAMES[:1])
        (self.out / "20").write_bytes(pattern(20))
        self.assertEqual(self.go(), [("skipped", "already-done"), ("ok", None), ("ok", None)])
        self.assertEqual((self.out / "20").read_bytes(), pattern(20))

    def test_what_somebody_else_has_put_there_meanwhile_stays(self):
        self.go(urls=NAMES[:1])
        (self.out / "20").write_bytes(b"x" * 20)
        self.assertEqual(self.go(expect=5), [("skipped", "already-done"), ("failed", None), ("ok", None)])
        self.assertEqual((self.out / "20").read_bytes(), b"x" * 20)

    def test_a_file_from_before_the_first_run_is_not_replaced(self):
        self.out.mkdir()
        (self.out / "20").write_bytes(b"mine")
        (self.folder / "journal.jsonl").write_text(
            '{"schema":"haul.run/1","type":"run","started_at":"2099-01-01T00:00:00Z"}\n')
        self.assertEqual(self.go(urls=NAMES[1:2], expect=5), [("failed", None)])
        self.assertEqual((self.out / "20").read_bytes(), b"mine")

    def test_another_job_does_not_get_the_name_of_a_file_that_is_done(self):
        self.go(urls=["/bytes/10"])
        self.assertEqual(self.go(urls=["/status/200/10", "/bytes/10"]), [("ok", None), ("skipped", "already-done")])
        self.assertEqual(sorted(path.name for path in self.out.iterdir()), ["10", "10.1"])

    def test_a_url_that_stands_twice_in_the_list_is_two_jobs(self):
        self.go(urls=["/bytes/10"])
        self.assertEqual(sorted(self.go(urls=["/bytes/10", "/bytes/10"])), [("ok", None), ("skipped", "already-done")])
        self.assertEqual(self.go(urls=["/bytes/10", "/bytes/10"]), [("skipped", "already-done")] * 2)

    def test_checks_that_were_done_are_not_done_again(self):
        for wanted in [("ok", None), ("skipped", "already-done")]:
            run = self.haul("--check", "--json", "--resume", "journal.jsonl", "--report", "journal.jsonl",
                            self.url("/bytes/10"))
            self.assertEqual((run.results[1]["status"], run.results[1]["reason"]), wanted)

    def test_a_report_that_cannot_be_read_stops_the_run_before_it_begins(self):
        run = self.haul("-P", "out", "--resume", ".", self.url("/bytes/1"))
        self.assertEqual((run.code, run.stderr), (3, "haul: cannot resume by '.': it is no file\n"))


if __name__ == "__main__":
    unittest.main()
