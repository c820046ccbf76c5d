"""With --segments one file comes over several connections, and is the same file whatever happens to them."""

import hashlib
import http.server
import os
import pathlib
import re
import signal
import socket
import threading
import time
import unittest

from harness import Nginx, RunTest, make_certificate, temporary_folder, wait_until

MIB = 1 << 20
SIZE = 8 * MIB + 4711
BODY = os.urandom(SIZE)
OTHER = BODY[::-1]
PIECE = 64 * 1024


class Server:
    """Answers as it is told: `answer(ask)` for each request, beside one another; what was asked is in `asked`."""

    def __init__(self, answer):
        self.asked, self.at_once, self.most_at_once = [], 0, 0
        self.lock = threading.Lock()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                with server.lock:
                    server.asked.append(self.headers.get("Range"))
                    self.number = len(server.asked)
                    server.at_once += 1
                    server.most_at_once = max(server.most_at_once, server.at_once)
                try:
                    answer(self)
                except OSError:
                    self.close_connection = True
                finally:
                    with server.lock:
                        server.at_once -= 1

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/file"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def wanted(ask, size):
    """The first and the last byte."""
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", ask.headers.get("Range", ""))
    return (int(match[1]), int(match[2] or size - 1)) if match else (0, size - 1)


def give(ask, body=BODY, etag='"tag"', ranges="bytes", most=None, pause=0.001, as_whole=False, shift=0,
         gate=None):
    """What is asked for, slowly; `most` bytes of it, and then the connection ends.  More than a MiB when gate() says."""
    is_same = ask.headers.get("If-Range") in (None, etag)
    is_part = "Range" in ask.headers and is_same and not as_whole
    first, last = wanted(ask, len(body)) if is_part else (0, len(body) - 1)
    ask.send_response(206 if is_part else 200)
    ask.send_header("Content-Length", last - first + 1)
    if is_part:
        ask.send_header("Content-Range", f"bytes {first + shift}-{last}/{len(body)}")
    if etag:
        ask.send_header("ETag", etag)
    if ranges:
        ask.send_header("Accept-Ranges", ranges)
    ask.end_headers()
    end = last + 1 if most is None else min(last + 1, first + most)
    for at in range(first, end, PIECE):
        if gate and at == first + MIB:
            wait_until(gate)
        ask.wfile.write(body[at:min(at + PIECE, end)])
        time.sleep(pause)
    if end <= last:
        ask.close_connection = True


def refuse(ask, status):
    ask.send_response(status)
    ask.send_header("Content-Length", "0")
    ask.end_headers()


def hang_up(ask):
    ask.connection.shutdown(socket.SHUT_RDWR)
    ask.close_connection = True


