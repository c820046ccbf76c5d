"""--dry-run tells what a run would do, and does none of it."""

import hashlib
import json
import os
import signal
import socket
import unittest

from harness import RunTest, pattern

BODY = pattern(1000)
DIGEST = hashlib.sha256(BODY).hexdigest()


def told(run):
    return [(result["status"], result["reason"], (result["file"] or {}).get("path"))
            for _, result in sorted(run.results.items())]


class Planning(RunTest):
    def lines(self, *paths):
        return [self.url(path) for path in paths]

    def test_nothing_is_asked_and_nothing_is_written(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0)
            url = f"http://127.0.0.1:{server.getsockname()[1]}/a"
            before = sorted(os.listdir(self.folder))
            for arguments in (["-P", "out/deep"], ["--check"], ["-J"], ["-o", "-"], ["-c", "jar"], ["--cache", "cache"],
                              ["--report", "r.jsonl", "--report", "r.xml"]):
                run = self.haul("--dry-run", *arguments, url)
                self.assertEqual((run.code, told(run)[0][:2]), (0, ("skipped", "dry-run")), run.stderr)
            self.assertEqual(sorted(os.listdir(self.folder)), before)
            self.assertRaises(BlockingIOError, server.accept)

    def test_the_names_are_those_that_the_files_get(self):
        lines = self.lines("/bytes/1", "/bytes/1", "/bytes/2?x=1", "/bytes/2") + [self.url("/bytes/3") + "\tnamed/three"]
        for arguments in (["-P", "one"], ["-P", "two", "-o", "{index}-{name}"], ["-P", "three", "-o", "{host}/{path}"]):
            plan, run = (self.haul("-j", "1", "-i", "-", "--json", *more, *arguments, stdin=lines)
                         for more in (["--dry-run"], []))
            self.assertEqual((plan.code, run.code), (0, 0), run.stderr)
            self.assertEqual([path for _, _, path in told(plan)], [path for _, _, path in told(run)])

    def test_a_name_that_the_server_is_to_give_is_not_known(self):
        self.assertEqual(told(self.haul("--dry-run", "-J", self.url("/a"))), [("skipped", "dry-run", None)])

    def test_a_file_that_is_there_is_judged_as_in_a_run(self):
        self.out.mkdir()
        (self.out / "1000").write_bytes(BODY)
        whole = {"url": self.url("/bytes/1000"), "checksum": "sha256=" + DIGEST}
        other = {"url": self.url("/bytes/1000"), "size": 999}
        for job, arguments, expected in (
                (whole, [], (0, "skipped", "exists-verified", "out/1000")),
                (other, [], (5, "failed", None, None)),
                (other, ["--if-exists", "verify"], (0, "skipped", "dry-run", "out/1000")),
                (other, ["--if-exists", "skip"], (0, "skipped", "exists", "out/1000")),
                (other, ["--if-exists", "rename"], (0, "skipped", "dry-run", "out/1000.1")),
                (other, ["--if-exists", "overwrite"], (0, "skipped", "dry-run", "out/1000"))):
            run = self.haul("--dry-run", "-P", "out", "-i", "-", *arguments, stdin=[json.dumps(job)])
            self.assertEqual((run.code, *told(run)[0]), expected, run.stderr)
        self.assertEqual((self.out / "1000").read_bytes(), BODY)
        self.assertEqual(os.listdir(self.out), ["1000"])

    def test_what_a_journal_says_is_done_is_told(self):
        arguments = ["-P", "out", "-i", "-", "--json"]
        done = self.haul(*arguments, stdin=self.lines("/bytes/1"))
        (self.folder / "journal").write_bytes(done.stdout)
        run = self.haul(*arguments, "--dry-run", "--resume", "journal", stdin=self.lines("/bytes/1", "/bytes/2"))
        self.assertEqual(told(run), [("skipped", "already-done", "out/1"), ("skipped", "dry-run", "out/2")])

    def test_lines_that_are_no_jobs_fail_as_in_a_run(self):
        run = self.haul("--dry-run", "-P", "out", "-i", "-", stdin=["bad://", self.url("/a") + "\t../up", self.url("/b")])
        self.assertEqual([result["error"] and result["error"]["class"] for _, result in sorted(run.results.items())],
                         ["input", "input", None])
        self.assertEqual(run.code, 1)
        self.assertEqual(self.haul("--dry-run", "-i", "missing").code, 3)

    def test_a_plan_is_an_input_and_no_journal_of_what_is_done(self):
        plan = self.haul("--dry-run", "-P", "out", "-i", "-", stdin=[self.url("/bytes/7") + "\tseven"]).stdout
        (self.folder / "plan").write_bytes(plan)
        for arguments in (["-i", "plan"], ["--retry-failed", "plan"], ["-i", "plan", "--resume", "plan"]):
            run = self.haul("--json", "-P", "out", "--if-exists", "overwrite", *arguments)
            self.assertEqual((run.code, told(run)), (0, [("ok", None, "out/seven")]), run.stderr)

    def test_a_plan_has_no_secrets(self):
        secret = "hunter" + "2"
        jobs = [{"url": f"http://u:{secret}@a.example/", "headers": {"X-Key": secret}, "data": secret}]
        run = self.haul("--dry-run", "-i", "-", "-u", "u:" + secret, "-H", "X-Other: " + secret, "-b", "a=" + secret,
                        stdin=[json.dumps(jobs[0])])
        self.assertEqual(run.code, 0)
        self.assertNotIn(secret, run.stdout.decode() + run.stderr)

    def test_v_tells_the_name_of_each(self):
        run = self.haul("--dry-run", "-v", "-P", "out", "-o", "{host}/{name}", "http://a.example/b/c")
        self.assertIn("skipped   http://a.example/b/c -> out/a.example/c: dry-run\n", run.stderr)

    def test_a_thousand_million_urls_cost_what_is_read_of_them(self):
        process = self.start("--dry-run", "http://a.example/[1-1000000000]")
        for _ in range(1000):
            process.stdout.readline()
        with open(f"/proc/{process.pid}/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[1])
        process.stdout.close()
        self.assertNotEqual(process.wait(20), 0)
        self.assertLess(pages * os.sysconf("SC_PAGE_SIZE"), 400 << 20)  # of a sanitizer, mostly

    def test_an_interrupt_ends_it_also_one_right_after_the_first_line(self):
        for _ in range(10):
            process = self.start("--dry-run", "http://a.example/[1-1000000000]")
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            self.finish(process)
            self.assertEqual(process.returncode, 130)


if __name__ == "__main__":
    unittest.main()
