"""Lists that are compressed: as they come, whole or torn, and however much they stand for."""

import gzip
import shutil
import subprocess
import unittest
import zlib

from harness import FRUGAL_SANITIZER, RunTest, pattern, peak_memory


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout


PACKERS = {"gzip": gzip.compress, "zstd": zstd} if shutil.which("zstd") else {"gzip": gzip.compress}


class Compressed(RunTest):
    def each(self):
        for name, pack in PACKERS.items():
            with self.subTest(name):
                shutil.rmtree(self.out, ignore_errors=True)
                yield pack

    def list_of(self, *sizes):
        return "".join(self.url(f"/bytes/{size}\n") for size in sizes).encode()

    def check(self, *arguments, stdin=None, **options):
        return self.haul("--json", "--check", "--retry", "0", *arguments, stdin=stdin, **options)

    def test_a_compressed_list_is_a_list(self):
        for pack in self.each():
            (self.folder / "list").write_bytes(pack(self.list_of(*range(3000))))
            run = self.check("-i", "list")
            self.assertEqual(run.code, 0, run.stderr)
            self.assert_one_record_each(run, 3000)
            self.assertEqual(run.results[3000]["input"], "list:3000")
            run = self.check("-i", "-", stdin=pack(self.list_of(1)) + pack(self.list_of(2, 3)))
            self.assert_one_record_each(run, 3)

    def test_a_table_stays_one(self):
        for pack in self.each():
            (self.folder / "list.csv.gz").write_bytes(pack(b"url\n" + self.list_of(1)))
            self.assert_one_record_each(self.check("-i", "list.csv.gz"), 1)

    def test_an_empty_list_has_nothing_in_it(self):
        for pack in self.each():
            run = self.check("-i", "-", stdin=pack(b""))
            self.assertEqual((run.code, run.summary["total"]), (0, 0))

    def test_a_torn_list_ends_the_run_after_what_came(self):
        for pack in self.each():
            packed = pack(self.list_of(*range(2000)))
            for length in (3, 4, 5, 10, len(packed) // 2, len(packed) - 1):
                (self.folder / "list").write_bytes(packed[:length])
                run = self.check("-i", "list")
                self.assertEqual(run.code, 1 if length == 3 and pack is zstd else 3, (length, run.stderr))
                if length > 3:
                    self.assertIn("ends too early", run.stderr)
                self.assertEqual(run.summary["total"], len(run.results))

    def test_a_damaged_list_ends_the_run(self):
        for pack in self.each():
            packed = bytearray(pack(self.list_of(*range(2000))))
            for place in (len(packed) // 2, len(packed) - 6):
                damaged = packed[:]
                damaged[place] ^= 0x55
                (self.folder / "list").write_bytes(damaged)
                run = self.check("-i", "list")
                self.assertEqual(run.code, 3, run.stderr)
            (self.folder / "list").write_bytes(packed + b"more")
            run = self.check("-i", "list")
            self.assertEqual((run.code, run.summary["total"]), (3, 2000), run.stderr)

    def test_a_line_of_a_gigabyte_is_one_failed_record_in_little_memory(self):
        packer = zlib.compressobj(wbits=31)
        packed = b"".join(packer.compress(b"x" * 1000000) for _ in range(1000)) + packer.compress(b"\n")
        (self.folder / "list").write_bytes(packed + packer.compress(self.list_of(1)) + packer.flush())
        process = self.start("--check", "--json", "-q", "--input-format", "lines", "-i", "list", env=FRUGAL_SANITIZER)
        process.stdout.readline(), process.stdout.readline(), process.stdout.readline()
        self.assertLess(peak_memory(process), 120_000)
        run = self.finish(process)
        self.assertEqual(run.code, 1)

    def test_the_first_line_of_a_pipe_begins_at_once(self):
        process = self.start("--check", "--json", "-q", "-i", "-", stdin=subprocess.PIPE)
        packer = zlib.compressobj(wbits=31)
        head = packer.compress(self.list_of(1)) + packer.flush(zlib.Z_SYNC_FLUSH)
        for i in range(len(head)):
            process.stdin.write(head[i:i + 1])
            process.stdin.flush()
        process.stdout.readline()
        self.assertIn(b'"status":"ok"', process.stdout.readline())
        run = self.finish(process, packer.compress(self.list_of(2)) + packer.flush())
        self.assertEqual((run.code, run.summary["total"]), (0, 2))

    def test_what_only_begins_like_one_is_a_line(self):
        for stdin in (b"\x1f", b"\x28", b"(\xb5/"):
            self.assertEqual(self.check("-i", "-", stdin=stdin).code, 1)

    def test_a_report_that_is_compressed_can_be_retried(self):
        first = self.haul("--json", "--retry", "0", "--check", self.url("/bytes/1"), self.url("/status/404"))
        (self.folder / "report").write_bytes(gzip.compress(first.stdout))
        again = self.haul("--json", "--retry", "0", "--check", "--retry-failed", "report")
        self.assert_one_record_each(again, 1)

    def test_names_of_a_compressed_list_are_kept(self):
        for pack in self.each():
            run = self.haul("-P", "out", "-i", "-", stdin=pack(self.url("/bytes/9\tnine").encode()))
            self.assertEqual(run.code, 0, run.stderr)
            self.assert_files({"nine": pattern(9)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
