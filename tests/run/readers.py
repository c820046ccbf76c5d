"""A reader that takes nothing is waited for, but not when the run is to end; one that is slow gets everything."""

import json
import os
import signal
import subprocess
import time
import unittest

from harness import RunTest, wait_until

GRACE = 5
MANY = 3000  # records that fill a pipe and what haul keeps for it


class Readers(RunTest):
    def list_of(self, count, path="/bytes/1"):
        (self.folder / "list").write_text("".join(self.url(f"{path}?{i}") + "\n" for i in range(count)))

    def begin(self, *arguments, **options):
        return self.start("--check", "-i", "list", *arguments, **options)

    def ended(self, process, code):
        process.wait(GRACE + 20)
        self.assertEqual(process.returncode, code)
        return process.stderr.read().decode() if process.stderr else ""

    def test_one_that_takes_nothing_does_not_outlive_the_deadline_nor_an_interrupt(self):
        self.list_of(MANY)
        late = self.begin("--json", "--deadline", "1s")
        interrupted = self.begin("--json")
        deaf = self.begin("-v", "--deadline", "1s", stdout=subprocess.DEVNULL)  # nobody reads the sentences
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        watched = self.begin("--json", "--events-fd", writing, "--deadline", "1s", pass_fds=[writing],
                             stdout=subprocess.DEVNULL)
        os.close(writing)
        interrupted.stdout.readline()  # it hears, and nothing else is taken
        time.sleep(1)
        began = time.monotonic()
        interrupted.send_signal(signal.SIGINT)
        self.assertIn("haul: cannot write to standard output: its reader has taken nothing for 5 s\n", self.ended(late, 5))
        self.ended(interrupted, 130)
        deaf.wait(GRACE + 20)
        self.assertIn(deaf.returncode, [0, 6])  # all may have been done; there was more to say than a pipe takes
        self.assertIn("cannot write the events", self.ended(watched, 6))
        self.assertGreater(time.monotonic() - began, GRACE - 2)

    def test_one_that_pauses_is_waited_for_as_long_as_it_takes(self):
        self.list_of(MANY)
        process = self.begin("--json")
        time.sleep(GRACE + 2)
        self.assertIsNone(process.poll())
        records = [json.loads(line) for line in process.stdout]
        self.assertEqual((process.wait(20), len(records)), (0, MANY + 2))

    def test_one_of_two_runs_over_the_same_pipe_gets_whole_records_up_to_what_it_takes_at_once(self):
        (self.folder / "list").write_text("".join(self.url(f"/bytes/1?{'x' * (i * 37 % 500)}") + "\n" for i in range(MANY)))
        reading, writing = os.pipe()
        runs = [self.begin("--json", stdout=writing) for _ in range(2)]
        os.close(writing)
        with open(reading, encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        self.assertEqual(([run.wait(20) for run in runs], len(records)), ([0, 0], 2 * (MANY + 2)))

    def test_one_gets_records_longer_than_a_pipe_takes_at_once(self):
        urls = [self.url(f"/bytes/1?{'x' * length}") for length in (10, 3000, 10, 7000, 10)]
        run = self.haul("--json", "--check", *urls)
        self.assertEqual(sorted(result["url"] for result in run.results.values()), sorted(urls))

    def test_one_that_is_slow_gets_every_record_also_when_a_signal_comes_after_the_last_transfer(self):
        count = 60
        self.list_of(count)
        process = self.begin("--json", "--report", "report.jsonl")
        report = self.folder / "report.jsonl"
        wait_until(lambda: report.exists() and report.read_text().count('"type":"result"') == count)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        records = [json.loads(line) for line in process.stdout]
        self.assertEqual(len(records), count + 2)
        self.assertEqual((process.wait(20), records[-1]["exit_code"]), (0, 0))

    def test_one_that_is_slow_gets_every_record_of_a_run_that_was_interrupted(self):
        self.list_of(200, "/delay/100/bytes/1")
        process = self.begin("--json", "-j", "4")
        first = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        time.sleep(GRACE - 2)
        records = [json.loads(line) for line in first]
        for line in process.stdout:
            records.append(json.loads(line))
            time.sleep(0.01)
        self.assertEqual((process.wait(20), len(records), records[-1]["exit_code"]), (130, 202, 130))


if __name__ == "__main__":
    unittest.main()
