"""What is asked again, where redirects lead, and which secrets go where."""

import itertools
import json
import signal
import subprocess
import time
import unittest

from harness import Origin, RunTest, pattern, wait_until


class Retries(RunTest):
    def test_a_server_that_says_not_now_is_asked_again(self):
        run = self.haul("--json", "-P", "out", self.url("/status/503/2?again"), "--retry-delay", "200ms")
        self.assertEqual(run.code, 0)
        result = run.results[1]
        self.assertEqual([attempt["response_code"] for attempt in result["attempts"]], [503, 503, 200])
        self.assertEqual([attempt["n"] for attempt in result["attempts"]], [1, 2, 3])
        self.assertEqual([bool(attempt["error"]) for attempt in result["attempts"]], [True, True, False])
        waits = [attempt["wait"] for attempt in result["attempts"]]
        self.assertTrue(0 <= waits[0] <= 0.2 and 0 <= waits[1] <= 0.4 and waits[2] == 0, waits)
        self.assertEqual([attempt["wait_reason"] for attempt in result["attempts"]], ["backoff", "backoff", None])
        self.assertEqual(result["num_retries"], 2)
        self.assertGreaterEqual(result["time_elapsed"], sum(waits))
        self.assertEqual(run.summary["retries"], 2)
        self.assert_files({"2": b"status 200\n"})

    def test_what_will_not_change_is_not_asked_again(self):
        for path in ("/status/404", "/status/501", "/loop", "/lengths/1/2", "/partial", "/no-location", "/garbage"):
            run = self.haul("--json", self.url(path), "--retry-delay", "10ms", "-P", "out")
            self.assertEqual(run.results[1]["num_retries"], 0, path)

    def test_a_cut_body_is_asked_for_again_from_the_beginning(self):
        run = self.haul("--json", self.url("/cut/300000/400000"), "--retry", "2", "--retry-delay", "10ms", "-P", "out")
        result = run.results[1]
        self.assertEqual(result["error"]["class"], "partial")
        self.assertEqual(len(result["attempts"]), 3)
        self.assertEqual([attempt["size_download"] for attempt in result["attempts"]], [300_000] * 3)
        self.assert_files({})

    def test_an_interrupt_ends_a_wait_for_a_retry(self):
        process = self.start("--json", self.url("/status/503"), "--retry-delay", "60s", "-v", "--no-adapt", "-P", "out")
        self.assertIn(b"retrying", process.stderr.readline())
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertLess(time.monotonic() - asked, 2)
        self.assertEqual(run.code, 130)
        result = run.results[1]
        self.assertEqual((result["status"], result["reason"]), ("cancelled", "interrupted"))
        self.assertEqual([attempt["response_code"] for attempt in result["attempts"]], [503])

    def test_redirects_are_told_with_their_places(self):
        run = self.haul("--json", "-P", "out", self.url("/redirect/3"))
        result = run.results[1]
        self.assertEqual(result["num_redirects"], 3)
        self.assertEqual(result["url"], self.url("/redirect/3"))
        self.assertEqual(result["url_effective"], self.url("/redirect/0"))
        self.assertEqual(result["redirects"], [{"url": self.url(f"/redirect/{i}"), "response_code": 302,
                                                "location": self.url(f"/redirect/{i - 1}")} for i in (3, 2, 1)])
        self.assert_files({"3": b"arrived\n"})

    def test_without_redirects_a_redirect_is_a_failure(self):
        run = self.haul("--json", "-P", "out", "--no-location", self.url("/redirect/1"))
        self.assertEqual((run.code, run.results[1]["response_code"]), (1, 302))
        self.assert_files({})

    def test_the_longest_time_is_that_of_one_attempt(self):
        run = self.haul("--json", "--check", self.url("/silent"), "-m", "300ms", "--retry", "2", "--retry-delay", "10ms")
        result = run.results[1]
        self.assertEqual([attempt["error"]["class"] for attempt in result["attempts"]], ["timeout"] * 3)
        self.assertLess(run.seconds, 5)


