"""How much is asked of a server, and when: what it says about itself counts, and so do the limits of the user."""

import datetime
import http.server
import subprocess
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
        strict = self.server(lambda path, n: (429, {"Retry-After": "4"}) if n == 0 else (200, {}))
        others = [self.server(), self.server()]
        urls = [f"{server.address}/{i}" for i in range(40) for server in (strict, *others)]
        run = self.check("-i", "-", "--jobs-per-host", "1", stdin=urls)
        self.assertEqual(run.code, 0, run.stderr)
        first, second = strict.moments[:2]
        self.assertGreaterEqual(second - first, 3.8)
        self.assertEqual(len(strict.moments), 41)
        for other in others:
            self.assertLess(other.moments[-1] - first, 3.6)
        (told_off,) = [result for result in run.results.values() if result["num_retries"]]
        self.assertEqual([(attempt["wait"], attempt["wait_reason"]) for attempt in told_off["attempts"]],
                         [(4, "retry-after"), (0, None)])

    def test_a_date_will_do_too(self):
        def answer(path, n):
            now = int(time.time()) - 3600  # by a clock that is wrong
            later = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 1, usegmt=True)}
            return (503, later) if n == 0 else (200, {})
        server = self.server(answer)
        run = self.check(server.address, "--retry-delay", "10ms")
        self.assertEqual(run.results[1]["attempts"][0]["wait_reason"], "retry-after")
        self.assertGreaterEqual(server.moments[1] - server.moments[0], 0.8)

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
        self.assertGreaterEqual(server.moments[1] - server.moments[0], 0.8)


class Quotas(PoliteTest):
    def gap(self, headers, *arguments, status=200):
        """Between the first request and the second, the answer to the first having these headers."""
        server = self.server(lambda path, n: (status, headers) if n == 0 else (200, {}))
        run = self.check(server.address, server.address, "--jobs-per-host", "1", "--retry-delay", "10ms", *arguments)
        self.assertEqual(run.code, 0, run.stderr)
        first, second = server.moments[:2]
        return second - first

    def test_a_server_of_whose_quota_nothing_is_left_is_left_alone_until_there_is_more(self):
        for headers in ({"RateLimit": '"hour";r=9;t=3000, "second";r=0;t=1'},
                        {"RateLimit": '"second";r=0', "RateLimit-Policy": '"second";q=1;w=1'},
                        {"RateLimit": "limit=10, remaining=0, reset=1"},
                        {"RateLimit-Limit": "10", "RateLimit-Remaining": "0", "RateLimit-Reset": "1"}):
            self.assertTrue(0.8 <= self.gap(headers) < 5, headers)

    def test_so_is_one_that_has_refused_and_its_retry_waits_too(self):
        self.assertTrue(0.8 <= self.gap({"RateLimit": '"a";r=0;t=1'}, status=429) < 5)

    def test_nobody_waits_for_a_year_or_with_no_longest_delay_at_all(self):
        self.assertTrue(0.2 <= self.gap({"RateLimit": '"a";r=0;t=31536000'}, "--retry-max-delay", "300ms") < 5)
        self.assertLess(self.gap({"RateLimit": '"a";r=0;t=31536000'}, "--retry-max-delay", "0"), 5)

    def test_what_is_left_pauses_nothing_and_neither_does_garbage(self):
        for value in ('"a";r=1;t=60', '"a";r=0;t=soon', '"a";r=0;t=60,,', "remaining=0, reset=-60", "\x7f" * 1000):
            self.assertLess(self.gap({"RateLimit": value}), 5, value)
        self.assertLess(self.gap({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "60"}), 5)

    def test_the_pause_is_told_to_who_wants_to_know_and_no_other_server_waits(self):
        strict = self.server(lambda path, n: (200, {"RateLimit": '"a";r=0;t=4'} if n == 0 else {}))
        other = self.server()
        run = self.check("-v", "--jobs-per-host", "1", *[server.address for server in (strict, other)] * 5)
        self.assertIn(f"pausing   {strict.address} for 4.00 s\n", run.stderr)
        self.assertLess(other.moments[-1] - strict.moments[0], 3.6)

    def test_a_redirect_pauses_the_server_that_it_led_to(self):
        strict = self.server(lambda path, n: (200, {"RateLimit": '"a";r=0;t=1'} if n == 0 else {}))
        leading = self.server(lambda path, n: (302, {"Location": strict.address}))
        run = self.check(leading.address, strict.address, "-j", "1", "-v")
        self.assertIn(f"pausing   {strict.address} for", run.stderr)
        self.assertGreaterEqual(strict.moments[1] - strict.moments[0], 0.8)


