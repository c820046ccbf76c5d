"""Many files, many connections, many lines."""

import os
import pathlib
import resource
import subprocess
import threading
import time
import unittest

from harness import ENVIRONMENT, FRUGAL_SANITIZER, Nginx, RunTest, pattern, peak_memory, temporary_folder, wait_until

FILES = 20_000
FEW_LINES = 5_000
MANY_LINES = 1_000_000 if os.environ.get("HAUL_TESTS_LONG") else 25_000
GROWTH_KIB = 2048

# What AddressSanitizer keeps for its own use would be most of the memory.


class Many(RunTest):
    def test_twenty_thousand_small_files_all_come_whole(self):
        with temporary_folder() as root:
            contents = {f"{i:05}": (b"%05d" % i) * 204 + b"end\n" for i in range(FILES)}
            for name, content in contents.items():
                pathlib.Path(root, name).write_bytes(content)
            nginx = Nginx(root)
            self.addCleanup(nginx.close)
            run = self.haul("--json", "-i", "-", "-P", "out", "-j", "64", "--jobs-per-host", "64", limit=120,
                            stdin=[f"{nginx.address}/{name}" for name in contents])
        self.assertEqual(run.code, 0, run.stderr[-1000:])
        self.assert_one_record_each(run, FILES)
        self.assertEqual(run.summary["ok"], FILES)
        self.assert_files(contents)

    def test_three_thousand_jobs_are_thousands_at_once(self):
        (self.folder / "list").write_text(self.url("/silent\n") * 3000)
        process = self.start("--json", "--check", "-i", "list", "-j", "3000", "--jobs-per-host", "3000")
        wait_until(lambda: self.origin.stats()["most_in_flight"] > 3000, 60)
        process.terminate()
        run = self.finish(process)
        self.assertEqual(run.code, 143, run.stderr[-1000:])
        self.assert_one_record_each(run, 3000)
        self.assertEqual(run.summary["cancelled"], 3000)

    def test_one_large_file_comes_whole_and_takes_little_memory(self):
        process = self.start("--json", "-P", "out", self.url("/bytes/300000000"), self.url("/silent"),
                             env=FRUGAL_SANITIZER)
        wait_until(lambda: (self.out / "300000000").exists(), 60)
        self.assertLess(peak_memory(process), 120_000)
        process.terminate()
        self.assertEqual(self.finish(process).code, 143)
        self.assertEqual((self.out / "300000000").stat().st_size, 300_000_000)


class FewDescriptors(RunTest):
    """Fewer at a time, then, and not one failure."""

    def haul_with(self, descriptors, *arguments, stdin, code=0):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        run = self.haul("--json", "-j", "1000", "--jobs-per-host", "1000", "--retry", "0", "-i", "-", *arguments,
                        stdin=stdin, preexec_fn=limit)
        self.assertEqual(run.code, code, run.stderr[:1000])
        self.assertIn(f"only {descriptors} descriptors are allowed", run.stderr)
        self.assert_one_record_each(run, len(stdin))
        return run

    def test_are_enough_for_many_small_files(self):
        run = self.haul_with(100, "-P", "out", stdin=[self.url(f"/delay/5/bytes/{i}") for i in range(1, 301)])
        self.assert_files({str(i): pattern(i) for i in range(1, 301)})
        self.assertGreater(run.summary["max_concurrency"], 5)

    def test_are_enough_for_large_files_in_folders(self):
        lines = [self.url(f"/stall/600000/700000\t{i}/stalled") for i in range(40)]
        lines += [self.url(f"/bytes/600000\t{i}/large") for i in range(40)]
        run = self.haul_with(100, "-P", "out", "-m", "4", stdin=lines, code=1)
        self.assertEqual(run.summary["by_error"], {"timeout": 40})
        self.assert_files({f"{i}/large": pattern(600_000) for i in range(40)})

    def test_are_enough_for_a_connection_to_each_of_many_origins(self):
        urls = [f"http://host-{i}.localhost:{self.origin.port}/bytes/1" for i in range(1000)]
        for descriptors in (70, 150, 300):
            self.haul_with(descriptors, "--check", stdin=urls)


class Lines(RunTest):
    """Memory is measured when all records have come and standard input is still open."""

    def memory_for(self, lines):
        process = self.start("--json", "-q", "--check", "-i", "-", stdin=subprocess.PIPE, env=FRUGAL_SANITIZER)
        feeder = threading.Thread(target=self.feed, args=(process, lines))
        feeder.start()
        began = time.monotonic()
        for _ in range(lines + 1):
            process.stdout.readline()
        feeder.join()
        memory, seconds = peak_memory(process), time.monotonic() - began
        run = self.finish(process)
        self.assertEqual(run.code, 0)
        self.assertEqual(run.summary["ok"], lines)
        print(f"{lines} lines: {memory} KiB at most, {lines / seconds:.0f} a second")
        return memory

    def feed(self, process, lines):
        line = self.url("/bytes/1\n").encode()
        for _ in range(lines // 1000):
            process.stdin.write(line * 1000)
        process.stdin.flush()

    def test_memory_does_not_grow_with_the_list(self):
        few = self.memory_for(FEW_LINES)
        self.assertLess(self.memory_for(MANY_LINES), few + GROWTH_KIB)

    def test_the_first_url_is_asked_for_before_the_tenth_line_is_written(self):
        process = self.start("--json", "-i", "-", "-P", "out", stdin=subprocess.PIPE)
        for i in range(1, 11):
            process.stdin.write(self.url(f"/bytes/{i}\n").encode())
            process.stdin.flush()
            wait_until((self.out / str(i)).exists)
        run = self.finish(process)
        self.assertEqual(run.code, 0)
        self.assert_one_record_each(run, 10)

    def test_a_record_is_there_as_soon_as_its_transfer_ends(self):
        process = self.start("--json", "-i", "-", "--check", stdin=subprocess.PIPE)
        self.assertIn(b'"run"', process.stdout.readline())
        for _ in range(3):
            process.stdin.write(self.url("/bytes/1\n").encode())
            process.stdin.flush()
            self.assertIn(b'"status":"ok"', process.stdout.readline())
        self.assertEqual(self.finish(process).code, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
