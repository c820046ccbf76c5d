"""What a machine may refuse: room, descriptors, long files, folders.

A run in a bad place fails what it must and nothing else, names the culprit, and leaves nothing behind that cannot help.
"""

import os
import resource
import shutil
import subprocess
import sys
import unittest

from harness import RunTest, pattern, status_of, wait_until
from resume import CUT, OLD, Server, head, whole

MIB = 1024 * 1024
SKIPPED = 77  # for Meson


class Interrupted(Server):
    """Sends half of a body, and the other one when something else has happened."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile
        super().__init__(whole())

    def answer(self, connection):
        connection.recv(65536)
        connection.sendall(head("200 OK", len(OLD)) + OLD[:CUT])
        self.meanwhile()
        connection.sendall(OLD[CUT:])


def mount(folder, *options):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", folder], capture_output=True,
                          check=False).returncode == 0


class Limit(RunTest):
    def assert_failed_by_disk(self, run, index, *words):
        error = run.results[index]["error"]
        self.assertEqual((run.results[index]["status"], error["class"]), ("failed", "disk"))
        for word in words:
            self.assertIn(word, error["message"])
        self.assertIn(error["message"], run.stderr)

    def statuses(self, run):
        return [result["status"] for _, result in sorted(run.results.items())]


class Folders(Limit):
    def refused(self, folder, why):
        run = self.haul("--json", "-P", folder, self.url("/bytes/1"))
        self.assertEqual(run.code, 5)
        self.assertIn(why, run.stderr)

    def test_a_file_is_no_folder(self):
        (self.folder / "file").write_text("mine")
        self.refused("file", "'file': Not a directory")
        self.refused("file/below", "'file/below': Not a directory")
        self.assertEqual((self.folder / "file").read_text(), "mine")

    def test_a_folder_that_cannot_be_made_is_named(self):
        self.refused("/proc/here", "'/proc/here'")

    def test_a_folder_where_nothing_can_be_made_fails_each_job(self):
        run = self.haul("--json", "-P", "/proc/self", self.url("/bytes/1"), self.url("/bytes/300000"))
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 2)
        for result in run.results.values():
            self.assertEqual(result["error"]["class"], "disk")
            self.assertIn("/proc/self/", result["error"]["message"])

    def test_a_file_where_a_folder_should_be_fails_that_job_alone(self):
        self.out.mkdir()
        (self.out / "taken").write_text("mine")
        run = self.haul("--json", "-P", "out", "-i", "-",
                        stdin=[self.url("/bytes/1\ttaken/below"), self.url("/bytes/2\tfree/below")])
        self.assertEqual(run.code, 5)
        self.assertEqual(run.results[1]["error"]["class"], "disk")
        self.assertEqual(run.results[2]["status"], "ok")
        self.assert_files({"taken": b"mine", "free/below": pattern(2)})

    def test_a_folder_where_a_file_should_be_fails_that_job_alone(self):
        (self.out / "1").mkdir(parents=True)
        (self.out / "2.part").mkdir()
        run = self.haul("--json", "-P", "out", *[self.url(f"/bytes/{i}") for i in (1, 2, 3)])
        self.assertEqual(run.code, 5)
        self.assertEqual([run.results[i]["status"] for i in (1, 2, 3)], ["failed", "failed", "ok"])
        self.assertIn("2.part", run.results[2]["error"]["message"])
        self.assert_files({"3": pattern(3)})

    def test_a_folder_that_goes_away_fails_what_comes_later(self):
        process = self.start("--json", "-i", "-", "-P", "out", stdin=subprocess.PIPE)
        wait_until(self.out.exists)
        self.out.rmdir()
        run = self.finish(process, self.url("/bytes/1\n").encode() + self.url("/bytes/2\tx/y\n").encode())
        self.assertEqual(run.code, 5)
        for result in run.results.values():
            self.assertEqual(result["error"]["class"], "disk")

    def haul_with_interruption(self, meanwhile):
        """Of a large file, half of which is there when `meanwhile` is called."""
        server = Interrupted(lambda: (wait_until((self.out / "file.part").exists), meanwhile()))
        self.addCleanup(server.close)
        run = self.haul("--json", "-P", "out", "--retry", "0", server.url)
        self.assert_one_record_each(run, 1)
        return run

    def test_a_folder_that_goes_away_in_the_middle_fails_what_is_under_way(self):
        run = self.haul_with_interruption(lambda: shutil.rmtree(self.out))
        self.assertEqual(run.code, 5)
        self.assert_failed_by_disk(run, 1, "out/file")
        self.assertFalse(self.out.exists())

    def test_a_folder_that_another_replaces_in_the_middle_gets_nothing_foreign(self):
        moved = self.folder / "moved"
        run = self.haul_with_interruption(lambda: (self.out.rename(moved), self.out.mkdir()))
        self.assertEqual(list(self.out.iterdir()), [])
        self.assertIn((run.code, os.listdir(moved)), [(5, []), (0, ["file"])])


class LongFiles(Limit):
    def haul_with(self, size, *arguments, **options):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        return self.haul(*arguments, preexec_fn=limit, **options)

    def test_are_failures_of_their_own_beyond_a_limit(self):
        run = self.haul_with(100_000, "--json", "-P", "out", *[self.url(f"/bytes/{i}") for i in (10, 200_000, 3_000_000)])
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 3)
        self.assertEqual(self.statuses(run), ["ok", "failed", "failed"])
        self.assert_failed_by_disk(run, 2, "200000", "File too large")
        self.assert_failed_by_disk(run, 3, "3000000", "File too large")
        self.assert_files({"10": pattern(10)})

    def test_are_records_too(self):
        with open(self.folder / "records", "wb") as records:
            run = self.haul_with(2000, "--json", "--check", *[self.url("/bytes/1")] * 20, stdout=records)
        self.assertEqual(run.code, 5)
        self.assertIn("cannot write to standard output: File too large", run.stderr)

    def test_are_reports_too(self):
        run = self.haul_with(2000, "--check", "--report", "report.csv", *[self.url("/bytes/1")] * 50)
        self.assertEqual(run.code, 5)
        self.assertIn("report.csv", run.stderr)
        self.assertEqual(os.listdir(self.folder), [])


class FewDescriptors(Limit):
    def test_are_enough_for_a_hundred_at_once(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

        run = self.haul("--json", "-j", "100", "--jobs-per-host", "100", "--retry", "0", "-P", "out", "-i", "-",
                        stdin=[self.url(f"/delay/5/bytes/{i}") for i in range(1, 301)], preexec_fn=limit)
        self.assertEqual(run.code, 0, run.stderr[-1000:])
        self.assertIn("only 64 descriptors are allowed", run.stderr)
        self.assert_one_record_each(run, 300)
        self.assert_files({str(i): pattern(i) for i in range(1, 301)})


class ManyDescriptors(Limit):
    def test_have_room_before_the_first_of_them_is_opened(self):
        process = self.start("--check", "-j", "1000", "-i", "-", stdin=subprocess.PIPE)
        wait_until(lambda: status_of(process, "Threads") > 1)
        self.assertGreater(status_of(process, "FDSize"), 1000)
        process.stdin.close()
        self.assertEqual(process.wait(20), 0)


class FullDisk(Limit):
    """A file system of 20 MiB in `out`."""

    def setUp(self):
        super().setUp()
        self.out.mkdir()
        if not mount(self.out, "size=20m"):
            unmountable.append(self)
            self.skipTest("no file system may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.out], check=True)

    def test_fails_what_does_not_fit(self):
        run = self.haul("--json", "-P", "out", *[self.url(f"/bytes/{i}") for i in (10, 21 * MIB, 30 * MIB)])
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 3)
        self.assertEqual(self.statuses(run), ["ok", "failed", "failed"])
        self.assert_failed_by_disk(run, 2, str(21 * MIB), "No space left on device")
        self.assert_failed_by_disk(run, 3, str(30 * MIB), "No space left on device")
        self.assert_files({"10": pattern(10)})

    def test_leaves_whole_files_and_no_parts_of_those_that_wanted_room_at_once(self):
        sizes = [4 * MIB + i for i in range(12)]
        run = self.haul("--json", "-P", "out", "-j", "12", "--jobs-per-host", "12",
                        *[self.url(f"/bytes/{size}") for size in sizes])
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 12)
        whole = [size for i, size in enumerate(sizes, 1) if run.results[i]["status"] == "ok"]
        self.assertLess(len(whole), 5)
        self.assert_files({str(size): pattern(size) for size in whole})
        for i in range(1, 13):
            if run.results[i]["status"] != "ok":
                self.assert_failed_by_disk(run, i, str(sizes[i - 1]), "No space left on device")

    def test_has_room_again_for_those_that_come_later(self):
        ballast = self.out / "ballast"
        ballast.write_bytes(bytes(16 * MIB))
        process = self.start("--json", "-P", "out", "-i", "-", stdin=subprocess.PIPE)
        self.feed(process, 8 * MIB)
        self.assertIn(b'"run"', process.stdout.readline())
        failed = process.stdout.readline()
        self.assertIn(b"No space left on device", failed)
        ballast.unlink()
        self.feed(process, 8 * MIB, 9 * MIB)
        run = self.finish(process)
        self.assertEqual(run.code, 5)
        self.assertEqual([result["status"] for result in run.results.values()], ["ok", "ok"])
        self.assertEqual((run.summary["ok"], run.summary["failed"]), (2, 1))
        self.assert_files({str(size): pattern(size) for size in (8 * MIB, 9 * MIB)})

    def feed(self, process, *sizes):
        process.stdin.write("".join(self.url(f"/bytes/{size}\n") for size in sizes).encode())
        process.stdin.flush()

    def test_is_told_of_a_report_and_a_cache_too(self):
        (self.out / "ballast").write_bytes(bytes(20 * MIB))
        run = self.haul("--json", "-P", "fine", "--report", "out/report.csv", self.url("/bytes/1"))
        self.assertEqual(run.code, 5)
        self.assertIn("out/report.csv", run.stderr)
        self.assertEqual(run.summary["exit_code"], 5)
        self.assertEqual((self.folder / "fine" / "1").read_bytes(), pattern(1))
        run = self.haul("--json", "-P", "fine", "--cache", "out/cache", self.url("/bytes/2"))
        self.assertEqual(run.code, 5)
        self.assertIn("out/cache", run.stderr)
        self.assertEqual([path.name for path in self.out.iterdir() if path.suffix == ".part"], [])

    def test_that_may_only_be_read_is_named(self):
        subprocess.run(["mount", "-o", "remount,bind,ro", self.out], check=True)
        run = self.haul("--json", "-P", "out", self.url("/bytes/1"), self.url("/bytes/3000000"))
        self.assertEqual(run.code, 5)
        self.assert_one_record_each(run, 2)
        for index in (1, 2):
            self.assert_failed_by_disk(run, index, "out/", "Read-only file system")
        self.assert_files({})


def in_a_namespace_of_its_own():
    """Where anybody may mount, and what is mounted goes with the last process."""
    if "HAUL_LIMITS" in os.environ:
        return
    own = ["unshare", "--map-root-user", "--mount"]
    if shutil.which("unshare") and subprocess.run([*own, "true"], capture_output=True, check=False).returncode == 0:
        os.environ["HAUL_LIMITS"] = "in a namespace"
        os.execvp(own[0], [*own, sys.executable, "-B", *sys.argv])


unmountable = []

if __name__ == "__main__":
    in_a_namespace_of_its_own()
    program = unittest.main(verbosity=2, exit=False)
    if not program.result.wasSuccessful():
        sys.exit(1)
    if unmountable:
        print(f"{len(unmountable)} tests were skipped: no file system may be mounted here")
        sys.exit(SKIPPED)
