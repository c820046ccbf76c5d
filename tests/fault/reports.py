"""Reports in all formats while one call fails, and then the next: each is whole, or what was there before still is.

HAUL_FAULTS=all tries every call; HAUL_FAULTS=SEED the sample that a run before has told.
"""

import concurrent.futures
import csv
import errno
import io
import json
import os
import pathlib
import random
import subprocess
import unittest
import xml.etree.ElementTree

from harness import ENVIRONMENT, HAUL, Origin, temporary_folder

CALLS = os.environ["CALLS"]
CHOICE = os.environ.get("HAUL_FAULTS", "")
SEED = int(CHOICE) if CHOICE.isdecimal() else random.SystemRandom().randrange(10**9)
BEFORE = "what was there before\n"
JOBS = 5
FARTHEST = 400
SAMPLE = 16
TIME_LIMIT = 60


def whole_csv(text):
    return len(list(csv.reader(io.StringIO(text, newline=""), strict=True))) == JOBS + 1


def whole_har(text):
    return len(json.loads(text)["log"]["entries"]) == JOBS


def whole_json(text):
    return len(json.loads(text)["results"]) == JOBS


def whole_page(text):
    return (text.startswith("<!DOCTYPE html>") and text.endswith("</html>\n")
            and text.count("</section>") == text.count("<section") and text.count("/bytes/") + text.count("/status/") + text.count("/cut/") == 2 * JOBS)


def whole_junit(text):
    return len(xml.etree.ElementTree.fromstring(text)[0]) == JOBS


def whole_metrics(text):
    return text.endswith("# EOF\n")


def whole_tap(text):
    return text.startswith("TAP version 14\n") and text.endswith(f"\n1..{JOBS}\n")


WHOLE = {"a.csv": whole_csv, "a.har": whole_har, "a.html": whole_page, "a.json": whole_json, "a.xml": whole_junit,
         "a.prom": whole_metrics, "a.tap": whole_tap}


class Trial:
    """One run with one fault in it.  Every second report was there before."""

    def __init__(self, origin, kind, at, number, lasts):
        self.name = f"{kind} {at} {errno.errorcode[number]}{' and all after it' if lasts else ''}"
        with temporary_folder() as folder:
            self.folder = pathlib.Path(folder)
            for name in list(WHOLE)[::2]:
                (self.folder / name).write_text(BEFORE)
            self.run(origin, kind, at, number, lasts)
            self.reached = (self.folder / "reached").exists()
            self.complaints = list(self.judge())

    def run(self, origin, kind, at, number, lasts):
        environment = {**ENVIRONMENT, "LD_PRELOAD": CALLS, "FAULT_KIND": kind, "FAULT_AT": str(at),
                       "FAULT_ERRNO": str(number), "FAULT_REACHED": str(self.folder / "reached")}
        environment["ASAN_OPTIONS"] += ":verify_asan_link_order=0"
        if lasts:
            environment["FAULT_LASTS"] = "1"
        reports = [argument for name in [*WHOLE, "a.jsonl"] for argument in ("--report", name)]
        run = subprocess.run([HAUL, "--check", "--retry", "0", *reports, "-i", "-"], cwd=self.folder, env=environment,
                             input="".join(f"{origin.address}/{path}\n" for path in
                                           ["bytes/1", "status/404", "bytes/2", "cut/1/2", "bytes/3"]),
                             capture_output=True, text=True, timeout=TIME_LIMIT)
        self.code, self.stderr = run.returncode, run.stderr

    def judge(self):
        old = [name for name in WHOLE if not self.is_new(name)]
        if self.code not in (1, 3, 5):
            yield f"ended with {self.code}"
        for name in old:
            if (self.folder / name).exists() and (self.folder / name).read_text() != BEFORE:
                yield f"{name} is neither whole nor what it was"
        if old and (self.code == 1 or not any(name in self.stderr for name in [*old, "-"])):
            yield f"{', '.join(old)} failed, and it ended with {self.code} and said {self.stderr!r}"
        for path in self.folder.iterdir():
            if path.name not in [*WHOLE, "a.jsonl", "reached"]:
                yield f"left {path.name} behind"

    def is_new(self, name):
        path = self.folder / name
        if not path.exists() or path.read_text() == BEFORE:
            return False
        try:
            return WHOLE[name](path.read_bytes().decode())
        except (ValueError, csv.Error, xml.etree.ElementTree.ParseError):
            return False


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.origin = Origin()
        cls.addClassCleanup(cls.origin.close)

    def fail_some(self, kind, number, lasts=False):
        """Every call when there are few or all are asked for, else a sample."""
        places = range(1, FARTHEST)
        if CHOICE != "all":
            last = self.count(kind)
            places = range(1, last + 1)
            if last > SAMPLE:
                places = sorted(random.Random(f"{SEED} {kind} {number} {lasts}").sample(places, SAMPLE))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            trials = list(pool.map(lambda at: Trial(self.origin, kind, at, number, lasts), places))
        for trial in trials:
            with self.subTest(trial.name):
                self.assertEqual(trial.complaints, [], f"(seed {SEED})\n{trial.stderr[-3000:]}")
        self.assertTrue(any(trial.reached for trial in trials))

    def count(self, kind):
        low, high = 1, FARTHEST
        while low < high:
            middle = (low + high) // 2
            if Trial(self.origin, kind, middle, errno.EIO, False).reached:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def test_without_a_fault_all_are_whole(self):
        trial = Trial(self.origin, "none", 1, errno.EIO, False)
        self.assertEqual((trial.complaints, trial.code), ([], 1), trial.stderr)

    def test_on_a_disk_that_is_full(self):
        self.fail_some("write", errno.ENOSPC)

    def test_on_a_disk_that_stays_full(self):
        self.fail_some("write", errno.ENOSPC, lasts=True)

    def test_on_a_disk_that_does_not_sync(self):
        self.fail_some("sync", errno.EIO)

    def test_where_names_cannot_be_given(self):
        self.fail_some("name", errno.EACCES)

    def test_where_files_cannot_be_opened(self):
        self.fail_some("open", errno.EACCES)


if __name__ == "__main__":
    print(f"seed {SEED}: once more with HAUL_FAULTS={SEED}", flush=True)
    unittest.main(verbosity=2)
