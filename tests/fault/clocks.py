"""The clock on the wall goes back an hour in the middle of a run, and forward a day: only what the records call a time
of day is concerned.
"""

import datetime
import os
import time
import unittest
from email.utils import formatdate

from harness import ENVIRONMENT
from politeness import PoliteTest

HOUR, DAY = 3600, 86400
PRELOADED = {**ENVIRONMENT, "LD_PRELOAD": os.environ["PRELOADED"], "CLOCK_JUMPS": f"400:{-HOUR},1000:{DAY}",
             "ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] + ":verify_asan_link_order=0"}


def moment_of(written):
    return datetime.datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp()


class Jumps(PoliteTest):
    def check(self, *arguments, **options):
        return super().check(*arguments, env=PRELOADED, **options)

    def test_rates_hold_and_records_tell_the_wrong_time_of_day(self):
        server = self.server()
        run = self.check("-i", "-", "--rate", "20/s", "--progress", "plain",
                         stdin=[f"{server.address}/{i}" for i in range(41)])
        self.assertEqual(run.code, 0, run.stderr)
        self.assertTrue(2 <= run.summary["elapsed"] < 10, run.summary["elapsed"])
        for early, late in zip(server.moments, server.moments[20:]):
            self.assertGreater(late - early, 0.8)  # as a busy server sees it
        for result in run.results.values():
            for name in ("time_wait", "time_connect", "time_starttransfer", "time_total", "time_elapsed"):
                self.assertTrue(0 <= result[name] < 10, (name, result[name]))
        wrong = [moment_of(result["finished_at"]) - time.time() for result in run.results.values()]
        self.assertTrue(min(wrong) < -HOUR + 60 and max(wrong) > DAY - 60, (min(wrong), max(wrong)))
        self.assertNotRegex(run.stderr, r"-\d")

    def test_limits_of_time_hold(self):
        limits = {"timeout": ["-m", "1500ms"], "stall": ["--speed-time", "2s"], "cancelled": ["--deadline", "1500ms"]}
        runs = {error: self.start("--json", "--check", "--retry", "0", *limit, self.url("/silent"), env=PRELOADED)
                for error, limit in limits.items()}
        for error, process in runs.items():
            result = self.finish(process).results[1]
            self.assertEqual(result["error"]["class"], error)
            self.assertTrue(1.4 <= result["time_elapsed"] < 6, result["time_elapsed"])

    def test_bytes_come_as_evenly_as_before(self):
        run = self.check(self.url("/bytes/200000"), "--limit-rate", "100000")
        self.assertTrue(1.9 <= run.results[1]["time_total"] < 5, run.results[1]["time_total"])

    def test_a_server_is_left_alone_for_as_long_as_it_wants(self):
        server = self.server(lambda path, n: (429, {"Retry-After": "2"}) if n == 0 else (200, {}))
        run = self.check(server.address)
        self.assertEqual(run.code, 0)
        self.assertTrue(2 <= server.moments[1] - server.moments[0] < 8)
        self.assertEqual(run.results[1]["attempts"][0]["wait"], 2)


class WrongFromTheBeginning(PoliteTest):
    def gap(self, wrong_by, headers):
        """Between the attempts of one whose clock is wrong."""
        server = self.server(lambda path, n: (503, headers()) if n == 0 else (200, {}))
        run = self.check(server.address, "--retry-delay", "10ms", "--retry-max-delay", "1500ms",
                         env={**PRELOADED, "CLOCK_JUMPS": f"0:{wrong_by}"})
        self.assertEqual(run.code, 0, run.stderr)
        return server.moments[1] - server.moments[0]

    def test_a_date_is_compared_with_the_servers_own(self):
        def by_its_own_clock():
            now = int(time.time())
            return {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 1, usegmt=True)}
        for wrong_by in (-HOUR, DAY):
            self.assertTrue(1 <= self.gap(wrong_by, by_its_own_clock) < 5)

    def test_a_date_without_the_servers_own_is_waited_for_no_longer_than_the_longest_delay(self):
        def soon():
            return {"Retry-After": formatdate(int(time.time()) + 1, usegmt=True)}
        self.assertTrue(1.5 <= self.gap(-HOUR, soon) < 6)  # an hour, as it seems
        self.assertLess(self.gap(DAY, soon), 1)  # it is past, as it seems


if __name__ == "__main__":
    unittest.main(verbosity=2)