class Segments(RunTest):
    def serve(self, answer):
        server = Server(answer)
        self.addCleanup(server.close)
        return server

    def fetch(self, url, *arguments, code=0, segments=4):
        run = self.haul("--json", "-P", "out", "--segments", segments, *arguments, url)
        self.assertEqual(run.code, code, run.stderr)
        return run.results[1]

    def assert_file(self, body=BODY):
        self.assertEqual(os.listdir(self.out), ["file"])
        self.assertTrue((self.out / "file").read_bytes() == body, "the file holds something else")
        self.assertEqual(os.listxattr(self.out / "file"), [])

    def fetch_anew(self, answer, *arguments, **options):
        """Each with a server of its own; the requests."""
        server = self.serve(answer)
        result = self.fetch(server.url, "--if-exists", "overwrite", *arguments, **options)
        self.assert_file()
        return server, result

    def test_a_large_file_comes_in_parts_of_one_version(self):
        tags = []

        def answer(ask):
            tags.append(ask.headers.get("If-Range"))
            time.sleep(0.3 if ask.number == 1 else 0)
            give(ask)
        server, result = self.fetch_anew(answer, "--hash", "sha256")
        self.assertIsNone(server.asked[0])
        self.assertGreaterEqual(len(server.asked), 4)
        self.assertTrue(all(re.fullmatch(r"bytes=\d+-\d+", asked) for asked in server.asked[1:]), server.asked)
        self.assertEqual(set(tags[1:]), {'"tag"'})
        self.assertEqual(result["checksum"]["actual"], hashlib.sha256(BODY).hexdigest())
        self.assertEqual((result["file"]["bytes"], len(result["attempts"])), (SIZE, 1))
        self.assertGreaterEqual(result["size_download"], SIZE)
        self.assertTrue(0.3 < result["time_starttransfer"] < result["time_total"] <= result["time_elapsed"], result)

    def test_over_one_http2_connection_too(self):
        site, certificate = self.folder / "site", self.folder / "certificate.pem"
        site.mkdir()
        body = os.urandom(40 * MIB)
        (site / "file").write_bytes(body)
        make_certificate(certificate)
        nginx = Nginx(site, certificate=certificate)
        self.addCleanup(nginx.close)
        result = self.fetch(nginx.address + "/file", "--http2", "--cacert", certificate)
        self.assertEqual(result["http_version"], "2")
        self.assert_file(body)

    def test_one_connection_where_there_is_nothing_to_share(self):
        for options in ({"etag": None}, {"etag": 'W/"tag"'}, {"ranges": None}, {"ranges": "none"}):
            server, _ = self.fetch_anew(lambda ask, options=options: give(ask, pause=0, **options))
            self.assertEqual(server.asked, [None])
        small = self.serve(lambda ask: give(ask, body=BODY[:2 * MIB - 1]))
        self.fetch(small.url, "--if-exists", "overwrite")
        self.assertEqual(small.asked, [None])

    def test_one_connection_where_the_user_says_what_does_not_go_with_more(self):
        for arguments in (["-j", "1"], ["--jobs-per-host", "1"], ["--limit-rate", "100M"], ["-X", "POST"], ["-d", "x=y"]):
            server = self.serve(lambda ask: give(ask, pause=0))
            server.http.RequestHandlerClass.do_POST = server.http.RequestHandlerClass.do_GET
            self.fetch(server.url, "--if-exists", "overwrite", *arguments)
            self.assert_file()
            self.assertEqual(server.asked, [None], arguments)
        server = self.serve(lambda ask: give(ask, pause=0))
        job = f'{{"url": "{server.url}", "checks": [{{"check": "status", "equals": 200}}]}}'
        run = self.haul("--segments", 4, "-P", "out", "--if-exists", "overwrite", "-i", "-", stdin=[job])
        self.assertEqual((run.code, server.asked), (0, [None]), run.stderr)

    def test_who_gets_something_else_than_its_part_leaves_it_to_the_first(self):
        for other in (lambda ask: give(ask, as_whole=True), lambda ask: give(ask, shift=1),
                      lambda ask: give(ask, body=OTHER, etag='"other"'), lambda ask: refuse(ask, 416),
                      lambda ask: refuse(ask, 503), lambda ask: refuse(ask, 404), hang_up):
            server = self.serve(lambda ask, other=other: give(ask, pause=0.002, gate=lambda: len(server.asked) >= 4 and
                                server.at_once == 1) if ask.number == 1 else other(ask))
            result = self.fetch(server.url, "--if-exists", "overwrite")
            self.assert_file()
            self.assertEqual(len(server.asked), 4)
            self.assertEqual((len(result["attempts"]), result["response_code"]), (1, 200))

    def test_what_a_helper_has_not_brought_is_brought_by_the_others(self):
        server, result = self.fetch_anew(lambda ask: give(ask, most=MIB if ask.number in (2, 3, 4) else None))
        self.assertEqual(len(result["attempts"]), 1)
        self.assertGreaterEqual(len(server.asked), 4)

    def test_when_the_first_is_cut_the_others_bring_its_rest(self):
        _, result = self.fetch_anew(lambda ask: give(ask, most=MIB if ask.number == 1 else None))
        self.assertEqual((result["status"], len(result["attempts"])), ("ok", 1))

    def test_a_retry_asks_only_for_the_gaps(self):
        server, result = self.fetch_anew(lambda ask: give(ask, most=MIB if ask.number <= 4 else None),
                                         "--retry-delay", "0")
        self.assertEqual((result["status"], len(result["attempts"])), ("ok", 2))
        self.assertGreater(result["resumed_from"], 3 * MIB)
        self.assertNotIn(None, server.asked[1:])

    def test_a_file_that_changes_between_attempts_is_not_mixed(self):
        server = self.serve(lambda ask: give(ask, most=MIB) if ask.number <= 4 else give(ask, OTHER, '"other"'))
        result = self.fetch(server.url, "--retry-delay", "0")
        self.assertEqual((result["status"], result["resumed_from"]), ("ok", 0))
        self.assert_file(OTHER)

    def test_a_file_that_changes_while_its_parts_come_is_not_mixed(self):
        server = self.serve(lambda ask: give(ask, pause=0, gate=lambda: len(server.asked) > ask.number)
                            if ask.number <= 2 else give(ask, OTHER, '"other"', pause=0))
        result = self.fetch(server.url, "--retry", "0", segments=2)
        self.assertEqual((result["status"], result["resumed_from"]), ("ok", 0), result["error"])
        self.assert_file(OTHER)

    def test_the_limits_of_the_run_hold(self):
        server, _ = self.fetch_anew(give, "--jobs-per-host", "2", segments=16)
        self.assertEqual(server.most_at_once, 2)
        server, _ = self.fetch_anew(give, "-j", "3", segments=16)
        self.assertLessEqual(server.most_at_once, 3)

    def test_urls_that_wait_go_before_more_connections_for_one(self):
        server = self.serve(lambda ask: give(ask) if ask.path == "/file" else give(ask, body=b"small", pause=0.1))
        urls = [server.url] + [server.url.replace("file", f"small{i}") for i in range(20)]
        run = self.haul("--json", "-P", "out", "--segments", 8, "--jobs-per-host", 2, "-i", "-", stdin=urls)
        self.assertEqual((run.code, server.most_at_once, run.summary["ok"]), (0, 2, 21))
        self.assertTrue((self.out / "file").read_bytes() == BODY)
        self.assertEqual([asked for asked in server.asked[:21] if asked], [])

    def test_a_wrong_digest_publishes_nothing(self):
        server = self.serve(give)
        result = self.fetch(server.url, "--checksum", "sha256=" + "0" * 64, code=7)
        self.assertEqual((result["error"]["class"], os.listdir(self.out)), ("checksum", []))

    def test_a_digest_that_is_demanded_is_that_of_the_whole(self):
        server = self.serve(give)
        right = "sha512=" + hashlib.sha512(BODY).hexdigest()
        self.fetch(server.url, "--checksum", right, "--fsync")
        self.assert_file()

    def test_an_interrupt_ends_it_and_leaves_nothing(self):
        server = self.serve(lambda ask: give(ask, pause=0.05))
        process = self.start("-P", "out", "--segments", 4, server.url)
        wait_until(lambda: len(server.asked) == 4)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)
        self.assertEqual(os.listdir(self.out), [])

    def test_a_time_limit_ends_it(self):
        server = self.serve(lambda ask: give(ask, pause=0.5))
        result = self.fetch(server.url, "-m", "1", "--retry", "0", code=1)
        self.assertEqual((result["error"]["class"], os.listdir(self.out)), ("timeout", []))


