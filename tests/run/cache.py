"""With --cache a server is only asked whether it has another version than the file that is there."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import threading
import time
import unittest

from harness import Nginx, RunTest, temporary_folder
from resume import EARLY, Server, head, whole

TAG = 'ETag: "one"'
OTHER_TAG = 'ETag: "two"'
UNCHANGED = lambda _: head("304 Not Modified", 0, TAG)


class Cache(RunTest):
    def fetch(self, *plans, expect=0, arguments=()):
        server = Server(*plans)
        self.addCleanup(server.close)
        return self.ask(server, expect, arguments), server

    def ask(self, server, expect=0, arguments=()):
        run = self.haul("--json", "-P", "out", "--cache", "cache", "--retry-delay", "10ms", *arguments, server.url)
        self.assertEqual(run.code, expect, run.stderr)
        return run.results[1]

    def test_a_file_that_the_server_has_not_changed_is_not_sent_again(self):
        first, server = self.fetch(whole(b"body", TAG), UNCHANGED)
        again = self.ask(server)
        self.assertEqual((first["status"], again["status"], again["response_code"]), ("ok", "cached", 304))
        self.assertEqual(server.requests[1]["if-none-match"], '"one"')
        self.assertEqual(again["file"], {"path": "out/file", "bytes": 4, "published": True})
        self.assertEqual(again["size_download"], 0)
        self.assert_files({"file": b"body"})

    def test_a_condition_of_the_user_is_not_mixed_with_that_of_the_cache(self):
        _, server = self.fetch(whole(b"body", TAG), UNCHANGED, UNCHANGED)
        own = ["-H", "if-none-match: \"other\""]
        run = self.haul("-P", "out", "--cache", "cache", *own, server.url)
        self.assertEqual((run.code, len(server.requests)), (2, 1))
        run = self.haul("--json", "-P", "out", "--cache", "cache", "-i", "-", "--retry", "0",
                        stdin=[json.dumps({"url": server.url, "output": "file", "headers": {"If-None-Match": "\"x\""}})])
        self.assertEqual((run.results[1]["status"], len(server.requests)), ("failed", 1))
        run = self.haul("--json", "-P", "out", "--retry", "0", "-o", "second", *own, server.url)
        self.assertEqual(server.requests[1]["if-none-match"], '"other"')
        self.assertEqual((run.results[1]["error"]["class"], run.results[1]["error"]["code"]), ("http", 304))
        self.assertEqual(self.ask(server)["status"], "cached")

    def test_a_date_will_do_where_there_is_no_tag(self):
        _, server = self.fetch(whole(b"body", f"Last-Modified: {EARLY}"), UNCHANGED)
        self.assertEqual(self.ask(server)["status"], "cached")
        self.assertEqual(server.requests[1]["if-modified-since"], EARLY)

    def test_a_file_that_the_server_has_changed_takes_the_place_of_the_old_one(self):
        _, server = self.fetch(whole(b"body", TAG), whole(b"another", OTHER_TAG), UNCHANGED)
        self.assertEqual(self.ask(server)["status"], "ok")
        self.assert_files({"file": b"another"})
        self.assertEqual(self.ask(server)["status"], "cached")
        self.assertEqual(server.requests[2]["if-none-match"], '"two"')

    def test_a_file_that_somebody_has_touched_is_not_replaced_unasked(self):
        _, server = self.fetch(whole(b"body", TAG), whole(b"another", OTHER_TAG))
        (self.out / "file").write_text("mine")
        self.assertEqual(self.ask(server, 5)["error"]["class"], "disk")
        self.assert_files({"file": b"mine"})
        self.assertEqual(self.ask(server, arguments=["--if-exists", "overwrite"])["status"], "ok")
        self.assertNotIn("if-none-match", server.requests[-1])
        self.assert_files({"file": b"another"})

    def test_a_file_that_is_gone_is_fetched_anew(self):
        _, server = self.fetch(whole(b"body", TAG))
        (self.out / "file").unlink()
        self.assertEqual(self.ask(server)["status"], "ok")
        self.assertNotIn("if-none-match", server.requests[1])
        self.assert_files({"file": b"body"})

    def test_a_file_of_which_the_server_says_nothing_is_not_known(self):
        _, server = self.fetch(whole(b"body"))
        self.assertEqual(self.ask(server, 5)["error"]["class"], "disk")

    def test_304_to_a_question_that_did_not_ask_for_it_is_a_failure(self):
        result, _ = self.fetch(UNCHANGED, expect=1)
        self.assertEqual(result["error"]["class"], "protocol")
        self.assert_files({})

    def test_a_body_that_is_cut_leaves_the_old_file_and_goes_on_by_itself(self):
        _, server = self.fetch(whole(b"body", TAG), whole(b"another", OTHER_TAG, sent=3))
        self.assertEqual(self.ask(server, 1, ["--retry", "1"])["error"]["class"], "partial")
        self.assert_files({"file": b"body"})

    def test_where_a_digest_is_wanted_the_bytes_come(self):
        _, server = self.fetch(whole(b"body", TAG))
        result = self.ask(server, arguments=["--hash", "md5", "--if-exists", "overwrite"])
        self.assertEqual((result["status"], result["checksum"]["actual"]), ("ok", "841a2d689ad86bd1611447453c22c6fc"))

    def test_a_second_url_with_the_same_base_name_never_takes_the_first_ones_file(self):
        one, two = Server(whole(b"one", TAG)), Server(whole(b"two", TAG))
        self.addCleanup(one.close)
        self.addCleanup(two.close)
        self.ask(one)
        self.assertEqual(self.ask(two, 5)["error"]["class"], "disk")
        self.assert_files({"file": b"one"})

    def test_a_cache_that_is_something_else_is_refused_and_not_touched(self):
        (self.folder / "cache").write_bytes(b"something else, of some length" * 100)
        run = self.haul("-P", "out", "--cache", "cache", self.url("/bytes/1"))
        self.assertEqual(run.code, 5)
        self.assertIn("'cache'", run.stderr)
        self.assertEqual((self.folder / "cache").read_bytes(), b"something else, of some length" * 100)
        with contextlib.closing(sqlite3.connect(self.folder / "other")) as other:
            other.execute("CREATE TABLE mine (a)")
        run = self.haul("-P", "out", "--cache", "other", self.url("/bytes/1"))
        self.assertEqual((run.code, run.stderr),
                         (5, "haul: cannot open 'other': it is a database of something else\n"))

    def test_a_run_waits_while_another_makes_the_cache(self):
        with contextlib.closing(sqlite3.connect(self.folder / "cache", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            process = self.start("--cache", "cache", "-P", "out", self.url("/bytes/1"))
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.5)
            other.execute("COMMIT")
        run = self.finish(process)
        self.assertEqual(run.code, 0, run.stderr)


class ManyFiles(RunTest):
    COUNT = 2000

    def setUp(self):
        super().setUp()
        site = self.enterContext_(temporary_folder())
        for number in range(self.COUNT):
            with open(f"{site}/{number}", "wb") as file:
                file.write(os.urandom(100))
        self.site = site
        self.nginx = Nginx(site)
        self.addCleanup(self.nginx.close)
        self.list = "".join(f"{self.nginx.address}/{number}\n" for number in range(self.COUNT)).encode()

    def arguments(self, *more):
        return ["-P", "out", "-i", "-", "-j", "64", "--jobs-per-host", "64", "--cache", "cache", "--json", *more]

    def rows(self):
        self.check_integrity()
        with contextlib.closing(sqlite3.connect(self.folder / "cache")) as cache:
            return cache.execute("SELECT count(*) FROM file").fetchone()[0]

    def test_the_second_run_transfers_no_body(self):
        first, second = (self.haul(*self.arguments(), stdin=self.list) for _ in range(2))
        self.assertEqual((first.code, first.summary["ok"]), (0, self.COUNT))
        self.assertEqual((second.code, second.summary["cached"], second.summary["bytes"]), (0, self.COUNT, 0))
        self.assertEqual(self.rows(), self.COUNT)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "cache").st_mode), 0o600)

    def test_a_run_that_is_killed_leaves_a_database_that_is_whole(self):
        for delay in (0.05, 0.1, 0.2, 0.3):
            process = self.start(*self.arguments("--if-exists", "overwrite"), stdin=-1, stdout=-3, stderr=-3)
            threading.Thread(target=self.feed, args=(process,), daemon=True).start()
            time.sleep(delay)
            process.send_signal(signal.SIGKILL)
            process.wait()
            self.check_integrity()
            shutil.rmtree(self.out, ignore_errors=True)
        run = self.haul(*self.arguments(), stdin=self.list)
        self.assertEqual((run.code, run.summary["ok"]), (0, self.COUNT))
        self.assertEqual(self.rows(), self.COUNT)

    def check_integrity(self):
        if not (self.folder / "cache").exists():
            return
        with contextlib.closing(sqlite3.connect(self.folder / "cache")) as cache:
            self.assertEqual(cache.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def feed(self, process):
        with contextlib.suppress(OSError, ValueError):
            process.stdin.write(self.list)
            process.stdin.close()

    def test_two_runs_may_use_one_cache_at_once(self):
        runs = [self.start(*(argument if argument != "out" else f"out{number}" for argument in self.arguments()),
                           stdin=-1) for number in range(2)]
        for process in runs:
            threading.Thread(target=self.feed, args=(process,), daemon=True).start()
        codes = []
        for process in runs:
            process.stdout.read()
            errors = process.stderr.read()
            codes.append((process.wait(), errors))
        self.assertEqual([code for code, _ in codes], [0, 0], codes)
        self.assertEqual(self.rows(), 2 * self.COUNT)


if __name__ == "__main__":
    unittest.main()
