"""kill -9 at random moments, and the same command again, with -C or without, until all is there.

KILLS, FILES and LARGEST (bytes) in the environment make it longer, CONTINUE is always with -C, SEED repeats one:

    KILLS=200 FILES=3000 LARGEST=20000000 HAUL=... ORIGIN=... python3 tests/run/kills.py
"""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
import unittest

from harness import ENVIRONMENT, RunTest

KILLS = int(os.environ.get("KILLS", 10))
FILES = int(os.environ.get("FILES", 300))
LARGEST = int(os.environ.get("LARGEST", 3_000_000))
SEED = int(os.environ.get("SEED", random.randrange(1_000_000)))
SECONDS_A_KILL = 0.9
JOURNAL = "journal.jsonl"
GOING_ON = [["-C"], ["-C", "--segments", "4"]]
WAYS = GOING_ON if os.environ.get("CONTINUE") else [[], *GOING_ON]


class Server:
    """Gives body N at /N, one of its own for each, and keeps the order in which they were asked for."""

    def __init__(self, sizes, randomness):
        self.sizes, self.asked, self.went_on = sizes, [], 0
        self.bytes = memoryview(randomness.randbytes(max(sizes) + len(sizes)))
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def body(self, number):
        return self.bytes[number:number + self.sizes[number]]

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.answer_all, args=[connection], daemon=True).start()

    def answer_all(self, connection):
        with contextlib.suppress(OSError, ValueError, IndexError), connection, connection.makefile("rb") as request:
            while line := request.readline():
                number = int(line.split()[1][1:])
                first, last = 0, self.sizes[number] - 1
                while (field := request.readline().strip()):
                    if field.startswith(b"Range: bytes="):
                        begin, _, end = field[len("Range: bytes="):].partition(b"-")
                        first, last = int(begin), int(end or last)
                self.asked.append(number)
                self.went_on += first > 0
                connection.sendall(self.head(number, first, last).encode())
                connection.sendall(self.body(number)[first:last + 1])

    def head(self, number, first, last):
        part = f"Content-Range: bytes {first}-{last}/{self.sizes[number]}\r\n" if first > 0 else ""
        return (f"HTTP/1.1 {'206 Partial Content' if part else '200 OK'}\r\n{part}Content-Length: {last - first + 1}\r\n"
                f'Accept-Ranges: bytes\r\nETag: "{number}"\r\n\r\n')


class Watcher:
    """Looks at what stands under final names while haul runs; what it finds wrong is in `wrong`."""

    def __init__(self, folder, server):
        self.folder, self.server, self.seen, self.wrong = folder, server, {}, []
        self.looks, self.ended = 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.ended.wait(0.02):
            with contextlib.suppress(FileNotFoundError):
                self.look()

    def look(self):
        for entry in os.scandir(self.folder):
            if entry.name.endswith(".part"):
                continue
            with contextlib.suppress(FileNotFoundError):
                status = entry.stat(follow_symlinks=False)
                state = (status.st_ino, status.st_mtime_ns, status.st_size)
                if self.seen.get(entry.name) == state:
                    continue
                with open(entry.path, "rb") as file:
                    content = file.read()
                if not entry.name.isdigit() or self.server.body(int(entry.name)) != content:
                    self.wrong.append(entry.name)
                self.seen[entry.name] = state
                self.looks += 1

    def close(self):
        self.ended.set()
        self.thread.join()


class Kills(RunTest):
    def setUp(self):
        super().setUp()
        print(f"SEED={SEED} KILLS={KILLS} FILES={FILES} LARGEST={LARGEST}", flush=True)
        self.random = random.Random(SEED)
        sizes = [int(LARGEST ** self.random.random()) - 1 for _ in range(FILES)]
        self.server = Server(sizes, self.random)
        self.addCleanup(self.server.listener.close)
        self.rate = max(3 * sum(sizes) // max(1, round(KILLS * SECONDS_A_KILL)), 1)  # what is under way is lost each time
        (self.folder / "list").write_text("".join(f"{self.server.address}/{number}\n" for number in range(FILES)))
        self.out.mkdir()

    def begin(self, *arguments):
        command = [*self.random.choice(WAYS), "-i", "list", "-P", "out", "-q", "--resume", JOURNAL, "--retry-delay", "10ms", *arguments]
        if self.random.random() < 0.5:
            return self.start(*command, "--report", JOURNAL, env=ENVIRONMENT)
        with open(self.folder / JOURNAL, "ab") as end:
            return self.start(*command, "--json", env=ENVIRONMENT, stdout=end)

    def told_done(self):
        done = set()
        if not (self.folder / JOURNAL).exists():
            return done
        for line in (self.folder / JOURNAL).read_bytes().split(b"\n"):
            with contextlib.suppress(ValueError):
                record = json.loads(line)
                if record["type"] == "result" and (record["status"] == "ok" or record["reason"] == "already-done"):
                    done.add(int(record["url"].rpartition("/")[2]))
        return done

    def kill_at_random(self):
        """Tells whether it ran on until then."""
        process = self.begin("--limit-rate-total", str(self.rate))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(self.random.uniform(0, 2 * SECONDS_A_KILL))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertIn(process.returncode, [0, -signal.SIGKILL])
        return process.returncode != 0

    def check_not_asked_again(self, done, asked):
        again = done.intersection(self.server.asked[asked:])
        self.assertFalse(again, f"asked for again though told as done: {sorted(again)[:10]}")

    def test_kill_and_the_same_command_again_until_all_is_there(self):
        watcher = Watcher(self.out, self.server)
        self.addCleanup(watcher.close)
        killed, done, asked, began = 0, set(), 0, time.monotonic()
        for _ in range(KILLS):
            went_on = self.kill_at_random()
            killed += went_on
            self.check_not_asked_again(done, asked)
            time.sleep(0.05)
            done, asked = self.told_done(), len(self.server.asked)
            if not went_on:
                break
        last = self.finish(self.begin(), limit=600)
        self.assertEqual(last.code, 0, last.stderr)
        self.check_not_asked_again(done, asked)
        watcher.close()
        watcher.look()
        self.assertEqual(watcher.wrong, [])
        self.assertEqual(sorted(os.listdir(self.out), key=int), [str(number) for number in range(FILES)])
        self.assertEqual(self.told_done(), set(range(FILES)))
        print(f"{killed} kills in {time.monotonic() - began:.0f} s, {len(done)} of {FILES} done before the last run, "
              f"{len(self.server.asked)} requests, {self.server.went_on} of them for a rest, {sum(self.server.sizes)} bytes, {watcher.looks} looks", flush=True)
        asked = len(self.server.asked)
        self.assertEqual(self.finish(self.begin(), limit=600).code, 0)
        self.assertEqual(len(self.server.asked), asked, "all is done")


if __name__ == "__main__":
    unittest.main(verbosity=2)
