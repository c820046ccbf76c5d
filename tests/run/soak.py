"""soak.py [--minutes N] [--in-flight N] [--seed N] - haul for a long time, with everything against it.

URLs with plans (plans.py) without end, from a server that is killed and started anew again and again.  Now and then all
of it rests: every line has its record, every connection is used once more and closed by the server, and what haul still
holds then, descriptors and memory, is to be the same at the end as at the beginning.  Held too: one record for each
line, and descriptors within their bound at any time.  HAUL and ORIGIN are the programs, as for the tests; a build without
sanitizers tells more of memory.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import threading
import time

from harness import ENVIRONMENT, HAUL, Origin, wait_until
from plans import Plan

RESTS = 12
RESTART_SECONDS = 15
MEMORY_GROWTH = 1.15
DESCRIPTORS_BESIDES = 100  # those of connections: one for each in flight
DESCRIPTORS_MORE = 4  # at the best of the last rests, than at the best of the first
DELAY_MILLISECONDS = 1500  # at most: the server takes its time, so that many are in flight
SETTLE_SECONDS = 1.2  # libcurl looks for dead connections once a second


class Feeder(threading.Thread):
    """Writes lines, as fast as they are read, but for the rests."""

    def __init__(self, pipe, address, seed):
        super().__init__(daemon=True)
        self.pipe, self.address, self.seed, self.lines = pipe, address, seed, 0
        self.open, self.lock, self.ended = threading.Event(), threading.Lock(), False
        self.open.set()

    def run(self):
        source = random.Random(self.seed)
        while self.open.wait() and not self.ended:
            with self.lock:
                self.write(f"/delay/{source.randrange(DELAY_MILLISECONDS)}"
                           + Plan(source, f"{self.seed}-{self.lines}").path)
        self.pipe.close()

    def write(self, path):
        self.pipe.write(f"{self.address}{path}\n".encode())
        self.lines += 1

    def rest(self, reader, in_flight):
        """Until nothing is in flight, and no connection is left that could be used again."""
        self.open.clear()
        with self.lock:
            self.pipe.flush()
            wait_until(lambda: reader.count == self.lines, limit=180)
            for _ in range(2):
                time.sleep(SETTLE_SECONDS)
                for _ in range(in_flight):
                    self.write(f"/delay/500/plan/1/close?{self.seed}-{self.lines}")
                self.pipe.flush()
                wait_until(lambda: reader.count == self.lines, limit=180)

    def go_on(self):
        self.open.set()

    def end(self):
        self.ended = True
        self.open.set()


class Reader(threading.Thread):
    """Takes the records: which indexes there were, how often each outcome."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe, self.seen, self.twice, self.outcomes, self.summary = pipe, bytearray(1 << 20), 0, {}, None

    def run(self):
        for line in self.pipe:
            record = json.loads(line)
            if record["type"] == "result":
                self.note(record)
            elif record["type"] == "summary":
                self.summary = record

    def note(self, record):
        index = record["index"]
        if index >= len(self.seen):
            self.seen.extend(bytes(len(self.seen)))
        self.twice += self.seen[index]
        self.seen[index] = 1
        outcome = record["error"]["class"] if record["error"] else record["status"]
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    @property
    def count(self):
        return self.seen.count(1)


def memory(process):
    """KiB that are resident now."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def descriptors(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


class Watch:
    """(memory, descriptors) each second while it is busy, and at each rest."""

    def __init__(self, process, feeder, reader, origin, options):
        self.process, self.feeder, self.reader, self.origin, self.options = process, feeder, reader, origin, options
        self.busy, self.resting, self.began = [], [], time.monotonic()

    def sample(self):
        return memory(self.process), descriptors(self.process)

    def tell(self, what, sample):
        print(f"{time.monotonic() - self.began:5.0f} s  {what}  {self.reader.count} of {self.feeder.lines} lines  "
              f"{sample[0]} KiB  {sample[1]} descriptors", flush=True)

    def restart_server(self):
        port = self.origin.port
        self.origin.process.kill()
        self.origin.close()
        self.origin = Origin(port=port)

    def be_busy(self, seconds):
        began = restarted = told = time.monotonic()
        while (now := time.monotonic()) < began + seconds and self.process.poll() is None:
            if now > restarted + RESTART_SECONDS:
                self.restart_server()
                restarted = now
            self.busy.append(self.sample())
            if now > told + 10:
                told = now
                self.tell("busy", self.busy[-1])
            time.sleep(1)

    def rest(self):
        self.feeder.rest(self.reader, self.options.in_flight)
        self.resting.append(self.sample())
        self.tell("rest", self.resting[-1])

    def run(self):
        for _ in range(RESTS):
            self.be_busy(60 * self.options.minutes / RESTS)
            self.rest()
            self.feeder.go_on()
        self.feeder.end()


def peak(samples):
    return max(sample[0] for sample in samples), max(sample[1] for sample in samples)


def least_descriptors(samples):
    """A machine with other things to do does not use all connections at once, and leaves some."""
    return min(sample[1] for sample in samples)


def grows(before, after):
    return peak(after)[0] > MEMORY_GROWTH * peak(before)[0]


def complaints(watch, in_flight):
    process, feeder, reader = watch.process, watch.feeder, watch.reader
    half, third = len(watch.busy) // 2, len(watch.resting) // 3
    print(f"busy: {peak(watch.busy[:half])}, then {peak(watch.busy[half:])} (KiB, descriptors); at rest: "
          f"{watch.resting}; {reader.outcomes}; retries {reader.summary and reader.summary['retries']}")
    if process.returncode not in (0, 1):
        yield f"exit code {process.returncode}"
    if grows(watch.busy[half // 2:half], watch.busy[half:]) or grows(watch.resting[:third], watch.resting[-third:]):
        yield "memory grows"
    if peak(watch.busy)[1] > in_flight + DESCRIPTORS_BESIDES:
        yield "more descriptors than transfers"
    if least_descriptors(watch.resting[-third:]) > least_descriptors(watch.resting[:third]) + DESCRIPTORS_MORE:
        yield "descriptors leak"
    if reader.twice or reader.count != feeder.lines or not all(reader.seen[1:feeder.lines + 1]):
        yield f"{reader.count} records of {feeder.lines} lines, {reader.twice} of them again"
    if not reader.summary or reader.summary["total"] != feeder.lines:
        yield "the summary is missing, or counts differently"


def soak(options):
    origin = Origin()
    process = subprocess.Popen(
        [HAUL, "--json", "-q", "--check", "-i", "-", "-j", str(options.in_flight), "--jobs-per-host",
         str(options.in_flight), "--no-adapt", "--retry", "8", "--retry-delay", "10ms", "--retry-max-delay", "20ms",
         "--speed-time", "2s", "--speed-limit", "100"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
    feeder, reader = Feeder(process.stdin, origin.address, options.seed), Reader(process.stdout)
    feeder.start()
    reader.start()
    watch = Watch(process, feeder, reader, origin, options)
    try:
        watch.run()
        for waited in (feeder, reader):
            waited.join(120)
        process.wait(120)
        return list(complaints(watch, options.in_flight))
    finally:
        process.kill()
        watch.origin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--in-flight", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wrong = soak(parser.parse_args())
    print(*wrong or ["nothing grew and every line has its record"], sep="\n")
    sys.exit(bool(wrong))
