"""A batch in which one call fails, and then once more with the next call, until no call is left that could.

HAUL_FAULTS=all tries every one; HAUL_FAULTS=SEED the sample that a run before has told.
"""

import concurrent.futures
import contextlib
import errno
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import unittest

from harness import ENVIRONMENT, HAUL, Origin, pattern, temporary_folder
from resume import Server, cut, rest

CALLS = os.environ["CALLS"]
CHOICE = os.environ.get("HAUL_FAULTS", "")
SEED = int(CHOICE) if CHOICE.isdecimal() else random.SystemRandom().randrange(10**9)
EACH_UP_TO = 8  # and then a sample
FARTHEST = 4096
TIME_LIMIT = 60
CODES = {0, 1, 2, 3, 5, 6, 7}
TAG = 'ETag: "one"'
WHOLE = pattern(200_000)


def sha256(contents):
    return "sha256=" + hashlib.sha256(contents).hexdigest()


class Trial:
    """One run with one fault in it, in an empty folder of its own."""

    def __init__(self, scene, kind, at, number, lasts):
        self.name = f"{kind} {at} {errno.errorcode[number]}{' and all after it' if lasts else ''}"
        self.memory = kind in ("memory", "map")
        self.stdout_fails = kind == "stdout"
        self.scene = scene
        with temporary_folder() as folder:
            self.folder = pathlib.Path(folder)
            self.run(kind, at, number, lasts)
            self.reached = (self.folder / "reached").exists()
            self.complaints = list(self.judge())

    def run(self, kind, at, number, lasts):
        (self.folder / "jobs").write_text("".join(json.dumps(job) + "\n" for job in self.scene.jobs))
        environment = {**ENVIRONMENT, "LD_PRELOAD": CALLS, "FAULT_KIND": kind, "FAULT_AT": str(at),
                       "FAULT_ERRNO": str(number), "FAULT_REACHED": str(self.folder / "reached")}
        environment["ASAN_OPTIONS"] += ":verify_asan_link_order=0:allocator_may_return_null=1"
        if lasts:
            environment["FAULT_LASTS"] = "1"
        process = subprocess.Popen([HAUL, *self.scene.arguments], cwd=self.folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            stdout, stderr = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGUSR1)  # prints what waits for what
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            process.kill()
            stdout, stderr = process.communicate()
        self.code, self.stdout, self.stderr = process.returncode, stdout, stderr.decode(errors="replace")

    def judge(self):
        if self.code not in CODES:
            yield f"ended with {self.code}"
        yield from self.judge_files()
        yield from self.judge_records()
        if self.code != 0 and ("haul: \n" in self.stderr or not self.stderr.strip()):
            yield "failed without a word"

    def files(self):
        out = self.folder / "out"
        return {str(path.relative_to(out)): path for path in out.rglob("*") if not path.is_dir()}

    def judge_files(self):
        known = {**self.scene.files, **self.scene.numbered}
        for name, path in self.files().items():
            if name.endswith(".part"):
                if not self.memory:
                    yield f"left {name} behind"
            elif name not in known:
                yield f"made {name}"
            elif path.read_bytes() != known[name]:
                yield f"{name} holds something else"
        report = self.folder / "report.csv"
        if report.exists() and not self.stdout_fails and len(report.read_text().splitlines()) != len(self.scene.jobs) + 1:
            yield "published a report that lacks something"

    def judge_records(self):
        try:
            lines = [json.loads(line) for line in self.stdout.decode().splitlines()]
        except ValueError as error:
            if not self.stdout_fails:
                yield f"standard output: {error}"
            return
        results = {line["index"]: line for line in lines if line["type"] == "result"}
        yield from self.judge_results(results)
        if self.code == 0 or (lines and not self.memory and not self.stdout_fails):
            yield from self.judge_whole(lines, results)
        elif not lines and self.code == 0:
            yield "no record of anything"

    def judge_whole(self, lines, results):
        if sorted(results) != list(range(1, len(self.scene.jobs) + 1)):
            yield f"records of {sorted(results)}"
        if lines[-1]["type"] != "summary":
            yield "no summary"
        elif lines[-1]["exit_code"] != self.code:
            yield f"the summary says {lines[-1]['exit_code']}, not {self.code}"

    def judge_results(self, results):
        files = self.files()
        for result in results.values():
            published = result["file"]["published"] if result["file"] else False
            if result["status"] == "ok" and result["file"]["path"].removeprefix("out/") not in files:
                yield f"job {result['index']} is ok and its file is not there"
            if result["status"] == "failed" and published:
                yield f"job {result['index']} failed and is published"
            if result["status"] == "failed" and not result["error"]:
                yield f"job {result['index']} failed and nothing says why"


