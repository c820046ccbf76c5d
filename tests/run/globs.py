"""URLs of the command line that stand for many: the same ones, in the same order and under the same names as in curl."""

import pathlib
import random
import shutil
import signal
import subprocess
import unittest

from harness import ENVIRONMENT, FRUGAL_SANITIZER, RunTest, peak_memory, temporary_folder
from service import Service

PATTERNS = [
    "/[1-3]", "/[001-020:7]", "/[8-11]", "/[a-z:5]", "/[X-Z]", "/{one,two,three}", "/{a,b}[1-2]{x,y}", "/[1-2]/{a}",
    "/x{a,,b}", "/[5-5]", "/\\[1-2\\]", "/\\{a\\}", "/{a\\,b,c}", "/[00-3]", "/[0-100:50]?x={1,2}", "/x[]",
]
WRONG = ["/{}", "/{a", "/a}", "/a]", "/[1-", "/[3-1]", "/[1-3:0]", "/[1-3:9]", "/[a-1]", "/{a{b}}", "/[1-2]]", "/[A-c]"]


class Globs(RunTest):
    def setUp(self):
        super().setUp()
        self.service = Service({})
        self.service.answers = self
        self.addCleanup(self.service.close)

    def get(self, path, _):
        """Whatever is asked for is there."""
        return path

    def of_curl(self, *arguments):
        with temporary_folder() as folder:
            run = subprocess.run(["curl", "-s", "-w", r"%{stderr}%{url}\n", *arguments], cwd=folder, env=ENVIRONMENT,
                                 capture_output=True, check=False)
            files = {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}
        return run.returncode, run.stderr.decode().splitlines(), files

    def of_haul(self, *arguments):
        shutil.rmtree(self.out, ignore_errors=True)
        run = self.haul("--json", "-q", "-j", "1", "-P", "out", *arguments)
        urls = [result["url"] for _, result in sorted(run.results.items())] if run.code == 0 else []
        files = {path.name: path.read_bytes() for path in self.out.iterdir()} if self.out.is_dir() else {}
        return run, urls, files

    def test_they_are_those_of_curl(self):
        for pattern in PATTERNS:
            with self.subTest(pattern):
                self.service.requests.clear()
                code, _, wanted = self.of_curl("-o", "x#1_#2_#3", self.service.address + pattern)
                asked_by_curl = [request.path for request in self.service.requests]
                self.service.requests.clear()
                run, _, files = self.of_haul("-o", "x#1_#2_#3", self.service.address + pattern)
                self.assertEqual((code, run.code), (0, 0), run.stderr)
                self.assertEqual([request.path for request in self.service.requests], asked_by_curl)
                self.assertEqual(files, wanted)

    def test_those_of_random_patterns_are_those_of_curl(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        for _ in range(12):
            pattern = "/" + "".join(chance.choice(["a", "[1-3]", "[01-11:5]", "{b,c}", "[a-e:2]", "{x}", "-"])
                                    for _ in range(chance.randint(1, 3)))
            with self.subTest(pattern, seed=seed):
                self.service.requests.clear()
                _, _, wanted = self.of_curl("-o", "x#1#2,#3,#4", self.service.address + pattern)
                asked_by_curl = [request.path for request in self.service.requests]
                self.service.requests.clear()
                run, urls, files = self.of_haul("-o", "x#1#2,#3,#4", self.service.address + pattern)
                self.assertEqual(run.code, 0, run.stderr)
                self.assertEqual([url[len(self.service.address):] for url in urls], asked_by_curl)
                if len(wanted) == len(urls):
                    self.assertEqual(files, wanted)

    def test_what_curl_refuses_is_refused_with_its_column(self):
        for pattern in WRONG:
            with self.subTest(pattern):
                code, _, _ = self.of_curl(self.service.address + pattern)
                run = self.haul("--json", self.service.address + pattern)
                self.assertEqual((code, run.code, run.stdout), (3, 2, b""), run.stderr)
                self.assertRegex(run.stderr, r"column \d+")
        self.assertEqual(self.service.requests, [])

    def test_globoff_takes_them_as_they_are(self):
        _, urls, _ = self.of_haul("-g", self.service.address + "/{a,b}")
        self.assertEqual(urls, [self.service.address + "/{a,b}"])
        run = self.haul("--json", "--check", "-i", "-", stdin=[self.service.address + "/{a,b}"])
        self.assertEqual(run.results[1]["url"], self.service.address + "/{a,b}")

    def test_a_billion_start_at_once_and_take_no_memory(self):
        process = self.start("--check", "--json", "-q", self.url("/bytes/1?x=[1-1000000000]"), env=FRUGAL_SANITIZER)
        line = process.stdout.readline() + process.stdout.readline()
        self.assertIn(b'"type":"result"', line)
        for _ in range(3000):
            process.stdout.readline()
        few = peak_memory(process)
        for _ in range(6000):
            process.stdout.readline()
        self.assertLess(peak_memory(process) - few, 4096)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)

    def test_values_in_names_are_made_safe(self):
        _, _, files = self.of_haul("-o", "#1#2", self.service.address + "/{../../x,.,-}")
        self.assertEqual(sorted(files), ["_#2", "_#2.1", "_._.._x#2"])

    def test_one_checksum_and_one_output_are_for_one_url(self):
        for option in (["-o", "-"], ["--checksum", "md5=" + 32 * "0"]):
            self.assertEqual(self.haul(*option, self.url("/bytes/[1-2]")).code, 2)
            self.assertNotEqual(self.haul(*option, self.url("/bytes/[1-1]")).code, 2)

    def test_a_password_is_not_told(self):
        run = self.haul("http://user:se[cret@127.0.0.1/")
        self.assertEqual(run.code, 2)
        self.assertNotIn("cret", run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
