"""Signals at moments nobody chose: what is there is whole, and everything that was begun is told."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import unittest

from harness import Nginx, RunTest, temporary_folder, wait_until

FILES = 5000
RECORD_SIZE = 1200  # about
TIMES = 50 if os.environ.get("HAUL_TESTS_LONG") else 10


class Interrupts(RunTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = temporary_folder()
        cls.addClassCleanup(root.cleanup)
        cls.contents = {}
        for i in range(FILES):
            name, size = f"file-{i}", i * 60 if i % 50 == 0 else i % 3000
            cls.contents[name] = random.Random(i).randbytes(size)
            pathlib.Path(root.name, name).write_bytes(cls.contents[name])
        cls.nginx = Nginx(root.name)
        cls.addClassCleanup(cls.nginx.close)

    def begin(self):
        (self.folder / "list").write_text("".join(f"{self.nginx.address}/{name}\n" for name in self.contents))
        with (self.folder / "results").open("wb") as results:
            return self.start("--json", "-i", "list", "-P", "out", "-j", "64", "--jobs-per-host", "64", stdout=results)

    def interrupt(self, process, number, records, seconds):
        """When about so many records are there, and then some time later."""
        results = self.folder / "results"
        wait_until(lambda: results.stat().st_size >= records * RECORD_SIZE or process.poll() is not None, 60)
        time.sleep(seconds)
        process.send_signal(number)
        run = self.finish(process, limit=20)
        run.stdout = (self.folder / "results").read_bytes()
        return run

    def check(self, run, number):
        if run.code == -number and not run.stdout:
            return  # it had not begun
        self.assertIn(run.code, [0, 128 + number], run.stderr)
        results = run.results
        self.assert_one_record_each(run, len(results))
        told = {result["filename_effective"].split("/")[1] for result in results.values() if result["status"] == "ok"}
        self.assert_files({name: self.contents[name] for name in told})
        for result in results.values():
            self.assertIn(result["status"], ["ok", "cancelled"])
            self.assertEqual(result["reason"], "interrupted" if result["status"] == "cancelled" else None)

    def test_at_any_moment_files_are_whole_and_every_job_that_was_read_has_a_record(self):
        seed = random.randrange(1 << 32)
        moments = random.Random(seed)
        cut_short = 0
        for i in range(TIMES):
            shutil.rmtree(self.out, ignore_errors=True)
            number = signal.SIGTERM if i % 3 == 2 else signal.SIGINT
            with self.subTest(seed=seed, time=i):
                run = self.interrupt(self.begin(), number, moments.randrange(FILES), moments.uniform(0, 0.05))
                self.check(run, number)
                cut_short += run.code == 128 + number
        self.assertGreater(cut_short, TIMES / 2)

    def test_a_hangup_is_told_by_the_exit_code_too(self):
        process = self.start("--json", self.url("/silent"))
        process.stdout.readline()
        wait_until(lambda: self.origin.stats()["connections"] > 1)
        process.send_signal(signal.SIGHUP)
        run = self.finish(process, limit=10)
        self.assertEqual(run.code, 129)

    def test_a_signal_that_was_ignored_from_the_beginning_stays_so(self):
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start("--json", "--check", "-i", "-", stdin=subprocess.PIPE,
                                     preexec_fn=lambda: signal.signal(number, signal.SIG_IGN))
                process.stdout.readline()
                process.send_signal(number)
                run = self.finish(process, self.url("/bytes/5\n").encode())
                self.assertEqual((run.code, run.lines[0]["status"]), (0, "ok"), run.stderr)

    def test_a_stalled_server_does_not_hold_up_the_end(self):
        for path in ("/stall/10/20", "/stall/400000/500000", "/silent", "/drip/1000/100"):
            with self.subTest(path):
                process = self.start("--json", "-P", "out", self.url(path))
                process.stdout.readline()
                time.sleep(0.5)
                asked = time.monotonic()
                process.send_signal(signal.SIGINT)
                run = self.finish(process, limit=10)
                self.assertLess(time.monotonic() - asked, 2)
                self.assertEqual(run.code, 130)
                self.assertEqual(run.results[1]["status"], "cancelled")
                self.assert_files({})

    def test_waiting_for_standard_input_does_not_hold_up_the_end(self):
        reading, writing = os.pipe()
        process = self.start("--json", "-i", "-", "-P", "out", stdin=reading)
        os.close(reading)
        os.write(writing, self.url("/bytes/5\n").encode())
        wait_until(lambda: (self.out / "5").exists())
        process.send_signal(signal.SIGINT)
        run = self.finish(process, limit=10)
        os.close(writing)
        self.assertEqual(run.code, 130)
        self.assert_one_record_each(run, 1)

    def test_a_second_interrupt_kills_a_run_that_nobody_reads(self):
        process = self.start("--json", "-i", self.list_of("/bytes/1", 3000), "--check")
        process.stdout.readline()
        time.sleep(1)  # the pipe is full long before
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        process.wait(5)
        self.assertEqual(process.returncode, -signal.SIGINT)

    def test_a_run_that_waits_to_connect_ends_at_once(self):
        process = self.start("--json", "-i", self.list_of("/silent", 3000), "--check", "-j", "3000",
                             "--jobs-per-host", "3000")
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        run = self.finish(process, limit=20)
        self.assertEqual(run.code, 130)
        self.assertTrue(all(result["status"] == "cancelled" for result in run.results.values()))

    def list_of(self, path, count):
        (self.folder / "list").write_text((self.url(path) + "\n") * count)
        return "list"


if __name__ == "__main__":
    unittest.main(verbosity=2)