class Scene:
    """Servers, and jobs of thirteen kinds."""

    arguments = ["--json", "-i", "jobs", "-P", "out", "-j", "6", "--jobs-per-host", "4", "--fsync", "--retry", "1",
                 "--retry-delay", "10ms", "--segments", "3", "--report", "report.csv", "-m", "20"]

    def __init__(self):
        self.origin = Origin()
        going_on = rest(WHOLE, TAG)
        cutting = cut(TAG, body=WHOLE, sent=120_000)
        self.resuming = Server(lambda request: (going_on if "range" in request else cutting)(request))
        self.refusing = socket.socket()
        self.refusing.bind(("127.0.0.1", 0))
        self.jobs = list(self.make_jobs())
        self.files = {"small": pattern(10), "empty": b"", "large": pattern(700_000), "moved": b"arrived\n",
                      "right": pattern(1000), "resumed": WHOLE, "chunked": pattern(5000), "a/b/deep": pattern(7),
                      "11": pattern(11), "11.1": pattern(11), "parts": pattern(3_500_000)}
        self.numbered = {f"11.{number}": pattern(11) for number in range(2, 5)}  # of what was tried again

    def close(self):
        self.origin.close()
        self.resuming.close()
        self.refusing.close()

    def make_jobs(self):
        url = self.origin.address
        yield {"url": url + "/bytes/10", "output": "small"}
        yield {"url": url + "/bytes/0", "output": "empty"}
        yield {"url": url + "/bytes/700000", "output": "large"}
        yield {"url": url + "/redirect/2", "output": "moved"}
        yield {"url": url + "/status/404", "output": "missing"}
        yield {"url": url + "/bytes/1000", "output": "right", "checksum": sha256(pattern(1000))}
        yield {"url": url + "/bytes/1000", "output": "wrong", "checksum": sha256(b"another")}
        yield {"url": self.resuming.url, "output": "resumed"}
        yield {"url": url + "/chunked/5000", "output": "chunked"}
        yield {"url": url + "/bytes/7", "output": "a/b/deep"}
        yield {"url": f"http://127.0.0.1:{self.refusing.getsockname()[1]}/", "output": "refused"}
        yield {"url": "ftp://127.0.0.1/"}
        yield {"url": url + "/bytes/11"}
        yield {"url": url + "/bytes/11"}
        yield {"url": url + "/bytes/3500000", "output": "parts"}


class Crowd:
    """So many at once that their stacks are made in two goes."""

    arguments = ["--json", "-i", "jobs", "-P", "out", "-j", "100", "--jobs-per-host", "100"]
    numbered = {}

    def __init__(self, origin):
        self.files = {f"{i}": pattern(i) for i in range(100)}
        self.jobs = [{"url": f"{origin.address}/delay/50/bytes/{name}"} for name in self.files]


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scene = Scene()
        cls.addClassCleanup(cls.scene.close)
        cls.crowd = Crowd(cls.scene.origin)

    def attempts(self, random_number):
        """Which calls are to fail: each at first, later some, up to the first that is not reached."""
        if CHOICE == "all":
            yield from range(1, 1_000_000)
        yield from range(1, EACH_UP_TO + 1)
        step = 1
        at = EACH_UP_TO
        while at < FARTHEST:
            at += random_number.randint(1, step)
            step += step // 2 + 1
            yield at

    def fail_each(self, kind, number, lasts=False, scene=None):
        random_number = random.Random(f"{SEED} {kind} {number}")
        trials = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            pending = set()
            for at in self.attempts(random_number):
                pending.add(pool.submit(Trial, scene or self.scene, kind, at, number, lasts))
                if len(pending) < os.cpu_count():
                    continue
                done, pending = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
                trials += self.check(done)
                if not all(trial.reached for trial in trials):
                    break
            trials += self.check(pending)
        reached = sum(trial.reached for trial in trials)
        self.assertGreater(reached, 0, f"{kind} is never reached: nothing was tried")
        print(f"{kind} {errno.errorcode[number]}: {reached}", end=" ", flush=True)

    def check(self, done):
        trials = [future.result() for future in done]
        for trial in trials:
            if trial.complaints:
                with self.subTest(trial.name):
                    self.fail("; ".join(trial.complaints) + f" (seed {SEED})\n" + trial.stderr[-6000:])
        return trials

    def test_without_a_fault_all_that_can_come_comes(self):
        trial = Trial(self.scene, "none", 1, errno.EIO, False)
        self.assertEqual((trial.complaints, trial.code), ([], 7), trial.stderr)
        self.assertEqual(sum(json.loads(line).get("status") == "ok" for line in trial.stdout.splitlines()),
                         len(self.scene.files))

    def test_no_memory(self):
        self.fail_each("memory", errno.ENOMEM)

    def test_no_room_for_stacks(self):
        self.fail_each("map", errno.ENOMEM)
        self.fail_each("map", errno.ENOMEM, scene=self.crowd)

    def test_a_file_that_does_not_open(self):
        for number in (errno.EMFILE, errno.EIO, errno.EACCES):
            self.fail_each("open", number)

    def test_no_descriptor(self):
        self.fail_each("descriptor", errno.EMFILE)

    def test_a_disk_that_is_full(self):
        self.fail_each("write", errno.ENOSPC)
        self.fail_each("write", errno.ENOSPC, lasts=True)
        self.fail_each("write", errno.EDQUOT)

    def test_a_disk_that_is_broken(self):
        self.fail_each("write", errno.EIO)
        self.fail_each("sync", errno.EIO)
        self.fail_each("status", errno.EIO)

    def test_a_file_that_does_not_get_its_name(self):
        for number in (errno.ENOSPC, errno.EIO, errno.EACCES, errno.ENOSYS):
            self.fail_each("name", number)

    def test_standard_output_that_fails(self):
        self.fail_each("stdout", errno.ENOSPC)
        self.fail_each("stdout", errno.EPIPE)

    def test_no_socket(self):
        self.fail_each("socket", errno.EMFILE)
        self.fail_each("socket", errno.ENOMEM)
        self.fail_each("socket", errno.EMFILE, lasts=True)

    def test_a_network_that_fails(self):
        self.fail_each("connect", errno.ENETUNREACH)
        self.fail_each("send", errno.ECONNRESET)
        self.fail_each("receive", errno.ECONNRESET)

    def test_no_thread(self):
        self.fail_each("thread", errno.EAGAIN)
        self.fail_each("thread", errno.EAGAIN, lasts=True)


if __name__ == "__main__":
    print(f"seed {SEED}: once more with HAUL_FAULTS={SEED}", flush=True)
    unittest.main(verbosity=2)
