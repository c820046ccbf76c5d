"""percentiles.py FILES - the percentiles that reports tell are those of their records, within what the manual says.

The exact percentile is the nearest rank: the least latency that so many of all did not exceed.
"""

import html.parser
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

FILES = sys.argv.pop()
PARTS = {"p50": 50, "p90": 90, "p95": 95, "p99": 99}
TOLERANCE = 0.01
MICROSECOND = 1e-6  # what records are told in
TERMS = {"least": "min", "median": "p50", "90 %": "p90", "95 %": "p95", "99 %": "p99", "most": "max", "mean": "mean"}


class Terms(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tag, self.term, self.values = None, None, {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tag = tag

    def handle_data(self, data):
        if self.tag == "dt":
            self.term = data
        elif self.tag == "dd":
            self.values[self.term] = data
        self.tag = None


class Percentiles(unittest.TestCase):
    def told(self, latencies):
        """What each format tells of these nanoseconds: the latencies of the records, and three tables of seconds."""
        with tempfile.TemporaryDirectory() as folder:
            names = {kind: pathlib.Path(folder, "report." + kind) for kind in ("jsonl", "html", "prom")}
            subprocess.run([FILES, "latencies", *names.values()], input="\n".join(map(str, latencies)), text=True,
                           check=True)
            page, metrics = names["html"].read_text(), names["prom"].read_text()
            lines = list(map(json.loads, names["jsonl"].read_text().splitlines()))
        terms = Terms(page).values
        return ([line["time_total"] for line in lines if line["type"] == "result"], lines[-1]["latency"],
                {key: float(terms[term]) / 1000 for term, key in TERMS.items() if term in terms},
                {"p" + quantile[2:].ljust(2, "0"): float(value)
                 for quantile, value in re.findall(r'haul_latency_seconds\{quantile="([\d.]+)"\} (\S+)', metrics)})

    def check(self, latencies):
        records, summary, page, metrics = self.told(latencies)
        ranked = sorted(records)
        self.assertEqual(len(records), len(latencies))
        exact = {"min": ranked[0], "max": ranked[-1], "mean": math.fsum(ranked) / len(ranked)}
        for key, value in exact.items():
            self.assertAlmostEqual(summary[key], value, delta=1.5 * MICROSECOND)
        for key, percent in PARTS.items():
            value = ranked[-(-len(ranked) * percent // 100) - 1]
            self.assertAlmostEqual(summary[key], value, delta=TOLERANCE * value + MICROSECOND, msg=key)
        self.assertEqual(set(page), set(summary))
        self.assertEqual(set(metrics), set(PARTS))
        for told in page, metrics:
            for key, value in told.items():
                self.assertAlmostEqual(value, summary[key], delta=1.5 * MICROSECOND, msg=key)
        return ranked, summary

    def test_of_one_and_of_two_they_are_exact(self):
        for latencies in ([7_654_321], [1_000_000, 9_000_000]):
            ranked, summary = self.check(latencies)
            self.assertEqual((summary["p50"], summary["p99"]), (ranked[0], ranked[-1]))

    def test_of_few(self):
        self.check([1_000_000, 2_000_000, 3_000_000])
        self.check([3_000_000, 1_000_000, 2_000_000, 1_000_000])

    def test_of_a_hundred_each_rank_is_its_own(self):
        self.check([i * 1_000_000 for i in range(1, 101)])

    def test_of_all_that_are_equal_they_are_exact(self):
        for latency in (1, 999, 1023, 1024, 12_345_678, 3_600_000_000_000):
            _, summary = self.check([latency] * 500)
            self.assertEqual(len(set(summary.values())), 1, summary)

    def test_of_thousands_with_a_heavy_tail(self):
        seed = random.randrange(10**9)
        source = random.Random(seed)
        with self.subTest(seed=seed):
            self.check([int(1_000_000 * source.paretovariate(1.1)) for _ in range(2000)])
            self.check([int(source.lognormvariate(16, 2)) for _ in range(2000)])

    def test_of_two_kinds_with_nothing_between(self):
        self.check([1_000_000] * 1800 + [5_000_000_000] * 200)
        self.check([1_000_000] * 1801 + [5_000_000_000] * 199)

    def test_of_none_nothing_is_told(self):
        _, summary, page, metrics = self.told([])
        self.assertEqual(set(summary.values()), {None})
        self.assertEqual((page, metrics), ({}, {}))


unittest.main(verbosity=2)
