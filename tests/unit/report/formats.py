"""formats.py FILES RESULT_SCHEMA HAR_SCHEMA JUNIT_SCHEMA - each format, read by a program that knows nothing of haul.

The results are random, and their words are what strangers would write to break out of the format they end up in.
HAUL_FORMATS=SEED chooses them.
"""

import csv
import html.parser
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

from jsonschema import Draft202012Validator
from prometheus_client.openmetrics.parser import text_string_to_metric_families

FILES, RESULT_SCHEMA, HAR_SCHEMA, JUNIT_SCHEMA = sys.argv[1:5]
SEED = int(os.environ.get("HAUL_FORMATS") or random.randrange(10**9))
COUNT = 250
KINDS = ("csv", "har", "html", "json", "jsonl", "prom", "tap", "xml")
FORMULA = re.compile("[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]")
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


class Elements(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.names, self.attributes, self.rows = {}, set(), 0
        self.in_jobs = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names[tag] = self.names.get(tag, 0) + 1
        self.attributes |= {name for name, _ in attrs}
        if tag == "table":
            self.in_jobs = dict(attrs).get("class") == "jobs"
        self.rows += tag == "tr" and self.in_jobs and "class" in dict(attrs)

    def handle_comment(self, data):
        self.names["!--"] = 1


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.paths = {kind: pathlib.Path(folder.name, "report." + kind) for kind in KINDS}
        subprocess.run([FILES, "random", str(SEED), str(COUNT), *cls.paths.values()], check=True)
        cls.lines = [json.loads(line) for line in cls.paths["jsonl"].read_bytes().decode().split("\n")[:-1]]
        cls.records = cls.lines[1:-1]
        cls.summary = cls.lines[-1]

    def text(self, kind):
        return self.paths[kind].read_bytes().decode()

    def check_schema(self, path, document):
        validator = Draft202012Validator(json.loads(pathlib.Path(path).read_text()),
                                         format_checker=Draft202012Validator.FORMAT_CHECKER)
        for error in validator.iter_errors(document):
            self.fail(f"{error.json_path}: {error.message[:500]}")

    def test_json_lines_hold_a_record_each(self):
        self.assertEqual([line["type"] for line in self.lines], ["run"] + ["result"] * COUNT + ["summary"])
        for line in self.lines:
            self.check_schema(RESULT_SCHEMA, line)

    def test_the_json_document_holds_the_lines(self):
        document = json.loads(self.text("json"))
        self.assertEqual([document["run"]["type"], *document["results"], document["summary"]],
                         ["run", *self.records, self.summary])

    def test_har_is_as_its_specification_says(self):
        log = json.loads(self.text("har"))
        self.check_schema(HAR_SCHEMA, log)
        self.assertEqual(len(log["log"]["entries"]), sum(1 + len(record["redirects"]) for record in self.records))

    def test_csv_has_a_row_for_each_record_and_no_formulas(self):
        rows = list(csv.reader(io.StringIO(self.text("csv"), newline=""), strict=True))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        self.assertEqual(len(rows), COUNT + 1)
        for row, record in zip(rows[1:], self.records):
            cells = dict(zip(rows[0], row))
            self.assertEqual(cells["status"], record["status"])
            for cell in row:
                self.assertFalse(FORMULA.match(cell) and not cell.startswith("-:"), cell[:80])
            if record["tag"] and FORMULA.match(record["tag"]):
                self.assertEqual(cells["tag"][:2], "'" + record["tag"][0])

    def test_a_database_reads_the_same_rows(self):
        run = subprocess.run(["sqlite3", ":memory:", ".mode csv", f'.import "{self.paths["csv"]}" report',
                              "SELECT status, COUNT(*), SUM(response_code) FROM report GROUP BY status ORDER BY status"],
                             capture_output=True, text=True, check=True)
        wanted = [f"{status},{sum(record['status'] == status for record in self.records)},"
                  f"{sum(record['response_code'] for record in self.records if record['status'] == status)}"
                  for status in sorted({record["status"] for record in self.records})]
        self.assertEqual((run.stdout.split(), run.stderr), (wanted, ""))

    def test_junit_is_valid(self):
        run = subprocess.run(["xmllint", "--noout", "--huge", "--schema", JUNIT_SCHEMA, self.paths["xml"]],
                             capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr[:2000])
        count = subprocess.run(["xmllint", "--huge", "--xpath", "concat(count(//testcase), ' ', count(//failure), ' ', "
                                "count(//*[name() = 'script']))", self.paths["xml"]], capture_output=True, text=True)
        self.assertEqual(count.stdout.split(), [str(COUNT), str(self.summary["failed"]), "0"])

    def test_a_harness_counts_the_points_of_tap(self):
        lines = self.text("tap").split("\n")
        self.assertEqual(lines[0], "TAP version 14")
        lines[0] = "TAP version 13"  # the highest that Perl 5.36 knows
        run = subprocess.run(["perl", "-MTAP::Parser", "-e", """
            binmode STDOUT, ':raw';
            my $parser = TAP::Parser->new({tap => join '', <STDIN>});
            while (my $result = $parser->next) {
                print $result->type, "\\n" if $result->is_unknown || $result->is_bailout || $result->is_pragma;
                die $result->raw if $result->is_yaml && !$result->data->{class};
            }
            printf "%d %d %d %d %s\\n", $parser->tests_run, scalar $parser->failed, scalar $parser->skipped,
                   scalar $parser->todo, join '; ', $parser->parse_errors;
        """], input="\n".join(lines).encode(), capture_output=True)
        bad = self.summary["failed"] + self.summary["cancelled"]
        self.assertEqual(run.stdout.decode(errors="replace") + run.stderr.decode(errors="replace"),
                         f"{COUNT} {bad} {self.summary['skipped']} 0 \n")

    def test_openmetrics_is_what_prometheus_reads(self):
        self.assertTrue(self.text("prom").endswith("\n# EOF\n"))
        families = {family.name: family for family in text_string_to_metric_families(self.text("prom"))}
        for name, family in families.items():
            unit = name.rpartition("_")[2]
            self.assertEqual(family.unit, unit if unit in ("seconds", "bytes") else "", name)
            self.assertTrue(family.documentation.endswith("."), name)
        told = {sample.labels["status"]: sample.value for sample in families["haul_jobs"].samples}
        self.assertEqual(told, {status: self.summary[status] for status in told})
        self.assertEqual(families["haul_downloaded_bytes"].samples[0].value, self.summary["bytes"])

    def test_the_page_has_only_its_own_elements(self):
        page = Elements(self.text("html"))
        self.assertEqual((page.names["script"], page.names["style"], page.rows), (1, 1, COUNT))
        self.assertLessEqual(set(page.names), set("""html head meta title style body header small h1 h2 main div i dl dt dd
            section figure b svg rect line table caption colgroup col thead tbody tr th td nav a label output input p time
            span script""".split()))
        self.assertFalse({name for name in page.attributes if name.startswith("on")} | page.attributes & {"src", "action"})

    def test_what_people_read_holds_nothing_that_moves_a_cursor_or_turns_words(self):
        for kind in "html", "tap", "prom":
            for pattern in CONTROL, DIRECTION:
                self.assertIsNone(pattern.search(self.text(kind)), kind)

    def test_no_report_tells_a_secret(self):
        for kind in KINDS:
            self.assertNotIn("password", self.text(kind), kind)

    def id(self):
        return f"{super().id()} (HAUL_FORMATS={SEED})"


unittest.main(argv=sys.argv[:1], verbosity=2)
