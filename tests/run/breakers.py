"""Servers that fail again and again are left alone for a while, and retries have a budget."""

import collections
import time
import unittest

from harness import free_port
from politeness import PoliteTest


def verdicts(run):
    return collections.Counter((result["status"], result["reason"]) for result in run.results.values())


class Breaker(PoliteTest):
    def test_an_origin_that_fails_in_a_row_is_left_alone_and_others_are_not(self):
        broken, sound = self.server(lambda path, n: (500, {})), self.server()
        urls = [f"{server.address}/{i}" for i in range(100) for server in (broken, sound)]
        run = self.check("-i", "-", "--breaker", "5", "--retry", "0", "--jobs-per-host", "1", stdin=urls)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, 200)
        self.assertEqual(len(broken.moments), 5)
        self.assertEqual(verdicts(run), {("ok", None): 100, ("failed", None): 5, ("skipped", "breaker-open"): 95})

    def test_a_retry_that_meets_an_open_breaker_is_not_made(self):
        run = self.check(f"http://127.0.0.1:{free_port()}/", "--breaker", "2", "--retry", "9", "--retry-delay", "1ms",
                         "--retry-max-delay", "30s")
        result = run.results[1]
        self.assertEqual((result["status"], result["reason"]), ("failed", "breaker-open"))
        self.assertEqual(result["error"]["class"], "connect")
        self.assertEqual(len(result["attempts"]), 2)

    def test_a_trial_that_does_not_fail_closes_the_breaker(self):
        server = self.server(lambda path, n: (500 if n < 3 else 200, {}))
        process = self.start("--json", "--check", "-i", "-", "--breaker", "2", "--retry", "0", "--retry-max-delay",
                             "500ms", "-q", stdin=-1)
        told = []

        def ask(path):
            process.stdin.write(f"{server.address}/{path}\n".encode())
            process.stdin.flush()
            told.append(process.stdout.readline())

        process.stdout.readline()
        for path in ("fails", "opens", "skipped"):
            ask(path)
        time.sleep(0.6)
        for path in ("trial", "skipped"):
            ask(path)
        time.sleep(0.6)
        for path in ("trial", "closed"):
            ask(path)
        run = self.finish(process)
        self.assertEqual([path for _, path in server.asked], ["/fails", "/opens", "/trial", "/trial", "/closed"])
        self.assertEqual([b"breaker-open" in line for line in told], [False, False, True, False, True, False, False])
        self.assertEqual(run.code, 1)

    def test_what_the_server_says_for_good_is_no_failure_of_the_server(self):
        server = self.server(lambda path, n: (404, {}))
        run = self.check(*[f"{server.address}/{i}" for i in range(20)], "--breaker", "2")
        self.assertEqual(len(server.moments), 20)
        self.assertEqual(verdicts(run), {("failed", None): 20})



class Budget(PoliteTest):
    def test_retries_are_a_part_of_what_was_begun(self):
        server = self.server(lambda path, n: (500, {}))
        run = self.check("-i", "-", "--retry-budget", "20", "--retry-delay", "1ms",
                         stdin=[f"{server.address}/{i}" for i in range(200)])
        self.assertEqual(verdicts(run), {("failed", None): 200})
        self.assertTrue(10 <= run.summary["retries"] <= 40, run.summary["retries"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
