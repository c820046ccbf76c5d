"""One exit code for whatever happened: a table of what went wrong together, and what comes first then."""

import json
import subprocess
import unittest

from harness import RunTest, wait_until
from politeness import PoliteTest

GOOD = {"url": "/bytes/10"}
# Each goes wrong in one way, and has one code.
DISK = {"url": "/bytes/11", "output": "in-the-way/file"}
DIGEST = {"url": "/bytes/12", "checksum": "sha256=" + "0" * 64}
SIZE = {"url": "/bytes/13", "size": 14}
STATUS = {"url": "/status/404"}
INPUT = {"url": "ftp://there.invalid/"}
CHECK = {"url": "/bytes/14", "checks": [{"check": "size", "max": 1}]}
SILENCE = {"url": "/silent"}  # until the deadline


class Combinations(RunTest):
    def code(self, *jobs, arguments=()):
        lines = [json.dumps({**job, "url": job["url"] if ":" in job["url"] else self.url(job["url"]), "id": str(i)})
                 for i, job in enumerate(jobs)]
        (self.folder / "out").mkdir(exist_ok=True)
        (self.folder / "out" / "in-the-way").write_text("a file")
        run = self.haul("--json", "-P", "out", "--retry", "0", "--if-exists", "overwrite", *arguments, "-i", "-",
                        stdin=lines)
        self.assert_one_record_each(run, len(jobs))
        self.assertEqual(run.summary["exit_code"], run.code)
        return run.code

    def test_of_several_failures_the_code_that_comes_first_is_given_whatever_failed_last(self):
        for code, jobs in ((0, [GOOD]), (4, [CHECK]), (1, [STATUS]), (1, [INPUT]), (7, [DIGEST]), (7, [SIZE]),
                           (5, [DISK]),
                           (1, [CHECK, STATUS]), (1, [INPUT, CHECK]), (7, [STATUS, SIZE]), (7, [DIGEST, CHECK]),
                           (5, [DISK, DIGEST]), (5, [STATUS, DISK]), (5, [CHECK, SIZE, INPUT, DISK, GOOD])):
            with self.subTest(code=code, jobs=jobs):
                self.assertEqual(self.code(*jobs), code)
                self.assertEqual(self.code(*reversed(jobs)), code)

    def test_work_that_a_deadline_has_left_comes_last(self):
        for code, jobs in ((6, []), (6, [GOOD]), (4, [CHECK]), (1, [STATUS]), (7, [SIZE]), (5, [DISK])):
            with self.subTest(code=code, jobs=jobs):
                self.assertEqual(self.code(*jobs, SILENCE, arguments=["--deadline", "1500ms"]), code)

    def test_an_input_that_cannot_be_read_comes_before_all_that_failed(self):
        lists = ["-i", "-", "-i", "missing"]
        run = self.haul("--json", "--check", *lists, "--retry", "0", stdin=[self.url("/status/404")])
        self.assertEqual(run.code, 3)

    def test_the_first_failure_gives_its_own_code_though_work_is_left(self):
        for code, job in ((1, STATUS), (4, CHECK), (7, SIZE), (5, DISK)):
            self.assertEqual(self.code(job, *[SILENCE] * 3, arguments=["--fail-early", "-j", "1"]), code)


class Policies(PoliteTest):
    def test_what_a_breaker_has_skipped_is_left_though_nothing_failed(self):
        server = self.server(lambda path, n: (500 if n == 0 else 200, {}))
        process = self.start("--json", "--check", "-q", "-i", "-", "--breaker", "1", "--until", "30s", "--retry-delay",
                             "2500ms", "--retry-max-delay", "2s", "--jobs-per-host", "1", stdin=subprocess.PIPE)
        process.stdin.write(f"{server.address}/first\n".encode())
        process.stdin.flush()
        wait_until(lambda: server.asked)
        process.stdout.readline()
        process.stdin.write(f"{server.address}/second\n".encode())
        process.stdin.flush()
        second = json.loads(process.stdout.readline())
        self.assertEqual((second["status"], second["reason"]), ("skipped", "breaker-open"))
        process.stdin.close()
        process.stdin = None
        run = self.finish(process)
        self.assertEqual([line["status"] for line in run.lines if line["type"] == "result"], ["ok"])
        self.assertEqual((run.code, run.summary["exit_code"], run.summary["failed"]), (6, 6, 0))

    def test_what_is_no_job_has_failed_also_where_a_deadline_leaves_those_before_it(self):
        slow = self.origin.address + "/delay/200/bytes/1"
        for bad in ({"url": slow, "size": -4}, {"url": slow, "method": "HEAD", "data": "x"},
                    {"url": slow.replace("/delay", ":/delay")}):
            run = self.haul("--json", "--check", "--deadline", "500ms", "-i", "-",
                            stdin=[json.dumps(job) for job in [{"url": slow}] * 200 + [bad]])
            self.assertEqual((run.code, run.results[201]["status"], run.results[201]["error"]["class"]),
                             (1, "failed", "input"), bad)

    def test_a_job_that_fails_early_leaves_those_that_were_read(self):
        run = self.haul("--json", "--dry-run", "--fail-early", "-i", "-", stdin=["ftp://a", "http://h/b"])
        self.assertEqual((run.code, run.results[1]["status"]), (1, "failed"))
        self.assertTrue(2 not in run.results or run.results[2]["reason"] == "fail-early", run.results)

    def test_a_deadline_before_which_nothing_began_leaves_all(self):
        server = self.server()
        run = self.check("--deadline", "1ms", "--rate", "1/m", "-j", "1", *[f"{server.address}/{i}" for i in range(3)])
        self.assertEqual(run.code, 6)
        self.assertEqual(run.summary["failed"], 0)

    def test_a_spent_budget_leaves_failures(self):
        server = self.server(lambda path, n: (503, {}))
        run = self.check(*[f"{server.address}/{i}" for i in range(40)], "--retry-budget", "1", "--retry-delay", "1ms")
        self.assertEqual((run.code, run.summary["failed"]), (1, 40))


if __name__ == "__main__":
    unittest.main(verbosity=2)
