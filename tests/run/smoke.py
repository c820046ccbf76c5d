"""A smoke test as a CI runs it: 200 endpoints with checks, a JUnit file, one exit code."""

import html
import json
import pathlib
import re
import subprocess
import unittest
import xml.etree.ElementTree

from harness import ENVIRONMENT, RunTest

ENDPOINTS = 200
SCHEMA = pathlib.Path(__file__).with_name("junit.xsd")


class Smoke(RunTest):
    def smoke(self, spoil=()):
        lines = []
        for i in range(ENDPOINTS):
            least = 10 ** 9 if i in spoil else 1
            lines.append(json.dumps({"url": self.url(f"/bytes/{500 + i}"), "tag": "smoke", "checks": [
                {"check": "status", "in": "200..299"}, {"check": "header content-length", "matches": "^[0-9]+$"},
                {"check": "body", "contains": "<&\"]]>", "not": True}, {"check": "size", "min": least},
                {"check": "time", "max": 30}, *([{"check": "body", "contains": "<&\"]]>"}] if i in spoil else [])]}))
        run = self.haul("--check", "-i", "-", "--json", "-q", "--report", "a.xml", "--report", "a.tap", "--report", "a.html", stdin=lines)
        self.assert_one_record_each(run, ENDPOINTS)
        subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, self.folder / "a.xml"], check=True,
                       capture_output=True)
        return run, xml.etree.ElementTree.parse(self.folder / "a.xml").getroot()

    def test_all_is_well_within_a_second(self):
        run, suites = self.smoke()
        self.assertEqual((run.code, suites.get("tests"), suites.get("failures")), (0, str(ENDPOINTS), "0"))
        print(f"{ENDPOINTS} endpoints, 5 checks each: {run.summary['elapsed']:.3f} s")
        self.assertLess(run.summary["elapsed"], 5)  # under sanitizers, on a machine that has much else to do

    def test_what_does_not_hold_is_named_in_junit_tap_and_the_page(self):
        run, suites = self.smoke(spoil=[17])
        self.assertEqual((run.code, suites.get("failures")), (4, "1"))
        failure, = suites.iter("failure")
        wanted = ['size min 1000000000, found 517', 'body contains "<&\\"]]>", found ']
        self.assertEqual(failure.get("type"), "check")
        self.assertEqual(failure.get("message"), wanted[0] + "; 1 more failed")
        for line, part in zip(failure.text.strip().split("\n"), wanted):
            self.assertTrue(line.startswith(part), line)
        told = re.search(r"^  checks:\n((?:    - check: .*\n)+)  \.\.\.$", (self.folder / "a.tap").read_text(), re.M)[1]
        for line, part in zip(told.splitlines(), wanted, strict=True):
            self.assertTrue(json.loads(line.partition("check: ")[2]).startswith(part), line)
        page = html.unescape((self.folder / "a.html").read_text())
        for part in wanted:
            self.assertIn(part, page)

    def in_github(self, *urls, arguments=(), summary="summary.md"):
        environment = {**ENVIRONMENT, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.folder / summary)}
        return self.haul("--check", "--retry", "0", *arguments, "-i", "-", stdin=list(urls), env=environment)

    def test_github_actions_gets_annotations_and_a_summary(self):
        (self.folder / "summary.md").write_text("before\n")
        bad = [self.url(f"/status/404?{i}") for i in range(15)]
        run = self.in_github(self.url("/bytes/1"), *bad, arguments=["-j", "1"])
        annotations = [line for line in run.stderr.splitlines() if line.startswith("::")]
        self.assertEqual(annotations, [f"::error title=haul::{url}: 404 Not Found" for url in bad[:10]])
        before, title, _, head, rule, counts, _, *rows = (self.folder / "summary.md").read_text().splitlines()
        self.assertEqual((before, title), ("before", "### haul: exit code 1"))
        self.assertTrue(counts.startswith("| 16 | 1 | 15 | 0 | 0 | 0 | "), counts)
        self.assertEqual({line.count("|") for line in (head, rule, counts)}, {8})
        self.assertEqual(html.unescape(rows[2]), f"| {bad[0]} | http | 404 Not Found |")
        self.assertEqual(len([row for row in rows if row.startswith("| http")]), 15)

    def test_nothing_that_came_along_is_a_command_or_markdown(self):
        evil = self.url("/status/404/%0A::warning::x|<b>`[a](b)*_")
        run = self.in_github(evil, "::set-output::x\r::error::y", arguments=["-v"])
        commands = [line for line in run.stderr.splitlines() if line.lstrip().startswith("::")]
        self.assertEqual(len(commands), 2)
        self.assertIn("%250A::warning", commands[0] + commands[1])
        for command in commands:
            self.assertTrue(command.startswith("::error title=haul::"), command)
        rows = [line for line in (self.folder / "summary.md").read_text().splitlines() if " | http | " in line]
        self.assertEqual([row.count("|") for row in rows], [4])
        self.assertFalse(set(rows[0]) & set("<>`[]*_"))

    def test_a_summary_that_cannot_be_written_is_said_and_nothing_more(self):
        run = self.in_github(self.url("/bytes/1"), summary="no/summary.md")
        self.assertEqual(run.code, 0)
        self.assertIn("haul: cannot write the summary", run.stderr)
        run = self.in_github(self.url("/status/404"), arguments=["-q"])
        self.assertEqual(run.stderr, "")
        self.assertTrue((self.folder / "summary.md").exists())
        self.assertNotIn("::", self.haul("--check", self.url("/status/404")).stderr.replace("://", ""))


if __name__ == "__main__":
    unittest.main(verbosity=2)
