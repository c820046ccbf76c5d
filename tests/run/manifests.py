"""What a line of a list may ask for, and what it may not."""

import json
import unittest

from harness import RunTest
from service import Service


class Manifests(RunTest):
    def setUp(self):
        super().setUp()
        self.service = Service({"/a": b"ok", "/b": b"ok", "/there": b"ok"})
        self.addCleanup(self.service.close)

    def ask(self, *lines, code=0, arguments=("--check",)):
        lines = [{**line, "url": self.service.address + line["url"]} for line in lines]
        run = self.haul("--json", "--retry", "0", "-j", "1", *arguments, "-i", "-", stdin=list(map(json.dumps, lines)))
        self.assertEqual(run.code, code, run.stderr)
        self.assert_one_record_each(run, len(lines))
        return run

    def test_each_job_asks_in_its_own_way(self):
        run = self.ask({"url": "/a", "data": {"x": [1, "\u00fc"]}}, {"url": "/a", "method": "HEAD"},
                       {"url": "/a", "data": "a=b\n@c", "method": "PUT"}, {"url": "/a"},
                       {"url": "/a", "data": "", "headers": {"Content-Type": "x/y"}}, {"url": "/a", "method": "DELETE"},
                       {"url": "/a", "headers": {"A": ["1", "2"], "B": "", "User-Agent": "me"}}, {"url": "/a"})
        asked = [(request.method, request.body, request.headers.get("Content-Type"))
                 for request in self.service.requests]
        self.assertEqual(asked, [("POST", '{"x":[1,"\u00fc"]}'.encode(), "application/json"), ("HEAD", b"", None),
                                 ("PUT", b"a=b\n@c", "application/x-www-form-urlencoded"), ("GET", b"", None),
                                 ("POST", b"", "x/y"), ("DELETE", b"", None), ("GET", b"", None), ("GET", b"", None)])
        headers = self.service.requests[6].headers
        self.assertEqual((headers.get_all("A"), headers.get_all("B"), headers.get_all("User-Agent")),
                         (["1", "2"], [""], ["me"]))
        self.assertNotIn("A", self.service.requests[7].headers)
        self.assertEqual([result["method"] for _, result in sorted(run.results.items())],
                         [request.method for request in self.service.requests])
        self.assertEqual(run.results[7]["request"],
                         {"method": None, "headers": ["A", "A", "B", "User-Agent"], "data": False,
                          "accept": None, "checks": None})
        self.assertIsNone(run.results[8]["request"])

    def test_the_job_goes_before_the_run(self):
        self.ask({"url": "/a"}, {"url": "/a", "headers": {"X-A": "job", "Content-Type": "b/c"}},
                 {"url": "/a", "method": "PUT"}, {"url": "/a", "data": [1]},
                 arguments=["--check", "-d", "run", "-H", "X-a: run", "-H", "X-B: run", "-H", "Content-Type: a/a"])
        asked = [(request.method, request.body, request.headers.get_all("X-A"), request.headers.get_all("X-B"),
                  request.headers.get_all("Content-Type")) for request in self.service.requests]
        self.assertEqual(asked, [("POST", b"run", ["run"], ["run"], ["a/a"]), ("POST", b"run", ["job"], ["run"], ["b/c"]),
                                 ("PUT", b"", ["run"], ["run"], ["a/a"]), ("POST", b"[1]", ["run"], ["run"], ["a/a"])])

    def test_jobs_that_wait_go_by_their_priority(self):
        wanted = [0, 9, -9, 3, 0, 3, -9]
        lines = [json.dumps({"url": f"{self.service.address}/{priority}/{i}", "priority": priority})
                 for i, priority in enumerate(wanted * 30)]
        first = json.dumps({"url": self.origin.address + "/delay/500/bytes/1"})
        run = self.haul("--json", "--check", "-j", "1", "-i", "-", stdin=[first, *lines])
        self.assertEqual(run.summary["total"], 211)
        asked = [int(request.path.split("/")[1]) for request in self.service.requests]
        self.assertEqual(asked, sorted(asked, reverse=True))
        self.assertEqual(len(asked), 210)
        order = [int(request.path.split("/")[2]) for request in self.service.requests if "/9/" in request.path]
        self.assertEqual(order, sorted(order))

    def test_secrets_of_a_job_stay_with_its_origin(self):
        other = Service({"/there": b"ok"})
        self.addCleanup(other.close)
        self.service.answers.update({"/away": (307, {"Location": other.address + "/there"}, b""),
                                     "/here": (307, {"Location": "/there"}, b"")})
        headers = {"Authorization": "Bearer x", "X-Key": "y", "Accept": "z/z"}
        run = self.ask({"url": "/away", "headers": headers}, {"url": "/here", "headers": headers},
                       {"url": "/away", "data": "d"})
        kept = [[request.headers.get(name) for name in headers] for request in other.requests + self.service.requests]
        self.assertEqual(kept[0], [None, None, "z/z"])
        self.assertEqual(kept[2], ["Bearer x", "y", "z/z"])
        self.assertEqual(self.service.requests[2].path, "/there")
        self.assertEqual(kept[4], ["Bearer x", "y", "z/z"])
        self.assertNotIn("Bearer x", run.stdout.decode())

    def test_what_a_list_may_not_say_is_never_sent(self):
        bad = [{"headers": {"Connection": "close"}}, {"headers": {"A": "b\r\nEvil: yes"}}, {"method": "GET / HTTP/1.1\r\n"},
               {"headers": {"Transfer-Encoding": "chunked"}, "data": "0"}, {"method": "CONNECT"}, {"output": "/etc/x"},
               {"proxy": "http://evil/"}, {"method": "HEAD", "data": "x"}, {"insecure": True}, {"data": 1}]
        run = self.ask(*({"url": "/a", **line} for line in bad), code=1, arguments=["-P", "out"])
        self.assertEqual({result["error"]["class"] for result in run.results.values()}, {"input"})
        self.assertEqual(self.service.requests, [])
        run = self.ask({"url": "/a", "method": "HEAD"}, code=1, arguments=["-P", "out"])
        self.assertIn("--check", run.results[1]["error"]["message"])

    def test_a_record_asks_the_same_again_or_nothing(self):
        run = self.ask({"url": "/a", "method": "DELETE"}, {"url": "/b", "data": "secret"}, {"url": "/b"},
                       {"url": "/b", "headers": {"A": "secret"}})
        self.assertNotIn(b"secret", run.stdout)
        (self.folder / "report").write_bytes(run.stdout)
        self.service.requests.clear()
        again = self.haul("--json", "--check", "-j", "1", "-i", "report")
        self.assertEqual([(request.method, request.path) for request in self.service.requests],
                         [("DELETE", "/a"), ("GET", "/b")])
        self.assertEqual((again.code, again.summary["ok"], again.summary["by_error"]), (1, 2, {"input": 2}))


if __name__ == "__main__":
    unittest.main(verbosity=2)
