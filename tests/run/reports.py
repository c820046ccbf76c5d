"""Report files, read by what did not write them."""

import contextlib
import csv
import html.parser
import io
import json
import re
import resource
import signal
import socket
import subprocess
import threading
import unittest
import xml.etree.ElementTree

from harness import FRUGAL_SANITIZER, RunTest, peak_memory, wait_until

NAMED = [{"name": str, "value": str}]
ANY_NUMBER = (int, float)
# What HAR 1.2 demands of an entry.
HAR_ENTRY = {
    "startedDateTime": str, "time": ANY_NUMBER, "cache": {},
    "request": {"method": str, "url": str, "httpVersion": str, "cookies": NAMED, "headers": NAMED, "queryString": NAMED,
                "headersSize": int, "bodySize": int},
    "response": {"status": int, "statusText": str, "httpVersion": str, "cookies": NAMED, "headers": NAMED,
                 "content": {"size": int, "mimeType": str}, "redirectURL": str, "headersSize": int, "bodySize": int},
    "timings": dict.fromkeys(("blocked", "dns", "connect", "ssl", "send", "wait", "receive"), ANY_NUMBER),
}


def fits(value, form):
    """A form is a type, several types, a list of one form for all items, or the forms of the keys that must be there."""
    if isinstance(form, dict):
        return isinstance(value, dict) and all(key in value and fits(value[key], form[key]) for key in form)
    if isinstance(form, list):
        return isinstance(value, list) and all(fits(item, form[0]) for item in value)
    return isinstance(value, form)


KINDS = ["csv", "har", "html", "json", "prom", "tap", "xml"]  # those that are not appended to
ODD = '/status/404/<a>&"b",%23#c\\d'


class Page(html.parser.HTMLParser):
    """The elements of a page, its words, the statuses of its jobs in order, and what its terms stand for."""

    def __init__(self):
        super().__init__()
        self.jobs, self.names, self.words, self.terms, self.path, self.is_job = [], set(), "", {}, None, False

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.path = tag
        if tag == "table":
            self.is_job = dict(attrs).get("class") == "jobs"
        if tag == "tr" and self.is_job and "class" in dict(attrs):
            self.jobs.append(dict(attrs)["class"])

    def handle_data(self, data):
        self.words += data
        if self.path == "dt":
            self.term = data
        elif self.path == "dd":
            self.terms.setdefault(self.term, data)
        self.path = None