class Rates(PoliteTest):
    def assert_rate(self, moments, count):
        """On a busy machine a start may be told of a moment after its turn, and the one that ends its window at once."""
        for early, late in zip(moments, moments[count:]):
            self.assertGreaterEqual(late - early, 0.95)

    def begun(self, run):
        return sorted(datetime.datetime.fromisoformat(result["started_at"].replace("Z", "+00:00")).timestamp()
                      for result in run.results.values())

    def test_a_rate_holds_for_every_second_and_is_used_up(self):
        run = self.check("-i", "-", "--rate", "50/s", "-j", "64", "--jobs-per-host", "64",
                         stdin=[self.url(f"/delay/300/bytes/1?{i}") for i in range(500)])
        self.assertEqual(run.code, 0)
        begun = self.begun(run)
        self.assert_rate(begun, 50)
        self.assertAlmostEqual(begun[-1] - begun[0], 499 / 50, delta=0.05 * 10)

    def test_a_rate_for_each_host_leaves_other_hosts_alone(self):
        servers = [self.server() for _ in range(3)]
        urls = [f"{server.address}/{i}" for i in range(30) for server in servers[:2]]
        urls += [f"{servers[2].address}/0"]
        run = self.check("-i", "-", "--rate-per-host", "20/s", stdin=urls)
        self.assertEqual(run.code, 0)
        for server in servers[:2]:
            self.assertAlmostEqual(server.moments[-1] - server.moments[0], 29 / 20, delta=0.3)
        self.assertLess(servers[2].moments[0] - servers[0].moments[0], 0.5)

    def test_retries_count_for_the_rate(self):
        server = self.server(lambda path, n: (503 if n < 10 else 200, {}))
        run = self.check(*[f"{server.address}/{i}" for i in range(10)], "--rate", "10/s", "--retry", "20",
                         "--retry-delay", "1ms")
        self.assertEqual(run.code, 0)
        self.assertEqual(len(server.moments), 20)
        self.assertGreater(server.moments[-1] - server.moments[0], 1.7)


class Hops(PoliteTest):
    """Where a redirect leads is a request too."""

    def redirecting(self, target=None):
        def answer(path, n):
            number = int(path.rsplit("/", 1)[1])
            where = f"{target.address if target else ''}/{number - 1}"
            return (302, {"Location": where}) if number > 0 else (200, {})
        return self.server(answer)

    def test_hops_count_in_the_rate(self):
        server = self.redirecting()
        run = self.check("--rate", "20/s", *[f"{server.address}/3"] * 10)
        self.assertEqual(run.code, 0)
        self.assertEqual(len(server.moments), 40)
        for early, late in zip(server.moments, server.moments[20:]):
            self.assertGreaterEqual(late - early, 0.8)

    def test_hops_count_in_the_rate_of_the_host_that_they_lead_to(self):
        target = self.server()
        leading = [self.redirecting(target), self.redirecting(target)]
        run = self.check("--rate-per-host", "10/s", *[f"{server.address}/1" for server in leading] * 10)
        self.assertEqual(run.code, 0)
        self.assertEqual(len(target.moments), 20)
        for early, late in zip(target.moments, target.moments[10:]):
            self.assertGreaterEqual(late - early, 0.8)

    def test_hops_wait_while_a_host_wants_to_be_left_alone(self):
        target = self.server(lambda path, n: (200, {"RateLimit": '"a";r=0;t=1'} if n == 0 else {}))
        leading = self.redirecting(target)
        run = self.check(f"{target.address}/", f"{leading.address}/1", "-j", "1")
        self.assertEqual(run.code, 0)
        self.assertGreaterEqual(target.moments[1] - target.moments[0], 0.8)

    def test_a_hop_that_waits_ends_with_its_time_and_with_the_run(self):
        target = self.server(lambda path, n: (200, {"RateLimit": '"a";r=0;t=50'}))
        leading = self.redirecting(target)
        run = self.check(f"{target.address}/", f"{leading.address}/1", "-j", "1", "--max-time", "300ms", "--retry", "0")
        self.assertEqual(run.results[2]["error"]["class"], "timeout")
        run = self.check(f"{target.address}/", f"{leading.address}/1", "-j", "1", "--deadline", "300ms")
        self.assertEqual((run.code, run.results[2]["reason"]), (6, "deadline"))
        self.assertIn("haul: stopped with work left, as '--deadline' says\n", run.stderr)