class AcrossRuns(RunTest):
    """Against nginx, with -C."""

    def setUp(self):
        super().setUp()
        self.site = pathlib.Path(self.enterContext_(temporary_folder()))
        (self.site / "file").write_bytes(BODY)
        os.utime(self.site / "file", (10**9, 10**9))
        self.nginx = Nginx(self.site)
        self.addCleanup(self.nginx.close)
        self.part = self.out / "file.part"

    def kill_at(self, size, *arguments):
        """A run that has written so much, killed."""
        process = self.start("-C", "-P", "out", "--segments", 4, "--limit-rate-total", "8M", *arguments,
                             self.nginx.address + "/file")
        wait_until(lambda: self.part.exists() and self.part.stat().st_blocks * 512 >= size)
        process.kill()
        process.wait()
        return self.part.stat().st_blocks * 512

    def finish_it(self, *arguments, body=BODY):
        run = self.haul("--json", "-C", "-P", "out", *arguments, self.nginx.address + "/file")
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual(os.listdir(self.out), ["file"])
        self.assertTrue((self.out / "file").read_bytes() == body)
        self.assertEqual(os.listxattr(self.out / "file"), [])
        return run.results[1]

    def test_a_run_that_was_killed_is_finished_with_what_is_missing(self):
        for arguments in (["--segments", "4"], [], ["--segments", "16", "--hash", "sha256"]):
            there = 0
            for size in (2 * MIB, 3 * MIB, 5 * MIB):
                there = self.kill_at(size)
            result = self.finish_it(*arguments)
            self.assertGreater(result["resumed_from"], there - 2 * MIB)
            self.assertLess(result["size_download"], SIZE - 2 * MIB)
            (self.out / "file").unlink()

    def test_a_file_that_has_changed_meanwhile_comes_anew(self):
        self.kill_at(3 * MIB)
        (self.site / "new").write_bytes(OTHER)
        (self.site / "new").replace(self.site / "file")
        self.assertEqual(self.finish_it("--segments", "4", body=OTHER)["resumed_from"], 0)

    def test_the_size_that_is_demanded_is_that_of_the_whole(self):
        for demand, code in ((["--max-size", "3M"], 7), (["--min-size", "9M"], 7), (["--max-size", "9M"], 0)):
            self.kill_at(3 * MIB)
            run = self.haul("--json", "-C", "-P", "out", "--retry", "0", *demand, self.nginx.address + "/file")
            self.assertEqual((run.code, (run.results[1]["error"] or {}).get("class")), (code, "size" if code else None))
            self.assertEqual(os.listdir(self.out), [] if code else ["file"])

    def test_gaps_that_cannot_be_are_not_believed(self):
        for words in ("0-99999999999", "9-1", "x", "5-9,0-3", "0-" + str(SIZE)):
            self.kill_at(2 * MIB)
            note = os.getxattr(self.part, "user.haul").decode().split(" ", 3)
            note[2] = words
            os.setxattr(self.part, "user.haul", " ".join(note).encode())
            self.assertEqual(self.finish_it("--segments", "4")["resumed_from"], 0)
            (self.out / "file").unlink()


if __name__ == "__main__":
    unittest.main()
