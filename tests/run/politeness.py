"""How much is asked of a server, and when: what it says about itself counts, and so do the limits of the user."""

import http.server
import threading
import time
import unittest
from email.utils import formatdate

from harness import RunTest


class Server:
    """Answers as `answer(path, n)` says, n counting its requests from 0: a status and headers.  Notes when it was asked
    what."""

    def __init__(self, answer=lambda path, n: (200, {})):
        server = self
        self.asked = []  # (moment, path)
        self.lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                with server.lock:
                    n = len(server.asked)
                    server.asked.append((time.monotonic(), self.path))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers = answer(self.path, n)
                self.send_response_only(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            do_POST = do_PUT = do_GET

            def log_message(self, *_):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            request_queue_size = 1024

        self.listener = Listener(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.listener.server_address[1]}"
        threading.Thread(target=self.listener.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def moments(self):
        return sorted(moment for moment, _ in self.asked)

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


class PoliteTest(RunTest):
    def server(self, *arguments):
        server = Server(*arguments)
        self.addCleanup(server.close)
        return server

    def check(self, *arguments, **options):
        return self.haul("--json", "--check", *arguments, **options)


class RetryAfter(PoliteTest):
    def test_a_server_that_says_when_to_come_again_is_left_alone_until_then_and_no_other_is(self):
        strict = self.server(lambda path, n: (429, {"Retry-After": "2"}) if n == 0 else (200, {}))
        others = [self.server(), self.server()]
        urls = [f"{server.address}/{i}" for i in range(40) for server in (strict, *others)]
        run = self.check("-i", "-", "--jobs-per-host", "1", stdin=urls)
        self.assertEqual(run.code, 0, run.stderr)
        first, second = strict.moments[:2]
        self.assertTrue(2 <= second - first < 3, second - first)
        self.assertEqual(len(strict.moments), 41)
        for other in others:
            self.assertLess(other.moments[-1] - first, 1.8)
        (told_off,) = [result for result in run.results.values() if result["num_retries"]]
        self.assertEqual([(attempt["wait"], attempt["wait_reason"]) for attempt in told_off["attempts"]],
                         [(2, "retry-after"), (0, None)])

    def test_a_date_will_do_too(self):
        def answer(path, n):
            now = int(time.time()) - 3600  # by a clock that is wrong
            later = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 1, usegmt=True)}
            return (503, later) if n == 0 else (200, {})
        server = self.server(answer)
        run = self.check(server.address, "--retry-delay", "10ms")
        self.assertEqual(run.results[1]["attempts"][0]["wait_reason"], "retry-after")
        self.assertGreaterEqual(server.moments[1] - server.moments[0], 0.99)

    def test_nobody_waits_for_a_year(self):
        server = self.server(lambda path, n: (429, {"Retry-After": "31536000"}) if n == 0 else (200, {}))
        run = self.check(server.address, "--retry-max-delay", "300ms")
        self.assertEqual(run.code, 0)
        self.assertEqual(run.results[1]["attempts"][0]["wait"], 0.3)

    def test_garbage_is_ignored(self):
        for value in ("soon", "-1", "1.5", "", "0", "Sun, 06 Nov 1994 08:49:37 GMT"):
            server = self.server(lambda path, n: (429, {"Retry-After": value}) if n == 0 else (200, {}))
            run = self.check(server.address, "--retry-delay", "10ms")
            self.assertEqual(run.code, 0)
            self.assertEqual(run.results[1]["attempts"][0]["wait_reason"], "backoff", value)
            self.assertLess(run.results[1]["attempts"][0]["wait"], 0.1)

    def test_other_answers_pause_nothing(self):
        server = self.server(lambda path, n: (500, {"Retry-After": "60"}) if n == 0 else (200, {"Retry-After": "60"}))
        run = self.check(server.address, server.address, "--retry-delay", "10ms")
        self.assertEqual(run.code, 0)
        self.assertLess(run.seconds, 30)

    def test_the_pause_holds_for_others_when_the_one_who_was_told_has_no_retries_left(self):
        server = self.server(lambda path, n: (503, {"Retry-After": "1"}) if n == 0 else (200, {}))
        run = self.check(*[server.address] * 3, "--retry", "0", "-j", "1")
        self.assertEqual([run.results[i]["status"] for i in (1, 2, 3)], ["failed", "ok", "ok"])
        self.assertGreaterEqual(server.moments[1] - server.moments[0], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
