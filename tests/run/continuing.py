"""With -C a run goes on where another was interrupted, or begins anew: two versions are never put together."""

import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import unittest
import urllib.request

from harness import Nginx, RunTest, free_port, is_listening, temporary_folder, wait_until
from resume import EARLY, CUT, NEW, OLD, SIZE, Server, cut, head, part, rest, status, whole

APACHE = shutil.which("apache2", path=os.environ["PATH"] + ":/usr/sbin")
TAG, OTHER_TAG = 'ETag: "old"', 'ETag: "new"'


class Continuing(RunTest):
    """Against a server whose answers are planned."""

    def setUp(self):
        super().setUp()
        self.part = self.out / "file.part"

    def serve(self, *plans):
        server = Server(*plans)
        self.addCleanup(server.close)
        return server

    def go(self, url, *arguments):
        return self.haul("--json", "-C", "-P", "out", "--retry", "0", *arguments, url)

    def interrupted(self, *headers, url=None, sent=CUT):
        """A part file, as the run has left it to which that much was sent."""
        server = self.serve(cut(*headers, sent=sent))
        run = self.go(server.url)
        self.assertEqual(run.code, 1)
        return server

    def then(self, server, *plans, arguments=(), code=0):
        server.plans[:] = plans
        del server.requests[:]
        run = self.go(server.url, *arguments)
        self.assertEqual(run.code, code, run.stderr)
        self.assertEqual(os.listdir(self.out), ["file"] if code == 0 else os.listdir(self.out))
        return run.results[1]

    def assert_file(self, body):
        self.assertEqual((self.out / "file").read_bytes(), body)
        self.assertEqual(os.listxattr(self.out / "file"), [])

    def test_the_rest_is_asked_for_and_only_of_that_version(self):
        for headers in ([TAG], [f"Last-Modified: {EARLY}", "Date: Mon, 07 Nov 1994 08:49:37 GMT"]):
            server = self.interrupted(*headers)
            self.assertEqual(self.part.stat().st_size, CUT)
            result = self.then(server, rest(OLD, *headers))
            self.assertEqual(result["resumed_from"], CUT)
            self.assertEqual((server.requests[0]["range"], server.requests[0]["if-range"]),
                             (f"bytes={CUT}-", headers[0].partition(": ")[2]))
            self.assert_file(OLD)
            shutil.rmtree(self.out)

    def test_without_proof_of_the_version_nothing_is_left_and_everything_is_asked_for(self):
        for headers in ([], ['ETag: W/"weak"'], [TAG, "Accept-Ranges: none"]):
            server = self.interrupted(*headers)
            self.assertEqual(os.listdir(self.out), [])
            self.assertEqual(self.then(server, whole(OLD))["resumed_from"], 0)
            self.assertNotIn("range", server.requests[0])
            self.assert_file(OLD)
            shutil.rmtree(self.out)

    def test_a_server_that_does_not_give_that_rest_is_asked_for_everything(self):
        for answers in ([whole(NEW, OTHER_TAG)], [status("416 Range Not Satisfiable"), whole(NEW)],
                        [rest(NEW, OTHER_TAG), whole(NEW, OTHER_TAG)],
                        [part(f"bytes 0-{SIZE - 1}/{SIZE}", OLD, TAG), whole(NEW)],
                        [part(f"bytes {CUT}-{SIZE - 2}/{SIZE}", OLD[CUT:-1], TAG), whole(NEW)],
                        [part(f"bytes {CUT}-{SIZE - 1}/{SIZE + 1}", OLD[CUT:], TAG), whole(NEW)],
                        [lambda _: head("206 Partial Content", 10, TAG) + bytes(10), whole(NEW)],
                        [lambda _: head("206 Partial Content", 10, TAG, "Content-Type: multipart/byteranges; boundary=x")
                         + bytes(10), whole(NEW)]):
            server = self.interrupted(TAG)
            self.assertEqual(self.then(server, *answers)["resumed_from"], 0)
            self.assert_file(NEW)
            shutil.rmtree(self.out)

    def test_digests_are_those_of_the_whole_file(self):
        right = "sha256=" + hashlib.sha256(OLD).hexdigest()
        server = self.interrupted(TAG)
        result = self.then(server, rest(OLD, TAG), arguments=["--checksum", right, "--hash", "sha256"])
        self.assertEqual((result["resumed_from"], result["checksum"]["actual"]), (CUT, right.partition("=")[2]))
        self.assert_file(OLD)

    def test_bytes_that_were_changed_meanwhile_do_not_pass_a_digest(self):
        server = self.interrupted(TAG)
        with open(self.part, "r+b") as file:
            file.write(b"other")
        result = self.then(server, rest(OLD, TAG), arguments=["--checksum", "md5=" + hashlib.md5(OLD).hexdigest()], code=7)
        self.assertEqual((result["status"], os.listdir(self.out)), ("failed", []))

    def test_what_is_whole_but_has_no_name_yet_is_proved_with_a_byte(self):
        server = self.interrupted(TAG)
        with open(self.part, "ab") as file:
            file.write(OLD[CUT:])
        self.assertEqual(self.then(server, rest(OLD, TAG))["resumed_from"], SIZE - 1)
        self.assert_file(OLD)

    def test_a_part_that_is_longer_than_the_whole_is_not_gone_on_with(self):
        server = self.interrupted(TAG)
        os.truncate(self.part, SIZE + 1)
        self.assertEqual(self.then(server, whole(NEW))["resumed_from"], 0)
        self.assertNotIn("range", server.requests[0])
        self.assert_file(NEW)

    def test_several_runs_may_be_needed(self):
        server = self.interrupted(TAG, sent=200_000)
        for step in (300_000, 450_000, 600_000):
            self.then(server, rest(OLD, TAG, sent=step - self.part.stat().st_size), code=1)
            self.assertEqual(self.part.stat().st_size, step)
        self.then(server, rest(OLD, TAG))
        self.assert_file(OLD)

    def test_the_part_of_another_url_is_not_gone_on_with(self):
        self.interrupted(TAG)
        other = self.serve(whole(NEW, TAG))
        self.assertEqual(self.then(other, whole(NEW, TAG))["resumed_from"], 0)
        self.assertNotIn("range", other.requests[0])
        self.assert_file(NEW)

    def test_a_part_without_a_note_or_with_a_wrong_one_is_not_gone_on_with(self):
        for note in (None, b"", b"nonsense", b"x" * 64 + b" 5 \"old\"", b"0" * 3000):
            server = self.interrupted(TAG)
            os.removexattr(self.part, "user.haul")
            if note is not None:
                os.setxattr(self.part, "user.haul", note)
            self.then(server, whole(NEW))
            self.assertNotIn("range", server.requests[0])
            self.assert_file(NEW)
            shutil.rmtree(self.out)

    def test_a_link_in_place_of_the_part_is_not_followed(self):
        server = self.interrupted(TAG)
        self.part.rename(self.folder / "kept")
        self.part.symlink_to(self.folder / "kept")
        self.then(server, whole(NEW), code=5)
        self.assertEqual((self.folder / "kept").read_bytes(), OLD[:CUT])

    @unittest.skipUnless(os.geteuid() == 0, "only root gives files away")
    def test_a_part_that_is_somebody_elses_is_not_gone_on_with(self):
        server = self.interrupted(TAG)
        os.chown(self.part, 12345, -1)
        self.then(server, whole(NEW))
        self.assertNotIn("range", server.requests[0])
        self.assert_file(NEW)

    def test_a_hopeless_part_is_removed(self):
        for answer in (status("404 Not Found"), status("410 Gone")):
            server = self.interrupted(TAG)
            self.then(server, answer, code=1)
            self.assertEqual(os.listdir(self.out), [])

    def test_a_server_that_is_away_costs_nothing_of_what_is_there(self):
        server = self.interrupted(TAG)
        self.then(server, status("503 Service Unavailable"), code=1)
        self.assertEqual(self.part.read_bytes(), OLD[:CUT])
        self.then(server, rest(OLD, TAG))
        self.assert_file(OLD)

    def test_without_c_a_part_that_was_left_is_made_anew(self):
        server = self.interrupted(TAG)
        server.plans[:] = [whole(NEW)]
        self.assertEqual(self.haul("-P", "out", server.url).code, 0)
        self.assertNotIn("range", server.requests[-1])
        self.assert_file(NEW)

    def test_a_body_that_comes_compressed_is_not_gone_on_with(self):
        server = self.interrupted(TAG)
        self.then(server, rest(OLD, TAG, "Content-Encoding: gzip"), whole(NEW), arguments=["--compressed"])
        self.assert_file(NEW)


