"""How many at once a server gets: fewer when it says that it is too much, more again when it copes."""

import re
import unittest

from harness import Origin, RunTest


def allowances(run):
    return [int(at_once) for at_once in re.findall(r"^adapting  \S+: (\d+) at once$", run.stderr, re.MULTILINE)]


class Adapting(RunTest):
    COUNT = 600

    def ask(self, path, *arguments):
        """A server of its own each time: what is under way there counts."""
        self.origin = Origin()
        self.addCleanup(self.origin.close)
        return self.haul("--json", "--check", "-v", "-i", "-", "--retry", "8", "--retry-delay", "50ms", *arguments,
                         stdin=[self.url(f"{path}?{i}") for i in range(self.COUNT)])

    def refused(self, run):
        return sum(attempt["response_code"] == 503 for result in run.results.values() for attempt in result["attempts"])

    def test_a_server_that_bears_no_more_than_so_many_gets_about_that_and_everything_comes(self):
        run = self.ask("/crowded/6/delay/20/bytes/10", "--jobs-per-host", "32")
        self.assertEqual((run.code, run.summary["ok"]), (0, self.COUNT))
        told = allowances(run)
        self.assertEqual(told[:2], [16, 8])
        settled = told[8:]
        self.assertTrue(all(1 <= at_once <= 9 for at_once in settled), told)
        self.assertIn(6, settled)
        self.assertLess(self.refused(run), self.COUNT // 5)

    def test_without_adapting_it_is_refused_more_often(self):
        with_it = self.refused(self.ask("/crowded/6/delay/20/bytes/10"))
        without = self.ask("/crowded/6/delay/20/bytes/10", "--no-adapt")
        self.assertEqual(allowances(without), [])
        self.assertGreater(self.refused(without), 2 * with_it)

    def test_a_server_that_recovers_gets_as_many_as_before(self):
        run = self.ask("/crowded/7/delay/10/bytes/10", "--jobs-per-host", "7")
        self.assertEqual(allowances(run), [])
        self.COUNT = 200
        run = self.ask("/status/503/1", "--jobs-per-host", "4")
        self.assertEqual(run.code, 0)
        self.assertEqual(min(allowances(run)), 1)
        self.assertEqual(allowances(run)[-1], 4)

    def test_a_host_that_is_away_is_not_taken_for_one_that_is_busy(self):
        self.COUNT = 20
        run = self.ask("/bytes/1", "--retry", "1", "--connect-to", "::127.0.0.1:1")
        self.assertEqual(run.summary["failed"], 20)
        self.assertEqual(allowances(run), [])

    def test_another_server_to_which_one_redirects_says_nothing_of_it(self):
        busy = Origin()
        self.addCleanup(busy.close)
        self.COUNT = 20
        run = self.ask(f"/redirect-to?url={busy.address}/status/503&", "--retry", "0")
        self.assertEqual(run.summary["failed"], 20)
        self.assertEqual(allowances(run), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
