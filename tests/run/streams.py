"""Standard streams and inputs in a bad way: a clear sentence, the right exit code, never a hang."""

import os
import pathlib
import socket
import subprocess
import threading
import time
import unittest

from harness import ENVIRONMENT, HAUL, RunTest, pattern, peak_memory, wait_until


class StandardOutput(RunTest):
    def test_a_reader_that_leaves_after_one_line_ends_the_run(self):
        lines = "".join(self.url(f"/bytes/{i}\n") for i in range(5000))
        (self.folder / "list").write_text(lines)
        done = subprocess.run(["sh", "-c", f"{HAUL} --json --check -i list 2>errors; echo $? >code"], env=ENVIRONMENT,
                              cwd=self.folder, stdout=self.reader_of_one_line(), timeout=60, check=False)
        self.assertEqual(done.returncode, 0)
        self.assertEqual((self.folder / "code").read_text(), "5\n")
        self.assertIn("cannot write to standard output: Broken pipe", (self.folder / "errors").read_text())
        self.assertLess(self.origin.stats()["requests"], 5000)

    def reader_of_one_line(self):
        head = subprocess.Popen(["head", "-n", "1"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(head.wait)
        self.addCleanup(head.stdin.close)
        return head.stdin

    def test_files_that_were_whole_when_the_reader_left_stay(self):
        reading, writing = os.pipe()
        process = self.start("--json", "-P", "out", *[self.url(f"/bytes/{i}") for i in range(1, 200)], stdout=writing)
        os.close(writing)
        wait_until(lambda: (self.out / "7").exists())
        os.close(reading)
        run = self.finish(process)
        self.assertIn(run.code, [0, 5])
        names = os.listdir(self.out)
        self.assertIn("7", names)
        self.assert_files({name: pattern(int(name)) for name in names})

    def test_a_full_device_is_an_error_that_names_standard_output(self):
        with open("/dev/full", "wb") as full:
            run = self.haul("--json", "--check", self.url("/bytes/1"), stdout=full)
        self.assertEqual(run.code, 5)
        self.assertIn("haul: cannot write to standard output: No space left on device", run.stderr)

    def test_a_body_for_a_full_device_is_an_error_that_names_standard_output(self):
        for size in (10, 3_000_000):
            with open("/dev/full", "wb") as full:
                run = self.haul("-o", "-", self.url(f"/bytes/{size}"), stdout=full)
            self.assertEqual(run.code, 5)
            self.assertIn("standard output", run.stderr)
            self.assertIn("No space left on device", run.stderr)

    def test_a_body_for_a_closed_pipe_ends_at_once(self):
        reading, writing = os.pipe()
        os.close(reading)
        run = self.haul("-o", "-", self.url("/bytes/100000000"), stdout=writing)
        os.close(writing)
        self.assertEqual(run.code, 5)
        self.assertIn("Broken pipe", run.stderr)

    def test_help_for_a_full_device_is_an_error(self):
        with open("/dev/full", "wb") as full:
            self.assertNotEqual(self.haul("--help", stdout=full).code, 0)

    def test_a_closed_standard_output_is_an_error_when_it_is_needed(self):
        run = self.haul("--json", "--check", self.url("/bytes/1"), preexec_fn=lambda: os.close(1), stdout=None)
        self.assertEqual(run.code, 5)
        self.assertIn("cannot write to standard output", run.stderr)
        run = self.haul("-P", "out", self.url("/bytes/1"), preexec_fn=lambda: os.close(1), stdout=None)
        self.assertEqual(run.code, 0)
        self.assert_files({"1": pattern(1)})

    def test_a_closed_or_full_standard_error_changes_nothing(self):
        arguments = ["--json", "-v", "-P", "out", self.url("/bytes/1"), self.url("/status/404"), "not a url"]
        run = self.haul(*arguments, preexec_fn=lambda: os.close(2), stderr=None)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, 3)
        self.assert_files({"1": pattern(1)})
        (self.out / "1").unlink()
        with open("/dev/full", "wb") as full:
            run = self.haul(*arguments, stderr=full)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, 3)
        self.assert_files({"1": pattern(1)})

    def test_all_three_closed_still_saves_a_file(self):
        def close_all():
            os.closerange(0, 3)

        run = self.haul("-P", "out", self.url("/bytes/1000"), preexec_fn=close_all, stdin=None, stdout=None, stderr=None)
        self.assertEqual(run.code, 0)
        self.assert_files({"1000": pattern(1000)})

    def where_requests_end(self):
        """How many there are when half a second brings none but that for this number."""
        now, before = self.origin.stats()["requests"], 0
        while now > before + 1 or now < 100:
            time.sleep(0.5)
            now, before = self.origin.stats()["requests"], now
        return now

    def test_a_slow_reader_gets_all_lines_and_memory_stays_bounded(self):
        (self.folder / "list").write_text(self.url("/bytes/1\n") * 10_000)
        process = self.start("--json", "-q", "--check", "-i", "list", stderr=subprocess.DEVNULL)
        self.assertLess(self.where_requests_end(), 5000)
        run = self.finish(process)
        self.assertEqual(run.code, 0)
        self.assert_one_record_each(run, 10_000)

    def test_a_pipe_that_does_not_block_gets_all_lines(self):
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        process = self.start("--json", "-q", "--check", "-i", "-", stdin=subprocess.PIPE, stdout=writing)
        os.close(writing)
        threading.Thread(target=self.feed, args=(process, self.url("/bytes/1\n") * 2000), daemon=True).start()
        time.sleep(0.5)
        with open(reading, "rb") as lines:
            self.assertEqual(len(lines.read().splitlines()), 2002)
        self.assertEqual(process.wait(10), 0)

    @staticmethod
    def feed(process, text):
        process.stdin.write(text.encode())
        process.stdin.close()


