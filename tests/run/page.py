"""The HTML report of a large run with failures in it, opened in a browser."""

import json
import os
import sys
import tempfile
import unittest

from browser import CHROMIUM, Browser
from harness import RunTest

SKIPPED = 77
TRANSFERS = 2000
HOSTILE = "/status/404/<script>alert(1)</script><img src=x onerror=alert(2)>\"'><style>*{display:none}</style>"


def urls(origin, count):
    """Every 40th fails, one way or another; the others have long names and take a while, or not."""
    failing = ["/status/404/missing", "/status/500/broken", "/cut/10/20", "/reset/10/20", "/redirect/11"]
    for i in range(count):
        if i % 40 == 0:
            yield f"{origin}{failing[i // 40 % len(failing)]}?{i}"
        else:
            yield f"{origin}/delay/{i % 7}/bytes/{i * 7}?page={i}&section=news&language=en&sort=descending"
    yield origin + HOSTILE


class Page(RunTest):
    """The report is made once, and each test opens it anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.place.cleanup)
        cls.path = os.path.join(cls.place.name, "report.html")
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        if not os.path.exists(self.path):
            run = self.haul("--check", "--json", "-q", "-i", "-", "-j", "64", "--jobs-per-host", "64", "--retry", "1",
                            "--retry-delay", "10ms", "--no-adapt", "--report", self.path,
                            stdin=list(urls(self.origin.address, TRANSFERS)))
            type(self).run_ = run
        self.browser.show()

    def count(self, selector):
        return self.browser.evaluate(f"document.querySelectorAll({json.dumps(selector)}).length")

    def words(self, selector):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def visible_rows(self):
        return self.browser.evaluate("[...document.querySelectorAll('.jobs tbody tr')].filter(row => !row.hidden).length")

    def test_it_is_light_opens_at_once_and_asks_for_nothing(self):
        self.assertLess(os.path.getsize(self.path), 1_000_000)
        self.browser.ask("Performance.setTimeDomain", timeDomain="threadTicks")
        self.browser.ask("Performance.enable")
        seconds = min(self.load() for _ in range(3))
        self.assertLess(seconds, 1)
        self.assertEqual(self.browser.requests(), ["file://" + self.path])
        self.assertEqual(self.browser.complaints(), [])

    def load(self):
        """Of the browser's processor, so that it does not matter what else the machine does."""
        before = self.task_duration()
        self.browser.open(self.path)
        return self.task_duration() - before

    def task_duration(self):
        metrics = {metric["name"]: metric["value"] for metric in self.browser.ask("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"]

    def test_it_tells_what_the_records_tell_failures_first(self):
        self.browser.open(self.path)
        records = list(self.run_.results.values())
        failed = [record for record in records if record["status"] == "failed"]
        self.assertEqual(self.count("#failures tbody tr"), len(failed))
        self.assertEqual(self.count("#transfers tbody tr"), len(records) - len(failed))
        self.assertEqual(self.browser.evaluate("[...document.querySelectorAll('section')].map(s => s.id).filter(Boolean)"),
                         ["failures", "origins", "waterfall", "transfers"])
        self.assertEqual(self.words("h1"), f"{len(failed)} of 2,001 failed")
        told = self.words("#failures tbody")
        for record in failed:
            self.assertIn(record["url"], told)
            self.assertIn(record["errormsg"], told)
        self.assertIn("attempts: 500 in ", told)

    def test_what_a_url_brings_along_stays_words(self):
        self.browser.open(self.path)
        self.assertIn("<script>alert(1)</script>", self.words("#failures tbody"))
        self.assertEqual((self.count("script"), self.count("style"), self.count("img, iframe, link, object")), (1, 1, 0))
        self.assertEqual(self.count("a:not([href^='#'])"), 0)

    def test_the_policy_lets_no_other_script_run(self):
        self.browser.open(self.path)
        self.browser.evaluate("document.body.append(Object.assign(document.createElement('script'), "
                              "{textContent: 'window.intruder = 1'})); "
                              "document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/'}))")
        self.assertIsNone(self.browser.evaluate("window.intruder"))
        self.browser.wait_for("Network.loadingFailed")
        failed = [event["params"] for event in self.browser.events if event.get("method") == "Network.loadingFailed"]
        self.assertEqual([event.get("blockedReason") for event in failed], ["csp"])

    def filter(self, words):
        self.browser.evaluate(f"(() => {{ const field = document.querySelector('input'); field.value = {json.dumps(words)};"
                              "field.dispatchEvent(new Event('input')); })()")

    def test_the_filter_keeps_rows_that_hold_all_its_words(self):
        self.browser.open(self.path)
        self.assertEqual(self.browser.evaluate("document.querySelector('label').hidden"), False)
        cases = {"": TRANSFERS + 1, "PAGE=77&": 1, "status/404 failed": 11, "failed": 51, "no such words": 0}
        for words, count in cases.items():
            self.filter(words)
            self.assertEqual(self.visible_rows(), count, words)
            self.assertEqual(self.words("output"), f"{count:,} of 2,001" if words else "")

    def test_without_scripts_the_tables_are_whole(self):
        self.browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        self.addCleanup(self.browser.ask, "Emulation.setScriptExecutionDisabled", value=False)
        self.browser.open(self.path)
        self.assertEqual(self.visible_rows(), TRANSFERS + 1)
        self.assertEqual(self.browser.evaluate("document.querySelector('label').hidden"), True)
        self.assertEqual(self.browser.complaints(), [])

    def test_tables_and_pictures_can_be_read_aloud(self):
        self.browser.open(self.path)
        self.assertEqual(self.count("th:not([scope])"), 0)
        self.assertEqual(self.count("table:not(:has(thead))"), 0)
        self.assertEqual(self.count("section > :first-child:not(h2)"), 0)
        self.assertEqual(self.count("svg:not([role=img][aria-label])"), 0)
        self.assertEqual(self.count("h1"), 1)
        self.assertEqual(self.browser.evaluate("document.documentElement.lang"), "en")

    def contrast(self, selector, width=1280, **show):
        """Of the words of an element with the page, as the W3C's guidelines count it."""
        self.browser.show(width=width, **show)
        return self.browser.evaluate("""(() => {
            const light = color => color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
                .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
                .reduce((sum, part, i) => sum + part * [.2126, .7152, .0722][i], 0);
            const [a, b] = [light(getComputedStyle(document.querySelector(%s)).color),
                            light(getComputedStyle(document.body).backgroundColor)];
            return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        })()""" % json.dumps(selector))

    def test_words_stand_out_by_day_and_by_night(self):
        self.browser.open(self.path)
        for scheme in "light", "dark":
            for selector in "body", "dt", "thead th", "h1", ".ok td", ".failed td", "small.bad", "small span":
                self.assertGreater(self.contrast(selector, scheme=scheme), 4.5, f"{selector}, {scheme}")
        self.browser.show(scheme="light")
        light = self.browser.evaluate("getComputedStyle(document.body).backgroundColor")
        self.browser.show(scheme="dark")
        self.assertNotEqual(self.browser.evaluate("getComputedStyle(document.body).backgroundColor"), light)

    def test_it_fits_a_narrow_screen(self):
        self.browser.open(self.path)
        self.browser.show(width=400)
        self.assertEqual(self.browser.evaluate("document.documentElement.scrollWidth"), 400)

    def test_it_is_printed_without_what_only_a_screen_needs(self):
        self.browser.open(self.path)
        self.browser.show(width=800, medium="print")
        self.assertEqual(self.browser.evaluate("getComputedStyle(document.querySelector('.tools')).display"), "none")
        self.assertEqual(self.browser.evaluate("getComputedStyle(document.querySelector('#transfers')).contentVisibility"),
                         "visible")

    def test_the_waterfall_shows_some_of_each_kind_within_the_time_of_the_run(self):
        self.browser.open(self.path)
        rows = self.count(".waterfall tbody tr")
        self.assertTrue(50 <= rows <= 120, rows)
        self.assertIn(f"{rows} of 2,001 transfers", self.words(".waterfall caption"))
        self.assertGreaterEqual(self.count(".waterfall .failed"), 16)
        ends = self.browser.evaluate("[...document.querySelectorAll('.track i')].map(i => parseFloat(i.style.left) + "
                                     "parseFloat(i.style.width))")
        self.assertLess(max(ends), 100.1)

    def test_its_looks_can_be_kept(self):
        """HAUL_SCREENSHOTS=FOLDER keeps them."""
        folder = os.environ.get("HAUL_SCREENSHOTS")
        if not folder:
            self.skipTest("HAUL_SCREENSHOTS names no folder")
        self.browser.open(self.path)
        for name, show in {"light": {}, "dark": {"scheme": "dark"}, "narrow": {"width": 400, "height": 1800},
                           "print": {"width": 800, "height": 1150, "medium": "print"}}.items():
            self.browser.show(**show)
            self.browser.screenshot(os.path.join(folder, name + ".png"))


if __name__ == "__main__":
    if not CHROMIUM:
        print("there is no Chromium")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