class RetryRules(PoliteTest):
    def attempts(self, answer, *arguments):
        run = self.check(self.server(answer).address, "--retry-delay", "1ms", *arguments)
        return len(run.results[1]["attempts"]), run

    def test_what_is_tried_again_is_the_users_to_say(self):
        def always(status):
            return lambda path, n: (status, {})
        self.assertEqual(self.attempts(always(404), "--retry-on", "404,5xx,!501")[0], 4)
        self.assertEqual(self.attempts(always(501), "--retry-on", "404,5xx,!501")[0], 1)
        self.assertEqual(self.attempts(always(429), "--retry-on", "404,5xx,!501")[0], 1)
        self.assertEqual(self.attempts(always(501), "--retry-all-errors", "--retry", "1")[0], 2)

    def test_a_post_is_repeated_only_when_asked(self):
        busy = lambda path, n: (503, {})
        self.assertEqual(self.attempts(busy, "-X", "POST")[0], 1)
        self.assertEqual(self.attempts(busy, "-X", "PUT")[0], 4)
        self.assertEqual(self.attempts(busy, "-X", "POST", "--retry-on", "503")[0], 4)

    def test_no_retry_begins_after_the_time_for_retries(self):
        count, run = self.attempts(lambda path, n: (503, {"Retry-After": "1"}), "--retry-max-time", "1500ms")
        self.assertEqual(count, 2)
        self.assertLess(run.seconds, 5)

    def test_one_url_takes_no_longer_than_its_whole_time(self):
        run = self.check(self.url("/silent"), "-m", "400ms", "--max-time-total", "1s", "--retry-delay", "1ms")
        result = run.results[1]
        self.assertEqual([attempt["error"]["class"] for attempt in result["attempts"]], ["timeout"] * 3)
        self.assertIn("retries included", result["error"]["message"])
        self.assertTrue(1 <= result["time_elapsed"] < 1.5, result["time_elapsed"])


class Stops(PoliteTest):
    def test_a_deadline_ends_the_run_with_a_record_for_each(self):
        run = self.check(*[self.url(f"/silent?{i}") for i in range(5)], "-j", "2", "--deadline", "700ms")
        self.assertEqual(run.code, 6)
        self.assertLess(run.seconds, 5)
        self.assert_one_record_each(run, 5)
        self.assertEqual(sorted((result["status"], result["reason"]) for result in run.results.values()),
                         [("cancelled", "deadline")] * 2 + [("skipped", "deadline")] * 3)

    def test_a_deadline_ends_a_run_whose_input_does_not_end(self):
        process = self.start("--json", "--check", "-i", "-", "--deadline", "500ms", stdin=subprocess.PIPE)
        self.assertEqual(process.wait(20), 6)

    def test_a_run_that_is_done_in_time_has_no_deadline(self):
        run = self.check(self.url("/bytes/1"), "--deadline", "50s")
        self.assertEqual(run.code, 0)
        self.assertLess(run.seconds, 20)

    def test_the_first_failure_ends_the_run_when_asked(self):
        urls = [self.url("/silent"), self.url("/status/404"), *[self.url(f"/silent?{i}") for i in range(8)]]
        run = self.check(*urls, "--fail-early", "-j", "2")
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, 10)
        self.assertEqual((run.results[2]["status"], run.results[2]["reason"]), ("failed", None))
        self.assertEqual({result["reason"] for i, result in run.results.items() if i != 2}, {"fail-early"})
        self.assertEqual(run.results[1]["status"], "cancelled")
        self.assertEqual(run.results[10]["status"], "skipped")


if __name__ == "__main__":
    unittest.main(verbosity=2)
