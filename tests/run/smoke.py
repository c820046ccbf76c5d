"""A smoke test as a CI runs it: 200 endpoints with checks, a JUnit file, one exit code."""

import json
import pathlib
import re
import subprocess
import unittest
import xml.etree.ElementTree

from harness import RunTest

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
        run = self.haul("--check", "-i", "-", "--json", "-q", "--report", "a.xml", "--report", "a.tap", stdin=lines)
        self.assert_one_record_each(run, ENDPOINTS)
        subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, self.folder / "a.xml"], check=True,
                       capture_output=True)
        return run, xml.etree.ElementTree.parse(self.folder / "a.xml").getroot()

    def test_all_is_well_within_a_second(self):
        run, suites = self.smoke()
        self.assertEqual((run.code, suites.get("tests"), suites.get("failures")), (0, str(ENDPOINTS), "0"))
        print(f"{ENDPOINTS} endpoints, 5 checks each: {run.summary['elapsed']:.3f} s")
        self.assertLess(run.summary["elapsed"], 5)  # under sanitizers, on a machine that has much else to do

    def test_what_does_not_hold_is_named_in_junit_and_tap(self):
        run, suites = self.smoke(spoil=[17])
        self.assertEqual((run.code, suites.get("failures")), (4, "1"))
        failure, = suites.iter("failure")
        wanted = ['size min 1000000000, found 517', 'body contains "<&\\"]]>", found ']
        self.assertEqual(failure.get("type"), "check")
        self.assertEqual(failure.get("message"), wanted[0] + "; 1 more failed")
        for line, part in zip(failure.text.strip().split("\n"), wanted):
            self.assertTrue(line.startswith(part), line)
        told = re.search(r"^  checks:\n((?:    - .*\n)+)  \.\.\.$", (self.folder / "a.tap").read_text(), re.M)[1]
        for line, part in zip(told.splitlines(), wanted, strict=True):
            self.assertTrue(json.loads(line[6:]).startswith(part), line)


if __name__ == "__main__":
    unittest.main(verbosity=2)