class Inputs(RunTest):
    def refused(self, name, why, **options):
        run = self.finish(self.start("--json", "-P", "out", "-i", name, **options))
        self.assertEqual(run.code, 3)
        self.assertIn(why, run.stderr)

    def test_a_directory_is_no_input(self):
        self.refused("/", "cannot read '/': Is a directory")
        descriptor = os.open("/", os.O_RDONLY)
        self.refused("-", "cannot read '-': Is a directory", stdin=descriptor)
        os.close(descriptor)

    def test_a_missing_file_is_named(self):
        self.refused("no-such-file", "cannot read 'no-such-file': No such file or directory")
        self.assertFalse(self.out.exists())

    def test_a_file_that_may_not_be_read_is_named(self):
        if os.geteuid() == 0:
            self.refused("/proc/self/mem", "cannot read '/proc/self/mem': Input/output error")
            return
        path = self.folder / "secret"
        path.touch(mode=0)
        self.refused("secret", "cannot read 'secret': Permission denied")

    def test_a_closed_standard_input_is_no_input(self):
        self.refused("-", "cannot read", preexec_fn=lambda: os.close(0), stdin=None)

    def test_what_was_read_before_an_error_is_done(self):
        good = self.folder / "good"
        good.write_text(self.url("/bytes/3\n"))
        run = self.haul("--json", "-P", "out", "-i", "good", "-i", "/proc/self/mem")
        self.assertEqual(run.code, 3)
        self.assert_one_record_each(run, 1)
        self.assert_files({"3": pattern(3)})

    def test_an_empty_list_is_a_run_of_nothing(self):
        (self.folder / "empty").touch()
        for name in ("empty", "/dev/null"):
            run = self.haul("--json", "-P", "out", "-i", name)
            self.assertEqual(run.code, 0)
            self.assert_one_record_each(run, 0)

    def test_a_binary_file_is_bad_lines_and_nothing_else(self):
        path = self.folder / "binary"
        path.write_bytes(bytes(range(256)) * 400 + b"\n" + os.urandom(200_000) + b"\n" + b"\x00" * 200_000)
        run = self.haul("--json", "-P", "out", "-i", "binary", "--retry", "0", "-m", "2", limit=120)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, run.summary["total"])
        self.assertGreater(run.summary["total"], 3)
        self.assert_files({})

    def test_line_ends_byte_order_marks_blanks_and_comments_do_not_count(self):
        url = self.url("/bytes/")
        text = f"\ufeff{url}1\r\n\r\n  \t\n# {url}9\n\t{url}2  \r\n{url}3\tthree\r\n{url}4"
        run = self.haul("--json", "-P", "out", "-i", "-", stdin=text.encode())
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({"1": pattern(1), "2": pattern(2), "three": pattern(3), "4": pattern(4)})
        self.assertEqual(sorted(result["input"] for result in run.results.values()), ["-:1", "-:5", "-:6", "-:7"])

    def test_a_line_without_end_takes_no_memory(self):
        process = self.start("--json", "-i", "-", stdin=subprocess.PIPE)
        process.stdout.readline()
        before = peak_memory(process)
        for _ in range(100):
            process.stdin.write(b"a" * 1_000_000)
        after = peak_memory(process)
        process.stdin.write(f"\n{self.url('/bytes/1')}\n".encode())
        run = self.finish(process)
        run.stdout = b"{\"type\":\"run\"}\n" + run.stdout
        self.assertEqual(run.results[1]["error"]["class"], "input")
        self.assertEqual(run.results[2]["status"], "ok")
        self.assertLess(after - before, 20_000)

    def test_several_lists_and_arguments_are_numbered_in_order(self):
        (self.folder / "one").write_text(self.url("/bytes/1\n"))
        (self.folder / "two").write_text("bad line\n")
        run = self.haul("--json", "-P", "out", "-i", "one", "-i", "two", "-i", "-", self.url("/bytes/7"),
                        stdin=[self.url("/bytes/2")])
        sources = {index: result["input"] for index, result in run.results.items()}
        self.assertEqual(sources, {1: "argument 1", 2: "one:1", 3: "two:1", 4: "-:1"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