class Apache:
    """apache2 serving the folder `root` on a free port."""

    CONFIGURATION = """
        ServerName localhost
        ServerRoot {folder}
        PidFile {folder}/pid
        ErrorLog {folder}/errors
        Listen 127.0.0.1:{port}
        LoadModule mpm_event_module {modules}/mod_mpm_event.so
        LoadModule authz_core_module {modules}/mod_authz_core.so
        DocumentRoot {root}
        """

    def __init__(self, root):
        self.folder = temporary_folder()
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        configuration = pathlib.Path(self.folder.name, "configuration")
        configuration.write_text(self.CONFIGURATION.format(folder=self.folder.name, port=port, root=root,
                                                           modules="/usr/lib/apache2/modules"))
        self.process = subprocess.Popen([APACHE, "-D", "FOREGROUND", "-f", configuration], stderr=subprocess.DEVNULL)
        wait_until(lambda: is_listening(port))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class RealServers(RunTest):
    BODY = os.urandom(3 << 20)
    LARGE = (4 << 30) + 1

    def setUp(self):
        super().setUp()
        self.site = pathlib.Path(self.enterContext_(temporary_folder()))
        (self.site / "file").write_bytes(self.BODY)
        os.utime(self.site / "file", (10**9, 10**9))
        self.part = self.out / "file.part"

    def serve(self, kind):
        server = kind(self.site)
        self.addCleanup(server.close)
        return server.address + "/file"

    def servers(self):
        for kind in (Nginx, Apache) if APACHE else (Nginx,):
            yield self.serve(kind)
            shutil.rmtree(self.out, ignore_errors=True)

    def begin(self, url, size=400_000):
        """A run that has come that far."""
        process = self.start("-C", "-P", "out", "--limit-rate", "2M", url)
        wait_until(lambda: self.part.exists() and self.part.stat().st_size >= size)
        return process

    def end(self, url, *arguments):
        run = self.haul("--json", "-C", "-P", "out", *arguments, url)
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual(os.listdir(self.out), ["file"])
        return run.results[1]

    def test_a_run_that_was_killed_is_finished(self):
        for url in self.servers():
            for signal_number in (signal.SIGKILL, signal.SIGKILL, signal.SIGINT):
                size = self.part.stat().st_size if self.part.exists() else 0
                process = self.begin(url, size + 400_000)
                process.send_signal(signal_number)
                process.wait()
            there = self.part.stat().st_size
            result = self.end(url, "--hash", "sha256")
            self.assertEqual(result["resumed_from"], there)
            self.assertEqual(result["checksum"]["actual"], hashlib.sha256(self.BODY).hexdigest())
            self.assertEqual((self.out / "file").read_bytes(), self.BODY)

    def test_with_resume_what_is_told_as_done_is_skipped_and_what_was_cut_goes_on(self):
        (self.site / "small").write_bytes(b"small")
        url = self.serve(Nginx)
        line = ["-C", "-P", "out", "--report", "j.jsonl", "--resume", "j.jsonl", url.replace("file", "small"), url]
        process = self.start(*line, "--limit-rate", "2M")
        wait_until(lambda: (self.out / "small").exists() and self.part.exists() and self.part.stat().st_size >= 400_000)
        wait_until(lambda: b'"status":"ok"' in (self.folder / "j.jsonl").read_bytes())
        process.kill()
        process.wait()
        there = self.part.stat().st_size
        run = self.haul("--json", "-v", *line)
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual([run.results[i]["reason"] for i in (1, 2)], ["already-done", None])
        self.assertRegex(run.stderr, r"ok +\S+/file -> out/file \(.*, after \S+ [KM]iB that were there\)")
        self.assertEqual(run.results[2]["resumed_from"], there)
        self.assertEqual((self.out / "file").read_bytes(), self.BODY)

    def test_a_file_that_has_changed_meanwhile_comes_anew(self):
        for url in self.servers():
            process = self.begin(url)
            process.kill()
            process.wait()
            other = self.BODY[::-1] + b"longer"
            (self.site / "new").write_bytes(other)
            (self.site / "new").replace(self.site / "file")
            self.assertEqual(self.end(url)["resumed_from"], 0)
            self.assertEqual((self.out / "file").read_bytes(), other)
            (self.site / "file").write_bytes(self.BODY)
            os.utime(self.site / "file", (10**9, 10**9))

    def test_a_file_of_no_bytes(self):
        (self.site / "file").write_bytes(b"")
        for url in self.servers():
            self.assertEqual(self.end(url)["file"]["bytes"], 0)

    def test_another_run_that_is_at_it_is_not_disturbed(self):
        url = self.serve(Nginx)
        first = self.begin(url)
        second = self.haul("--json", "-C", "-P", "out", url)
        self.assertIn("another run is writing", second.results[1]["errormsg"])
        self.assertEqual(second.code, 5)
        self.assertEqual(self.finish(first).code, 0)
        self.assertEqual((self.out / "file").read_bytes(), self.BODY)

    def test_the_end_of_more_than_four_gibibytes(self):
        with open(self.site / "file", "wb") as file:
            file.truncate(self.LARGE)
            file.seek(self.LARGE - 9)
            file.write(b"the end!\n")
        os.utime(self.site / "file", (10**9, 10**9))  # apache2 does not trust what was written in the last second
        for url in self.servers():
            etag = urllib.request.urlopen(urllib.request.Request(url, method="HEAD")).headers["ETag"]
            self.out.mkdir()
            with open(self.part, "wb") as file:
                file.truncate(self.LARGE - 100_000)
            os.setxattr(self.part, "user.haul",
                        f"{hashlib.sha256(url.encode()).hexdigest()} {self.LARGE} - {etag}".encode())
            result = self.end(url)
            self.assertEqual((result["resumed_from"], result["file"]["bytes"]), (self.LARGE - 100_000, self.LARGE))
            with open(self.out / "file", "rb") as file:
                file.seek(self.LARGE - 9)
                self.assertEqual(file.read(), b"the end!\n")
            self.assertLess((self.out / "file").stat().st_blocks * 512, 1 << 20)


if __name__ == "__main__":
    unittest.main()
