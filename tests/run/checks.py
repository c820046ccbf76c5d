"""What a job may demand of its answer, and what becomes of one that does not keep it."""

import hashlib
import json
import ssl
import time
import unittest

from harness import RunTest, make_certificate
from service import Service

HEALTH = {"status": "up", "load": 0.5, "parts": ["db", "cache"]}


class Checks(RunTest):
    def setUp(self):
        super().setUp()
        self.service = Service({
            "/health": HEALTH, "/text": "all is well\n", "/large": b"x" * 100000, "/empty": b"",
            "/gone": (410, {}, "gone for good"), "/busy": (503, {}, "later"), "/moved": (302, {"Location": "/text"}, ""),
            "/unchanged": (304, {}, ""), "/cookie": (200, {"Set-Cookie": "id=topsecret; Secure"}, "")})
        self.addCleanup(self.service.close)

    def ask(self, *lines, code=0, arguments=("--check",)):
        lines = [{**line, "url": self.service.address + line["url"]} for line in lines]
        run = self.haul("--json", "--retry", "1", "--retry-delay", "1ms", *arguments, "-i", "-",
                        stdin=list(map(json.dumps, lines)))
        self.assertEqual(run.code, code, run.stderr)
        self.assert_one_record_each(run, len(lines))
        return run

    GOOD = [{"check": "status", "in": "200..299"}, {"check": "header Content-Type", "contains": "json"},
            {"check": "json /status", "equals": "up"}, {"check": "json /load", "max": 0.9, "min": 0},
            {"check": "json /parts", "contains": "db"}, {"check": "body", "contains": "error", "not": True},
            {"check": "body", "matches": "^\\{.*\\}$"}, {"check": "size", "min": 10}, {"check": "time", "max": 30},
            {"check": "version", "equals": "1.1"}, {"check": "url", "matches": "/health$"}]

    def test_what_holds_is_told_and_saved(self):
        digest = hashlib.sha256(json.dumps(HEALTH).encode()).hexdigest()
        checks = self.GOOD + [{"check": "digest", "equals": "sha256=" + digest, "name": "as released"}]
        for arguments in (["--check"], ["-P", "out"]):
            run = self.ask({"url": "/health", "checks": checks}, arguments=arguments)
            self.assertEqual([check["ok"] for check in run.results[1]["checks"]], [True] * 13)
            self.assertEqual([check["found"] for check in run.results[1]["checks"]][:4],
                             ["200", "application/json", '"up"', "0.5"])
            self.assertEqual(run.results[1]["checks"][-1],
                             {"name": "as released", "expected": f'equals "sha256={digest}"', "found": digest, "ok": True})
        self.assert_files({"health": json.dumps(HEALTH).encode()})

    def test_what_does_not_hold_is_told_and_not_saved(self):
        bad = [({"check": "json /status", "equals": "down"}, 'json /status equals "down", found "up"'),
               ({"check": "header x-none", "exists": True, "name": "marked"}, "marked: exists true, found nothing"),
               ({"check": "status", "in": "204"}, 'status in "204", found 200'),
               ({"check": "tls-days", "min": 1}, "tls-days min 1, found no certificate"),
               ({"check": "digest", "equals": "md5=" + "0" * 32}, "found")]
        for arguments in (["--check"], ["-P", "out"]):
            run = self.ask(*({"url": "/health", "checks": [check]} for check, _ in bad), code=4, arguments=arguments)
            for index, (_, message) in enumerate(bad, 1):
                result = run.results[index]
                self.assertEqual((result["status"], result["error"]["class"], result["num_retries"]),
                                 ("failed", "check", 0))
                self.assertIn(message, result["error"]["message"])
                self.assertEqual([check["ok"] for check in result["checks"]], [False])
        self.assert_files({})

    def test_every_check_is_told_and_the_others_are_counted(self):
        run = self.ask({"url": "/text", "checks": [{"check": "body", "contains": "well"}, {"check": "size", "max": 3},
                                                   {"check": "body", "contains": "ill"}, {"check": "json", "exists": True}]},
                       code=4)
        self.assertEqual([check["ok"] for check in run.results[1]["checks"]], [True, False, False, False])
        self.assertEqual(run.results[1]["error"]["message"], "size max 3, found 12; 2 more failed")

    def test_a_status_that_a_check_judges_is_no_failure_before(self):
        run = self.ask({"url": "/gone", "checks": [{"check": "status", "equals": 410}, {"check": "body", "contains": "good"}]},
                       {"url": "/unchanged", "checks": [{"check": "status", "in": "304"}]})
        self.assertEqual([check["ok"] for check in run.results[1]["checks"]], [True, True])
        run = self.ask({"url": "/busy", "checks": [{"check": "status", "equals": 200}]}, code=4)
        self.assertEqual(run.results[1]["num_retries"], 0)
        run = self.ask({"url": "/busy", "checks": [{"check": "body", "contains": "x"}]}, code=1)
        self.assertEqual((run.results[1]["error"]["class"], run.results[1]["num_retries"]), ("http", 1))
        self.assertEqual(run.results[1]["checks"], [{"name": 'body contains "x"', "expected": 'contains "x"',
                                                     "found": None, "ok": None}])

    def test_checks_see_where_redirects_led(self):
        run = self.ask({"url": "/moved", "checks": [{"check": "url", "equals": self.service.address + "/text"},
                                                    {"check": "body", "contains": "well"}]})
        self.assertEqual(run.results[1]["num_redirects"], 1)
        self.ask({"url": "/moved", "checks": [{"check": "status", "equals": 302},
                                              {"check": "header location", "equals": "/text"}]},
                 arguments=["--check", "--no-location"])

    def test_a_body_is_kept_for_checks_up_to_a_limit(self):
        line = {"url": "/large", "checks": [{"check": "body", "contains": "y", "not": True}]}
        self.ask(line)
        run = self.ask(line, code=4, arguments=["-P", "out", "--check-body-max", "99999"])
        self.assertEqual(run.results[1]["checks"][0]["found"], "a body of more than 99999 bytes")
        self.ask(line, arguments=["-P", "out", "--check-body-max", "100000"])
        self.ask({"url": "/large", "checks": [{"check": "size", "min": 100000}]},
                 arguments=["--check", "--check-body-max", "0"])

    def test_heads_and_empty_bodies_can_be_checked(self):
        self.ask({"url": "/health", "method": "HEAD", "checks": [{"check": "header content-type", "exists": True},
                                                                 {"check": "size", "max": 0}]},
                 {"url": "/empty", "checks": [{"check": "body", "equals": ""}, {"check": "size", "equals": 0}]})

    def test_secrets_are_not_told(self):
        run = self.ask({"url": "/cookie", "checks": [{"check": "header set-cookie", "matches": "^nothing$"}]}, code=4,
                       arguments=["--check", "--report", "a.xml", "--report", "a.tap"])
        told = run.stdout.decode() + run.stderr + (self.folder / "a.xml").read_text() + (self.folder / "a.tap").read_text()
        self.assertNotIn("topsecret", told)
        self.assertEqual(run.results[1]["checks"][0]["found"], "***")

    def test_the_certificate_may_be_asked_for_its_days(self):
        certificate = self.folder / "certificate"
        make_certificate(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = Service({"/": b"ok"}, context=context)
        self.addCleanup(server.close)
        lines = [json.dumps({"url": server.address, "checks": [{"check": "tls-days", "min": days}]}) for days in (0, 14)]
        run = self.haul("--json", "--check", "--cacert", certificate, "-i", "-", stdin=lines)
        self.assertEqual(run.code, 4, run.stderr)
        self.assertEqual([run.results[index]["checks"][0]["ok"] for index in (1, 2)], [True, False])
        self.assertIn(run.results[2]["checks"][0]["found"], ("0", "1"))

    def test_a_check_that_cannot_be_read_is_a_bad_line(self):
        run = self.ask({"url": "/text", "checks": [{"check": "body", "matches": "("}]}, {"url": "/text", "accept": "20"},
                       {"url": "/text", "checks": {"check": "body"}}, {"url": "/text"}, code=1)
        self.assertEqual([run.results[index]["status"] for index in (1, 2, 3, 4)], ["failed"] * 3 + ["ok"])
        self.assertEqual(len(self.service.requests), 1)

    def test_a_record_demands_the_same_again(self):
        run = self.ask({"url": "/health", "checks": self.GOOD}, {"url": "/gone", "accept": "410"},
                       {"url": "/text", "checks": [{"check": "body", "contains": "ill"}]}, code=4)
        (self.folder / "report").write_bytes(run.stdout)
        again = self.haul("--json", "--check", "-i", "report")
        self.assertEqual(again.code, 4)
        for index, result in {result["index"]: result for result in again.results.values()}.items():
            before = next(line for line in run.results.values() if line["id"] == result["id"])
            self.assertEqual((result["request"], result["status"]), (before["request"], before["status"]))
        rest = self.haul("--json", "--check", "--retry-failed", "report")
        self.assertEqual((rest.code, rest.summary["total"]), (4, 1))

    def test_statuses_are_accepted_by_the_run_or_by_the_job(self):
        run = self.ask({"url": "/gone"}, {"url": "/text"}, {"url": "/health", "accept": "404"}, {"url": "/unchanged"},
                       {"url": "/busy", "accept": "5xx"}, {"url": "/moved"}, code=1,
                       arguments=["-P", "out", "--accept", "200..299,304,410", "-j", "1"])
        self.assertEqual([run.results[index]["status"] for index in range(1, 7)],
                         ["ok", "ok", "failed", "ok", "ok", "ok"])
        self.assertEqual(run.results[3]["error"], {"class": "http", "code": 200, "transient": False,
                                                   "message": "200 OK, which is not accepted"})
        self.assert_files({"gone": b"gone for good", "text": b"all is well\n", "unchanged": b"", "busy": b"later",
                           "moved": b"all is well\n"})
        run = self.ask({"url": "/text"}, code=1, arguments=["--check", "--accept", "404"])
        self.assertEqual(self.haul("--accept", "2", self.service.address).code, 2)

    def poll(self, *lines, code=0, until="20s"):
        return self.ask(*lines, code=code, arguments=["--check", "--until", until, "--retry-delay", "20ms"])

    def coming_up(self, request):
        state = next(self.states)
        return (200, {}, {"status": "up"}) if state is None else state

    def test_a_service_that_comes_up_is_waited_for(self):
        self.states = iter([(500, {}, ""), (404, {}, ""), (200, {}, "not yet"), (200, {}, {"status": "down"}), None])
        self.service.answers["/service"] = self.coming_up
        run = self.poll({"url": "/service", "method": "POST", "checks": [{"check": "json /status", "equals": "up"}]})
        attempts = run.results[1]["attempts"]
        self.assertEqual([(attempt["error"] or {}).get("class") for attempt in attempts],
                         ["http", "http", "check", "check", None])
        self.assertEqual([attempt["wait_reason"] for attempt in attempts], ["until"] * 4 + [None])
        self.assertEqual([check["ok"] for check in run.results[1]["checks"]], [True])

    def test_a_service_that_nobody_runs_yet_is_waited_for(self):
        port = self.service.server_address[1]
        self.service.close()
        process = self.start("--json", "--check", "--until", "20s", "--retry-delay", "50ms", self.service.address + "/text")
        time.sleep(1.5)
        self.service = Service({"/text": b"ok"}, port=port)
        run = self.finish(process)
        self.assertEqual(run.code, 0)
        self.assertGreater(run.results[1]["num_retries"], 0)

    def test_a_service_that_never_comes_up_fails_in_time_and_is_told_in_short(self):
        run = self.poll({"url": "/text", "checks": [{"check": "body", "contains": "ill"}]},
                        {"url": "/gone"}, {"url": "/text"}, code=1, until="5s")
        self.assertLess(run.seconds, 8)
        for index in (1, 2):
            result = run.results[index]
            self.assertGreater(result["num_retries"], 20)
            self.assertLessEqual(len(result["attempts"]), 200)
            self.assertEqual((result["attempts"][0]["n"], result["attempts"][-1]["n"]), (1, result["num_retries"] + 1))
        self.assertEqual(run.results[3]["num_retries"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