class Secrets(RunTest):
    SECRETS = ["-H", "Authorization: Bearer tell-nobody", "-H", "Cookie: session=tell-nobody",
               "-H", "X-Api-Key: tell-nobody"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = Origin()
        cls.addClassCleanup(cls.other.close)

    def body(self, run):
        (path,) = self.out.iterdir()
        return path.read_text()

    def redirected(self, target, user="", code=302):
        address = self.origin.address.replace("//", "//" + user)
        run = self.haul("--json", "-v", "-P", "out", *self.SECRETS,
                        f"{address}/redirect-to?url={target}&code={code}")
        self.assertEqual(run.code, 0, run.stderr)
        self.assertNotIn("tell-nobody", run.stdout.decode() + run.stderr)
        return self.body(run)

    def test_secrets_go_where_they_were_sent(self):
        seen = self.redirected("/echo", "somebody:tell-nobody@")
        for header in ("Cookie: session=tell-nobody", "X-Api-Key: tell-nobody", "Authorization: "):
            self.assertIn(header, seen)

    def test_secrets_are_not_sent_to_another_origin(self):
        for code in (301, 302, 303, 307, 308):
            seen = self.redirected(self.other.address + "/echo", "somebody:tell-nobody@", code)
            for word in ("tell-nobody", "Authorization", "Cookie", "X-Api-Key"):
                self.assertNotIn(word, seen)
            for path in self.out.iterdir():
                path.unlink()

    def test_secrets_do_not_come_back_with_a_redirect_through_another_origin(self):
        back = f"{self.other.address}/redirect-to%3Furl={self.origin.address}/echo"
        self.assertNotIn("Host: " + self.other.address[7:], self.redirected(back))

    def test_user_info_in_a_redirect_is_never_told(self):
        target = self.other.address.replace("//", "//somebody:tell%2Dnobody@") + "/status/404"
        run = self.haul("--json", "-v", "-P", "out", self.url(f"/redirect-to?url={target}"))
        self.assertEqual(run.results[1]["response_code"], 404)
        self.assertNotIn("tell-nobody", run.stdout.decode() + run.stderr)

    def test_user_info_is_never_told_whatever_fails(self):
        lines = [self.url(path).replace("//", "//somebody:tell-nobody@", 1) for path in
                 ("/status/404", "/cut/1/2", "/garbage", "/loop", "/status/503", "/redirect-to?url=ftp://a:tell%2Dnobody@b/")]
        lines += ["http://somebody:tell-nobody@127.0.0.1:1/", "http://somebody:tell-nobody@no-such-host.invalid/",
                  "ftp://somebody:tell-nobody@127.0.0.1/", "http://somebody:tell-nobody@[::/",
                  "http://somebody:tell-nobody@127.0.0.1:99999/", "somebody:tell-nobody@127.0.0.1:1/x",
                  "http://some body:tell-nobody@127.0.0.1/", "http://somebody:tell-nobody@127.0.0.1:1/ x"]
        run = self.haul("--json", "-v", "-P", "out", "-i", "-", "--retry", "1", "--retry-delay", "1ms", "-m", "8",
                        stdin=lines)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, len(lines))
        self.assertNotIn("tell-nobody", run.stderr)
        self.assertNotIn("tell-nobody", run.stdout.decode())

    def test_a_secret_header_that_a_server_sets_is_not_told(self):
        run = self.haul("--json", "--check", self.url("/echo"), *self.SECRETS)
        self.assertNotIn("tell-nobody", run.stdout.decode())


class Desync(RunTest):
    """Bytes behind an answer belong to no request: what comes next must not be read from them."""

    def test_stray_bytes_never_become_a_part_of_the_next_answer(self):
        urls, wanted = [], {}
        for i in range(1, 101):
            urls += [self.url(f"/extra/{i}\textra-{i}"), self.url(f"/delay/{i % 4 * 3}/bytes/{i}\tgood-{i}")]
            wanted[f"extra-{i}"] = wanted[f"good-{i}"] = pattern(i)
        run = self.haul("--json", "-P", "out", "-i", "-", "-j", "1", stdin=urls)
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files(wanted)

    def test_nor_with_many_connections_at_once(self):
        wanted = {f"{kind}-{i}": pattern(i) for i in range(1, 301) for kind in ("extra", "bytes", "chunked")}
        urls = [self.url(f"/{name.replace('-', '/')}\t{name}") for name in wanted]
        for jobs in ("32", "64"):
            run = self.haul("--json", "-P", "out", "-i", "-", "-j", jobs, "--jobs-per-host", jobs, "--if-exists", "overwrite",
                            stdin=urls)
            self.assertEqual(run.code, 0, run.stderr)
            self.assert_files(wanted)

    def test_an_answer_that_nobody_has_asked_for_is_not_taken_for_the_next_one(self):
        for jobs in (8, 64):
            run = self.start("--json", "--check", "-i", "-", "-j", jobs, "--jobs-per-host", jobs, stdin=subprocess.PIPE)
            for kind in ("twice", "bytes"):
                run.stdin.write(self.url(f"/{kind}/100\n").encode() * jobs)
                run.stdin.flush()
                results = itertools.islice((line for line in run.stdout if b"haul.result/1" in line), jobs)
                self.assertEqual([json.loads(line)["size_download"] for line in results], [100] * jobs)
                time.sleep(0.2)  # what was not asked for comes meanwhile
            self.assertEqual(self.finish(run).code, 0)

    def test_connections_are_used_again_when_nothing_is_wrong(self):
        before = self.origin.stats()["connections"]
        run = self.haul("--json", "--check", "-i", "-", "-j", "4", stdin=[self.url("/bytes/100")] * 400)
        self.assertEqual(run.code, 0)
        self.assertLessEqual(self.origin.stats()["connections"] - before, 5)

    def test_a_failure_does_not_spoil_what_comes_after_it(self):
        paths = ("/cut/10/20", "/reset/10/20", "/garbage", "/partial", "/lengths/1/2", "/status/500", "/chunked-cut/9",
                 "/close/50", "/no-location", "/redirect/2")
        urls, wanted = [], {}
        for i in range(1, 101):
            urls += [self.url(f"{paths[i % len(paths)]}\tbad-{i}"), self.url(f"/bytes/{i}\tgood-{i}")]
        run = self.haul("--json", "-P", "out", "-i", "-", "-j", "1", "--retry", "0", stdin=urls)
        self.assert_one_record_each(run, 200)
        for i in range(1, 101):
            self.assertEqual((self.out / f"good-{i}").read_bytes(), pattern(i))
            self.assertEqual(run.results[2 * i]["status"], "ok")


if __name__ == "__main__":
    unittest.main(verbosity=2)
