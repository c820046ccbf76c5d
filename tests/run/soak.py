"""soak.py [--minutes N] [--in-flight N] [--seed N] - haul for a long time, with everything against it.

URLs with plans (plans.py) without end, from a server that is killed and started anew again and again.  Told once in ten
seconds, and held at the end: memory that does not grow, descriptors within their bound, one record for each line.
HAUL and ORIGIN are the programs, as for the tests; a build without sanitizers tells more of memory.
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

from harness import ENVIRONMENT, HAUL, Origin
from plans import Plan

WARM_UP = 0.25  # a part of the time, after which nothing is to grow
RESTART_SECONDS = 15
MEMORY_GROWTH = 1.15
DESCRIPTORS_BESIDES = 100  # those of connections: one for each in flight


class Feeder(threading.Thread):
    """Writes lines for as long as it is to, as fast as they are read."""

    def __init__(self, pipe, address, seconds, seed):
        super().__init__(daemon=True)
        self.pipe, self.address, self.end, self.seed, self.lines = pipe, address, time.monotonic() + seconds, seed, 0

    def run(self):
        source = random.Random(self.seed)
        while time.monotonic() < self.end:
            line = f"{self.address}{Plan(source, f'{self.seed}-{self.lines}').path}\n"
            self.pipe.write(line.encode())
            self.lines += 1
        self.pipe.close()


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


def watch(process, feeder, reader, origin, seconds):
    """(memory, descriptors) each second, from the end of the warming up on."""
    began = restarted = told = time.monotonic()
    samples = []
    while (now := time.monotonic()) < began + seconds and process.poll() is None:
        if now > restarted + RESTART_SECONDS:
            port = origin.port
            origin.process.kill()
            origin.close()
            origin, restarted = Origin(port=port), time.monotonic()
        sample = memory(process), descriptors(process)
        if now > began + WARM_UP * seconds:
            samples.append(sample)
        if now > told + 10:
            told = now
            print(f"{now - began:5.0f} s  {reader.count} of {feeder.lines} lines  {sample[0]} KiB  "
                  f"{sample[1]} descriptors", flush=True)
        time.sleep(1)
    return samples, origin


def peak(samples):
    return max(sample[0] for sample in samples), max(sample[1] for sample in samples)


def complaints(process, feeder, reader, samples, in_flight):
    half = len(samples) // 2
    (memory_before, descriptors_before), (memory_after, descriptors_after) = peak(samples[:half]), peak(samples[half:])
    print(f"memory {memory_before} KiB, then {memory_after}; descriptors {descriptors_before}, then "
          f"{descriptors_after}; {reader.outcomes}; retries {reader.summary and reader.summary['retries']}")
    if process.returncode not in (0, 1):
        yield f"exit code {process.returncode}"
    if memory_after > MEMORY_GROWTH * memory_before:
        yield "memory grows"
    if max(descriptors_before, descriptors_after) > in_flight + DESCRIPTORS_BESIDES:
        yield "more descriptors than transfers"
    if reader.twice or reader.count != feeder.lines or not all(reader.seen[1:feeder.lines + 1]):
        yield f"{reader.count} records of {feeder.lines} lines, {reader.twice} of them again"
    if not reader.summary or reader.summary["total"] != feeder.lines:
        yield "the summary is missing, or counts differently"


def soak(options):
    seconds = 60 * options.minutes
    origin = Origin()
    process = subprocess.Popen(
        [HAUL, "--json", "-q", "--check", "-i", "-", "-j", str(options.in_flight), "--jobs-per-host",
         str(options.in_flight), "--no-adapt", "--retry", "8", "--retry-delay", "10ms", "--retry-max-delay", "20ms",
         "--speed-time", "2s", "--speed-limit", "100"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
    feeder, reader = Feeder(process.stdin, origin.address, seconds, options.seed), Reader(process.stdout)
    feeder.start()
    reader.start()
    samples, origin = watch(process, feeder, reader, origin, seconds)
    try:
        for waited in (feeder, reader):
            waited.join(120)
        process.wait(120)
        return list(complaints(process, feeder, reader, samples, options.in_flight))
    finally:
        process.kill()
        origin.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--in-flight", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wrong = soak(parser.parse_args())
    print(*wrong or ["nothing grew and every line has its record"], sep="\n")
    sys.exit(bool(wrong))
