"""No more bytes a second than were wanted: --limit-rate and --limit-rate-total, and what they are not taken for."""

import datetime
import os
import random
import signal
import threading
import time
import unittest

from harness import RunTest, pattern

WINDOW = 2.0
TOLERANCE = 0.05  # too much, never more; too little, where the machine gives a process its time
SLACK = 0.3  # too little, as on a machine with other things to do
TIMES = 3  # the best of them shows what the pacing does, whatever else goes on
CATCH_UP = 0.05  # what a pacer may make up for


class Peer(threading.Thread):
    """Does nothing but meet a moment fifty times a second: what it loses, the machine has taken."""

    def __init__(self):
        super().__init__(daemon=True)
        self.ended, self.lost, self.began = threading.Event(), 0.0, time.monotonic()

    def run(self):
        due = self.began
        while not self.ended.is_set():
            due += 0.02
            time.sleep(max(0, due - time.monotonic()))
            late = time.monotonic() - due - CATCH_UP
            if late > 0:
                self.lost, due = self.lost + late, due + late

    def share(self):
        """What part of a rate was to be had."""
        self.ended.set()
        self.join()
        return 1 - self.lost / (time.monotonic() - self.began)


def busiest_and_idlest(moments, skip):
    """Bytes in the fullest and in the emptiest window of those that begin `skip` seconds after the first moment."""
    begin, end = moments[0][0] + skip, moments[-1][0]
    sums = []
    while begin + WINDOW <= end:
        sums.append(sum(count for moment, count in moments if begin <= moment < begin + WINDOW))
        begin += 0.25
    return max(sums), min(sums)


def moment_of(written):
    return datetime.datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp()


class Bandwidth(RunTest):
    def read(self, process):
        """What came on standard output, and when."""
        moments = []
        while True:
            count = len(os.read(process.stdout.fileno(), 65536))
            if count == 0:
                return moments
            moments.append((time.monotonic(), count))

    def assert_even(self, moments, rate, skip=0.0):
        busiest, idlest = busiest_and_idlest(moments, skip)
        self.assertLessEqual(busiest, rate * WINDOW * (1 + TOLERANCE))
        self.assertGreaterEqual(idlest, rate * WINDOW * (1 - SLACK))

    def assert_takes(self, seconds, wanted):
        self.assertGreaterEqual(seconds, wanted * (1 - TOLERANCE))
        self.assertLessEqual(seconds, wanted * (1 + SLACK))

    def part_of_rate(self, option, limit, rate):
        """That comes, of what there was to be had."""
        peer = Peer()
        peer.start()
        process = self.start("-q", "-o", "-", option, limit, self.url(f"/bytes/{2 * rate}"))
        moments = self.read(process)
        self.assertEqual(self.finish(process).code, 0)
        part = 2 * rate / (moments[-1][0] - moments[0][0]) / rate
        self.assertLessEqual(part, 1 + TOLERANCE)
        return part / peer.share()

    def test_the_rate_is_used_up(self):
        for option, limit, rate in (("--limit-rate", "100K", 100 << 10), ("--limit-rate-total", "4M", 4 << 20)):
            with self.subTest(limit):
                parts = []
                while len(parts) < TIMES and max(parts, default=0) < 1 - TOLERANCE:
                    parts.append(self.part_of_rate(option, limit, rate))
                self.assertGreaterEqual(max(parts), 1 - TOLERANCE, parts)

    def test_one_transfer_comes_evenly(self):
        for limit, rate in (("100K", 100 << 10), ("4M", 4 << 20)):
            with self.subTest(limit):
                process = self.start("-q", "-o", "-", "--limit-rate", limit, self.url(f"/bytes/{4 * rate}"))
                moments = self.read(process)
                self.assertEqual(self.finish(process).code, 0)
                self.assertEqual(sum(count for _, count in moments), 4 * rate)
                self.assert_even(moments, rate)

    def test_many_transfers_share_a_limit_evenly(self):
        rate, sizes = 4 << 20, random.Random(1)
        urls = [self.url(f"/bytes/{sizes.randrange(1000, 32000)}?{i}") for i in range(1400)]
        run = self.haul("--json", "--check", "-i", "-", "-j", 32, "--jobs-per-host", 32, "--limit-rate-total", "4M",
                        stdin=urls)
        self.assertEqual((run.code, run.summary["ok"]), (0, len(urls)))
        self.assert_takes(run.summary["elapsed"], run.summary["bytes"] / rate)
        self.assert_even(sorted((moment_of(result["finished_at"]), result["size_download"])
                                for result in run.results.values()), rate, skip=0.5)

    def test_no_transfer_gets_more_of_it_than_another(self):
        run = self.haul("--json", "--check", "-j", 32, "--jobs-per-host", 32, "--limit-rate-total", "4M",
                        *[self.url(f"/bytes/{3 << 17}?{i}") for i in range(32)])
        self.assertEqual(run.code, 0)
        times = [result["time_total"] for result in run.results.values()]
        self.assert_takes(max(times), 3)
        self.assertGreater(min(times), 0.6 * max(times))

    def test_waiting_for_a_share_is_no_stall_but_a_stall_is_one_under_a_limit_too(self):
        for limit in ("--limit-rate", "--limit-rate-total"):
            with self.subTest(limit):
                run = self.haul("--json", "--check", limit, "2K", "--speed-limit", "10K", "--speed-time", "1s",
                                "--retry", 0, self.url("/bytes/10240"))
                self.assertEqual(run.code, 0, run.stderr)
                self.assertTrue(4 < run.results[1]["time_total"] < 7)
                run = self.haul("--json", "--check", limit, "100K", "--speed-limit", "10", "--speed-time", "1s",
                                "--retry", 0, self.url("/stall/10000/20000"))
                self.assertEqual(run.results[1]["error"]["class"], "stall")
                self.assertLess(run.seconds, 10)

    def test_errors_redirects_and_saved_files_are_within_the_limit_too(self):
        run = self.haul("--json", "-P", "out", "--limit-rate-total", "100K", self.url("/bytes/100000"),
                        self.url("/redirect/3"), self.url("/bytes/60000?b"), self.url("/status/404"))
        self.assertEqual(run.code, 1)
        self.assertTrue(0.9 < run.summary["elapsed"] / (160000 / 102400) < 1.5)
        self.assertEqual((self.out / "100000").read_bytes(), pattern(100000))

    def test_a_run_that_is_interrupted_does_not_wait_for_its_share(self):
        process = self.start("--json", "--check", "--limit-rate", "1K", "--limit-rate-total", "1K",
                             *[self.url(f"/bytes/100000?{i}") for i in range(8)])
        process.stdout.readline()
        time.sleep(0.5)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertEqual(run.code, 130)
        self.assertLess(time.monotonic() - asked, 3)
        self.assert_one_record_each(run, 8)

    def test_each_of_many_transfers_has_its_own_limit(self):
        run = self.haul("--json", "--check", "-j", "32", "--jobs-per-host", "32", "--limit-rate", "50K",
                        *[self.url(f"/bytes/{2 * 50 * 1024}?{i}") for i in range(32)])
        self.assertEqual(run.code, 0)
        for result in run.results.values():
            self.assert_takes(result["time_total"], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