def answer_with(server, words):
    """Every connection: a failure with these words in its reason phrase and its headers."""
    with contextlib.suppress(OSError):
        while True:
            client, _ = server.accept()
            with client:
                client.recv(1 << 17)
                client.sendall(b"HTTP/1.1 404 " + words + b"\r\nContent-Type: " + words + b"\r\nETag: " + words +
                               b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Reports(RunTest):
    def run_with(self, *reports, urls=None):
        urls = urls or [self.url("/bytes/1000"), self.url("/bytes/2000"), self.url(ODD), "gopher://a,b\"c/"]
        arguments = [argument for report in reports for argument in ("--report", report)]
        return self.haul("--json", "-P", "out", *arguments, "-i", "-", stdin=urls)

    def text(self, name):
        return (self.folder / name).read_bytes().decode()

    def test_csv_has_a_row_for_each_record(self):
        run = self.run_with("a.csv")
        with open(self.folder / "a.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, strict=True))
        self.assertEqual(len(rows), 4)
        for row in rows:
            record = run.results[int(row["index"])]
            self.assertEqual((row["status"], row["url"], row["response_code"], row["error"]),
                             (record["status"], record["url"], str(record["response_code"]), record["errormsg"] or ""))
            self.assertAlmostEqual(float(row["time_total"]), record["time_total"], places=5)
            self.assertEqual(row["file"], record["file"]["path"] if record["status"] == "ok" else "")

    def test_har_has_an_entry_for_each_job_and_each_redirect(self):
        run = self.run_with("a.har", urls=[self.url("/bytes/1000?a=1&b=%20"), self.url("/redirect/2"), self.url(ODD),
                                           "gopher://a,b\"c/", "http://user:secret@127.0.0.1:1/"])
        log = json.loads(self.text("a.har"))["log"]
        self.assertEqual((log["version"], log["creator"]["name"]), ("1.2", "haul"))
        self.assertEqual(len(log["entries"]), 5 + 2)
        self.assertNotIn("secret", self.text("a.har"))
        for entry in log["entries"]:
            self.assertTrue(fits(entry, HAR_ENTRY), entry)
            self.assertRegex(entry["startedDateTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")
            self.assertTrue(all(entry["timings"][phase] >= 0 for phase in ("send", "wait", "receive")))
            phases = [entry["timings"][name] for name in ("blocked", "dns", "connect", "send", "wait", "receive")]
            self.assertAlmostEqual(entry["time"], sum(phases), places=2)
        by_url = {entry["request"]["url"]: entry for entry in log["entries"]}
        asked = by_url[self.url("/bytes/1000?a=1&b=%20")]
        self.assertEqual(asked["request"]["queryString"], [{"name": "a", "value": "1"}, {"name": "b", "value": "%20"}])
        self.assertEqual((asked["response"]["status"], asked["response"]["content"]["size"]), (200, 1000))
        self.assertAlmostEqual(asked["time"], 1000 * run.results[1]["time_total"], delta=0.01)
        self.assertEqual(by_url[self.url("/redirect/2")]["response"]["redirectURL"], self.url("/redirect/1"))

    def test_the_document_is_the_lines(self):
        run = self.run_with("a.json")
        document = json.loads(self.text("a.json"))
        self.assertEqual(document["results"], run.lines[1:-1])
        self.assertEqual(document["summary"], run.summary)
        self.assertEqual(document["run"], run.lines[0])

    def test_junit_counts_and_names_what_failed(self):
        run = self.run_with("a.xml")
        suites = xml.etree.ElementTree.fromstring(self.text("a.xml"))
        suite, = suites
        for element in (suites, suite):
            self.assertEqual([element.get(key) for key in ("tests", "failures", "errors", "skipped")],
                             ["4", "2", "0", "0"])
        self.assertEqual(len(suite), 4)
        failures = {case.get("name"): case.find("failure").get("type") for case in suite if len(case)}
        self.assertEqual(failures, {record["url"]: record["error"]["class"] for record in run.results.values()
                                    if record["status"] == "failed"})

    def test_the_page_holds_every_job_and_nothing_that_a_url_brought_along(self):
        run = self.run_with("a.html")
        page = Page()
        page.feed(self.text("a.html"))
        self.assertEqual(page.jobs, ["failed", "failed", "ok", "ok"])
        self.assertEqual(page.names & {"b\"", "img", "link", "iframe"}, set())
        self.assertEqual(page.terms["jobs"], "4")
        self.assertEqual(page.terms["failed"], str(run.summary["failed"]))
        for record in run.results.values():
            self.assertIn(record["url"], page.words)
            self.assertIn(record["errormsg"] or "", page.words)
        self.assertAlmostEqual(float(page.terms["median"]) / 1000, run.summary["latency"]["p50"], 5)

    def test_tap_is_as_its_grammar_says(self):
        run = self.run_with("a.tap")
        version, *lines, plan = self.text("a.tap").splitlines()
        self.assertEqual((version, plan), ("TAP version 14", "1..4"))
        points = [line for line in lines if not line.startswith("  ")]
        for number, point in enumerate(points, 1):
            self.assertRegex(point, rf"^(not )?ok {number} - ([^#\\]|\\[#\\])*$")
        self.assertEqual(len([point for point in points if point.startswith("not ok")]), run.summary["failed"])
        diagnoses = re.findall(r"^  ---\n  message: (.*)\n(?:  \w+: \w+\n)*  \.\.\.$", self.text("a.tap"), re.M)
        self.assertEqual(sorted(map(json.loads, diagnoses)),
                         sorted(record["errormsg"] for record in run.results.values() if record["errormsg"]))

    def test_openmetrics_has_the_totals(self):
        run = self.run_with("a.prom")
        *lines, end = self.text("a.prom").split("\n")[:-1]
        self.assertEqual(end, "# EOF")
        samples, family = {}, None
        for line in lines:
            if line.startswith("# TYPE "):
                family = line.split()[2]
            if line.startswith("#"):
                self.assertRegex(line, r"^# (TYPE|UNIT|HELP) \w+ .+$")
                continue
            match = re.fullmatch(r'([a-z_]+)(\{[a-z]+="[^"\\]*"\})? (\d+(\.\d+)?)', line)
            self.assertIsNotNone(match, line)
            self.assertTrue(match[1].startswith(family), line)
            self.assertNotIn(match[1] + (match[2] or ""), samples)
            samples[match[1] + (match[2] or "")] = float(match[3])
        self.assertEqual(samples['haul_jobs{status="ok"}'], run.summary["ok"])
        self.assertEqual(samples['haul_failures{class="http"}'], run.summary["by_error"]["http"])
        self.assertEqual(samples["haul_downloaded_bytes"], run.summary["bytes"])
        self.assertAlmostEqual(samples['haul_latency_seconds{quantile="0.9"}'], run.summary["latency"]["p90"], 5)

    def test_percentiles_are_those_of_the_records(self):
        run = self.run_with("a.prom", urls=[self.url(f"/bytes/{i * 100}") for i in range(200)])
        times = sorted(record["time_total"] for record in run.results.values())
        for quantile, rank in (("0.5", 100), ("0.9", 180), ("0.99", 198)):
            told = float(re.search(rf'quantile="{quantile}"\}} (\S+)', self.text("a.prom"))[1])
            self.assertAlmostEqual(told, times[rank - 1], delta=0.02 * times[rank - 1] + 2e-6)

    def test_what_a_hostile_server_and_list_say_stays_words(self):
        words = "=cmd|' /C calc'!A0<script>alert(1)</script>]]>\"},{\"type\":\"run\"}\x1b[31m# TODO \u202e\u2028".encode() + b"\xff"
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=answer_with, args=(server, words), daemon=True).start()
            address = f"http://127.0.0.1:{server.getsockname()[1]}/"
            jobs = [{"url": address + "<script>]]>\"'#,=", "tag": words.decode(errors="replace"), "output": "=1+1,\n<b>"},
                    {"url": address + "x" * 60_000, "tag": "\t=1"}, {"url": "", "tag": "\u0000\r\nok 9 - more"}]
            (self.folder / "-=list\nok 7 - <script>").write_text("".join(json.dumps(job) + "\n" for job in jobs))
            run = self.haul("--json", "--check", "--retry", "0", "-i", "./-=list\nok 7 - <script>",
                            *self.names(), "--report", "a.jsonl")
        self.assertEqual(sorted(record["status"] for record in run.results.values()), ["failed"] * 3, run.stderr)
        self.assertEqual(json.loads(self.text("a.json"))["results"], run.lines[1:-1])
        self.assertEqual([json.loads(line)["type"] for line in self.text("a.jsonl").splitlines()],
                         ["run", "result", "result", "result", "summary"])
        self.assertEqual(len(json.loads(self.text("a.har"))["log"]["entries"]), 3)
        rows = list(csv.reader(io.StringIO(self.text("a.csv"), newline=""), strict=True))
        self.assertEqual([len(row) for row in rows], [len(rows[0])] * 4)
        self.assertFalse([cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r\n")])
        self.assertEqual(len(xml.etree.ElementTree.fromstring(self.text("a.xml"))[0]), 3)
        self.assertEqual(re.findall(r"^(?:not )?ok \d|^\d+\.\.\d+", self.text("a.tap"), re.M),
                         ["not ok 1", "not ok 2", "not ok 3", "1..3"])
        page = Page()
        page.feed(self.text("a.html"))
        self.assertEqual(len(page.jobs), 3)
        self.assertEqual(self.text("a.html").count("<script"), 1)
        for kind in "html", "tap":
            self.assertNotRegex(self.text("a." + kind), "[\x1b\u202e\u2028]")

    def test_several_formats_can_be_named_and_nothing_is_left_beside_them(self):
        run = self.run_with("csv:one", "junit:two", "a.tap")
        self.assertEqual(run.code, 1)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["a.tap", "one", "out", "two"])

    def names(self, where=""):
        return [argument for kind in KINDS for argument in ("--report", where + "a." + kind)]

    def test_a_run_that_is_killed_leaves_what_was_there(self):
        for kind in KINDS[:4]:
            (self.folder / ("a." + kind)).write_text("before\n")
        process = self.start("--check", "-q", *self.names(), "--report", "live.jsonl", "-i", "-", stdin=subprocess.PIPE)
        process.stdin.write("".join(self.url(f"/bytes/{i}\n") for i in range(200)).encode())
        process.stdin.flush()
        wait_until(lambda: self.lines_of("live.jsonl") == 200 + 1)
        process.kill()
        process.wait()
        self.assertEqual([self.text("a." + kind) for kind in KINDS[:4]], ["before\n"] * 4)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir() if not path.name.endswith(".part")),
                         sorted(["live.jsonl", *("a." + kind for kind in KINDS[:4])]))
        self.assertEqual(len([path for path in self.folder.iterdir() if path.name.endswith(".part")]), len(KINDS))

    def lines_of(self, name):
        path = self.folder / name
        return path.exists() and path.read_bytes().count(b"\n")

    def test_a_run_that_is_interrupted_has_whole_reports(self):
        process = self.start("--check", "-q", *self.names(), "--report", "live.jsonl", "-i", "-", stdin=subprocess.PIPE)
        process.stdin.write("".join(self.url(f"/bytes/{i}\n") for i in range(20)).encode() +
                            self.url("/silent\n").encode())
        process.stdin.flush()
        wait_until(lambda: self.lines_of("live.jsonl") == 20 + 1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process).code, 130)
        self.assertEqual(len(json.loads(self.text("a.json"))["results"]), 21)
        self.assertTrue(self.text("a.tap").endswith("\n1..21\n"))
        self.assertIn("<td>cancelled", self.text("a.html"))
        self.assertEqual(list(self.folder.glob("*.part*")), [])

    def test_of_a_run_twice_as_long_they_take_no_more_memory(self):
        few, many = (self.memory_of(count) for count in (4000, 8000))
        written = [sum((self.folder / str(count) / f"a.{kind}").stat().st_size for kind in KINDS) // 1024
                   for count in (4000, 8000)]
        self.assertLess(many - few, (written[1] - written[0]) // 4)

    def memory_of(self, count):
        """At the end of a run that writes all reports, in KiB."""
        folder = self.folder / str(count)
        folder.mkdir()
        process = self.start("--check", "-q", *self.names(), "--report", "live.jsonl", "-i", "-", cwd=folder,
                             stdin=subprocess.PIPE, env=FRUGAL_SANITIZER)
        process.stdin.write("".join(self.url(f"/status/{404 if i % 20 == 0 else 200}?{i}\n")
                                    for i in range(count)).encode())
        process.stdin.flush()
        wait_until(lambda: (folder / "live.jsonl").exists() and
                   (folder / "live.jsonl").read_bytes().count(b"\n") == count + 1, limit=60)
        memory = peak_memory(process)
        self.assertEqual(self.finish(process).code, 1)
        return memory

    def test_reports_that_do_not_fit_leave_nothing_and_the_others_are_there(self):
        (self.folder / "a.html").write_text("before\n")
        run = self.haul("--check", *self.names(), "-i", "-", stdin=[self.url("/bytes/1")] * 300,
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000)))
        self.assertEqual(run.code, 5)
        self.assertEqual(sorted(re.findall(r"^haul: cannot write the report '(.*)': File too large$", run.stderr, re.M)),
                         ["a.csv", "a.har", "a.html", "a.json", "a.tap", "a.xml"])
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["a.html", "a.prom"])
        self.assertEqual(self.text("a.html"), "before\n")

    def test_a_place_that_is_not_there_is_told_before_anything_is_fetched(self):
        for kind in [*KINDS, "jsonl"]:
            run = self.haul("--check", "--report", "no/a." + kind, self.url("/bytes/1"))
            self.assertEqual((run.code, run.stderr),
                             (5, f"haul: cannot write the report 'no/a.{kind}': No such file or directory\n"))

    def test_what_cannot_be_written_is_told_and_replaces_nothing(self):
        (self.folder / "a.csv").mkdir()
        for name, problem in (("a.csv", "it is there and is no file"), ("no/a.csv", "No such file or directory"),
                              ("csv:/dev/null", "it is there and is no file")):
            run = self.run_with("b.tap", name)
            self.assertEqual((run.code, run.stderr), (5, f"haul: cannot write the report '{name.split(':')[-1]}': "
                                                         f"{problem}\n"))
            self.assertFalse((self.folder / "b.tap").exists())
        run = self.run_with("a.doc")
        self.assertEqual(run.code, 2)
        self.assertIn("invalid argument 'a.doc' for '--report': it must end in .csv", run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
