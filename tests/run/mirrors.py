"""A job whose server does not give what is wanted goes on at its mirrors."""

import hashlib
import json
import socket
import unittest

from harness import Origin, RunTest, pattern
from resume import CUT, OLD, TAG, Server, cut, head, rest, status, whole


def sha256(body):
    return "sha256=" + hashlib.sha256(body).hexdigest()


class Mirrors(RunTest):
    def serve(self, *plans):
        server = Server(*plans)
        self.addCleanup(server.close)
        return server

    def nobody(self):
        """An address where nothing listens."""
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}/file"

    def fetch(self, url, *mirrors, arguments=(), expect=0, **job):
        lines = [json.dumps({"url": url, "mirrors": list(mirrors), **job})]
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry", "0", "--retry-delay", "10ms", *arguments, stdin=lines)
        self.assertEqual(run.code, expect, run.stderr)
        self.assert_one_record_each(run, 1)
        return run.results[1]

    def asked(self, result):
        return [attempt["url"] for attempt in result["attempts"]]

    def test_the_next_one_is_asked_at_once_whatever_was_wrong_with_the_one_before(self):
        wrong = [status("404 Not Found"), status("503 Later"), cut(), lambda _: b"nonsense\r\n\r\n", whole(OLD[:-1])]
        for plan in wrong:
            first, second = self.serve(plan), self.serve(whole())
            result = self.fetch(first.url, second.url, size=len(OLD))
            self.assertEqual(self.asked(result), [first.url, second.url])
            self.assertEqual([attempt["wait"] for attempt in result["attempts"]], [0, 0])
            self.assertEqual((result["url"], result["url_effective"]), (first.url, second.url))
            self.assertEqual(result["mirrors"], [second.url])
            self.assertEqual(result["origin"], second.url.removesuffix("/file"))
            self.assert_files({"file": OLD})
            (self.out / "file").unlink()

    def test_they_are_asked_in_their_order_and_no_more_of_them_than_needed(self):
        servers = [self.serve(status("500 No")), self.serve(status("410 Gone")), self.serve(whole()), self.serve(whole())]
        first = self.nobody()
        result = self.fetch(first, *[server.url for server in servers])
        self.assertEqual(self.asked(result), [first, *[server.url for server in servers[:3]]])
        self.assertEqual([len(server.requests) for server in servers], [1, 1, 1, 0])
        self.assertEqual([(attempt["error"] or {}).get("class") for attempt in result["attempts"]],
                         ["connect", "http", "http", None])

    def test_the_same_digest_is_demanded_of_all(self):
        other = OLD[::-1]
        result = self.fetch(self.serve(whole(other)).url, self.serve(whole()).url, checksum=sha256(OLD))
        self.assertEqual([(attempt["error"] or {}).get("class") for attempt in result["attempts"]], ["checksum", None])
        self.assert_files({"file": OLD})
        (self.out / "file").unlink()
        result = self.fetch(self.nobody(), self.serve(whole(other)).url, checksum=sha256(OLD), expect=7)
        self.assertEqual(result["error"]["class"], "checksum")
        self.assert_files({})

    def test_what_one_has_left_is_not_gone_on_with_at_another(self):
        for job in ({}, {"checksum": sha256(OLD)}):
            first, second = self.serve(cut(TAG)), self.serve(whole(OLD, TAG))
            result = self.fetch(first.url, second.url, **job)
            self.assertNotIn("range", second.requests[0])
            self.assertEqual(result["resumed_from"], 0)
            self.assert_files({"file": OLD})
            (self.out / "file").unlink()

    def test_a_retry_asks_those_again_whose_failures_may_pass(self):
        first, second, third = (self.serve(status("503 Later"), whole()), self.serve(status("404 Not Found")),
                                self.serve(status("500 No")))
        result = self.fetch(first.url, second.url, third.url, arguments=["--retry", "1"])
        self.assertEqual(self.asked(result), [first.url, second.url, third.url, first.url])
        first, second = self.serve(status("404 Not Found")), self.serve(status("503 Later"), whole())
        (self.out / "file").unlink()
        result = self.fetch(first.url, second.url, arguments=["--retry", "1"])
        self.assertEqual(self.asked(result), [first.url, second.url, second.url])

    def test_what_was_cut_is_gone_on_with_by_a_retry_at_the_same_place(self):
        first, second = self.serve(status("404 Not Found")), self.serve(cut(TAG), rest(OLD, TAG))
        result = self.fetch(first.url, second.url, arguments=["--retry", "1"])
        self.assertEqual(result["resumed_from"], CUT)
        self.assert_files({"file": OLD})

    def test_when_all_have_failed_for_good_nothing_is_asked_again(self):
        servers = [self.serve(status("404 Not Found")) for _ in range(3)]
        result = self.fetch(*[server.url for server in servers], arguments=["--retry", "3"], expect=1)
        self.assertEqual([len(server.requests) for server in servers], [1, 1, 1])
        self.assertEqual((result["status"], result["response_code"]), ("failed", 404))

    def test_a_failure_of_the_machine_is_none_of_the_servers(self):
        (self.out / "file.part").mkdir(parents=True)
        second = self.serve(whole())
        self.fetch(self.serve(whole()).url, second.url, expect=5)
        self.assertEqual(second.requests, [])

    def test_a_server_that_wants_to_be_left_alone_is_and_its_jobs_go_on_elsewhere(self):
        first = self.serve(lambda _: head("503 Later", 0, "Retry-After: 3600"))
        jobs = [{"url": f"{first.url}/{i}", "mirrors": [self.url(f"/bytes/{i}")], "output": str(i)} for i in range(1, 4)]
        run = self.haul("--json", "-P", "out", "-i", "-", "--jobs-per-host", "1", "--retry-max-delay", "20",
                        "--breaker", "1", stdin=[json.dumps(job) for job in jobs])
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual(len(first.requests), 1)
        self.assert_files({str(i): pattern(i) for i in range(1, 4)})

    def test_a_mirror_has_the_limits_of_its_own_origin(self):
        origin = Origin()
        self.addCleanup(origin.close)
        jobs = [{"url": self.nobody(), "mirrors": [f"{origin.address}/delay/20/bytes/{i}"], "output": str(i)}
                for i in range(1, 9)]
        run = self.haul("--json", "-P", "out", "-i", "-", "--jobs-per-host", "2", stdin=[json.dumps(job) for job in jobs])
        self.assertEqual(run.code, 0, run.stderr)
        self.assertLessEqual(origin.stats()["most_in_flight"], 2)
        self.assertEqual(run.summary["by_origin"][origin.address]["ok"], 8)

    def test_secrets_go_to_the_origin_of_the_url_and_no_other(self):
        first, second = self.serve(status("404 Not Found"), whole()), self.serve(status("500 No"))
        same = first.url + "/there"
        self.fetch(first.url, second.url, same, headers={"X-Token": "own", "Accept": "text/plain"},
                   arguments=["-u", "me:secret", "-H", "X-Key: secret", "-b", "a=secret"])
        told, kept = first.requests[1], second.requests[0]
        self.assertEqual((told["x-token"], told["x-key"], told["cookie"]), ("own", "secret", "a=secret"))
        self.assertIn("authorization", told)
        self.assertEqual(kept["accept"], "text/plain")
        for name, value in kept.items():
            self.assertNotIn(name, ("authorization", "cookie", "x-token", "x-key"))
            self.assertNotIn("secret", value)

    def test_the_name_is_that_of_the_url(self):
        self.fetch(self.nobody(), self.url("/bytes/10"))
        self.assert_files({"file": pattern(10)})

    def test_a_table_has_them_as_json(self):
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry", "0",
                        stdin=["url,mirrors", f'{self.nobody()},"[""{self.url("/bytes/10")}""]"'])
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({"file": pattern(10)})

    def test_a_report_knows_them_for_another_run(self):
        second = self.serve(status("404 Not Found"), whole())
        lines = [json.dumps({"url": self.nobody(), "mirrors": [second.url]})]
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry", "0", stdin=lines)
        self.assertEqual(run.code, 1)
        (self.folder / "report").write_bytes(run.stdout)
        run = self.haul("--json", "-P", "out", "--retry-failed", "report", "--retry", "0")
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({"file": OLD})

    def test_those_that_cannot_be_asked_make_a_bad_line(self):
        for job, why in (({"mirrors": ["ftp://h/"]}, "mirror 1: scheme 'ftp'"),
                         ({"mirrors": ["http://h/", "http://me:secret@h/"]}, "mirror 2: a user has no place in it"),
                         ({"mirrors": ["http://h/"], "data": "x"}, "GET or HEAD"),
                         ({"mirrors": ["http://h/"], "method": "PUT"}, "GET or HEAD")):
            run = self.haul("--json", "-P", "out", "-i", "-", stdin=[json.dumps({"url": self.url("/bytes/1"), **job})])
            self.assertEqual(run.code, 1)
            self.assertEqual(run.results[1]["error"]["class"], "input")
            self.assertIn(why, run.results[1]["error"]["message"])
            self.assertNotIn(b"secret", run.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
