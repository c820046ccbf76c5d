"""Where jobs come from: lines, JSON Lines, lists of digests, and haul's own records."""

import csv
import hashlib
import json
import os
import shutil
import unittest

from harness import RunTest, pattern


def digest_of(size, algorithm="sha256"):
    return hashlib.new(algorithm, pattern(size)).hexdigest()


class Inputs(RunTest):
    def fetch(self, *lines, expect=0, count=None, arguments=()):
        lines = [line if isinstance(line, (str, bytes)) else json.dumps(line) for line in lines]
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry", "0", *arguments, stdin=lines)
        self.assertEqual(run.code, expect, run.stderr)
        self.assert_one_record_each(run, len(lines) if count is None else count)
        return run

    def test_a_json_line_says_where_a_body_goes_and_what_it_is(self):
        run = self.fetch(
            {"url": self.url("/bytes/1000"), "output": "a/b", "id": "first", "tag": "blue"},
            {"url": self.url("/bytes/1001"), "checksum": "sha256=" + digest_of(1001), "size": 1001, "id": None},
            {"url": self.url("/bytes/1002"), "checksum": {"algorithm": "md5", "expected": digest_of(1002, "md5")}})
        self.assert_files({"a/b": pattern(1000), "1001": pattern(1001), "1002": pattern(1002)})
        first, second, third = (run.results[index] for index in (1, 2, 3))
        self.assertEqual((first["id"], first["tag"], first["output"], first["size"]), ("first", "blue", "a/b", None))
        self.assertEqual((second["id"], second["output"], second["size"]), ("2", None, 1001))
        self.assertEqual((second["checksum"]["ok"], third["checksum"]["ok"]), (True, True))

    def test_an_input_without_urls_is_no_failure_and_is_said(self):
        for lines in ([], ["", "# nothing yet"]):
            run = self.haul("-i", "-", stdin=lines)
            self.assertEqual(run.code, 0)
            self.assertIn("haul: there are no URLs in the input\n", run.stderr)
            self.assertEqual(self.haul("-q", "-i", "-", stdin=lines).stderr, "")

    def test_a_body_that_is_not_what_its_line_says_is_not_saved(self):
        run = self.fetch({"url": self.url("/bytes/1000"), "size": 999}, {"url": self.url("/chunked/400000"), "size": 1},
                         {"url": self.url("/bytes/0"), "size": 1}, {"url": self.url("/bytes/4"), "size": 4},
                         {"url": self.url("/bytes/5"), "checksum": "sha256=" + digest_of(6)}, expect=7)
        self.assertEqual([(result["error"] or {}).get("class") for _, result in sorted(run.results.items())],
                         ["size", "size", "size", None, "checksum"])
        self.assert_files({"4": pattern(4)})

    def test_a_bad_line_is_one_failed_record_that_names_its_place(self):
        bad = ['{"url":', '{"url":1}', "{}", '{"url":"http://h/","colour":"red"}', '{"url":"http://h/","mirrors":"x"}',
               '{"url":"http://h/","checksum":"sha257=00"}', '{"url":"http://h/","checksum":"sha256=00"}', "[" * 20000]
        run = self.fetch({"url": self.url("/bytes/10")}, "", "# a comment", *bad, {"url": self.url("/bytes/11")},
                         expect=1, count=len(bad) + 2)
        for line, index in enumerate(range(2, 2 + len(bad)), 4):
            result = run.results[index]
            self.assertEqual((result["status"], result["error"]["class"], result["input"]),
                             ("failed", "input", f"-:{line}"))
        self.assert_files({"10": pattern(10), "11": pattern(11)})

    def test_names_in_a_manifest_never_leave_the_folder(self):
        bad = ["../x", "/tmp/haul-x", "a/../../x", "..", "a//b", "a/", "./../x", "x" * 300]
        run = self.fetch(*[{"url": self.url("/bytes/1"), "output": name} for name in bad], expect=1)
        self.assertEqual({result["error"]["class"] for result in run.results.values()}, {"input"})
        self.assert_files({})
        self.assertEqual(os.listdir(self.folder), ["out"])

    def test_a_report_is_an_input(self):
        first = self.fetch({"url": self.url("/bytes/1000"), "output": "a/b", "id": "x", "tag": "blue", "size": 1000},
                           {"url": self.url("/headers/2000"), "checksum": "sha256=" + "0" * 64}, "{",
                           expect=7)
        (self.folder / "report").write_bytes(first.stdout)
        again = self.haul("--json", "-P", "again", "-i", "report")
        self.assert_one_record_each(again, 3)
        before_by_id = {result["id"]: result for result in first.results.values()}
        for result in again.results.values():
            before = before_by_id[result["id"]]
            for key in ("id", "tag", "output", "size", "status", "url"):
                self.assertEqual(result[key], before[key], key)
            self.assertEqual(result["checksum"], before["checksum"])
        self.assertEqual((self.folder / "again/a/b").read_bytes(), pattern(1000))

    def test_a_list_of_digests_is_fetched_from_its_base(self):
        self.fetch(f"{digest_of(1000)}  1000", f"{digest_of(1001, 'md5')} *./1001", "# comment",
                   f"SHA512 (1002) = {digest_of(1002, 'sha512')}", count=3,
                   arguments=["--base-url", self.url("/bytes")])
        self.assert_files({"1000": pattern(1000), "1001": pattern(1001), "1002": pattern(1002)})

    def test_a_list_of_digests_is_trusted_in_its_digests_only(self):
        good, bad = digest_of(5), digest_of(6)
        run = self.fetch(f"{bad}  5", f"{good}  ../5", f"{good}  /tmp/haul-x", f"{good}", f"{good}  6",
                         expect=7, arguments=["--base-url", self.url("/bytes/")])
        self.assertEqual([result["error"]["class"] for _, result in sorted(run.results.items())],
                         ["checksum", "input", "input", "input", "checksum"])
        self.assert_files({})

    def test_a_list_of_digests_without_a_base_cannot_be_used_and_is_told_once(self):
        run = self.fetch(f"{digest_of(5)}  5", f"{digest_of(6)}  6", expect=3, count=0)
        self.assertEqual(run.stderr.count("--base-url"), 1)

    def test_what_failed_is_fetched_again_and_nothing_else(self):
        first = self.fetch({"url": self.url("/bytes/1"), "tag": "fine"}, self.url("/status/404"),
                           {"url": self.url("/bytes/3"), "output": "a/b", "size": 4, "id": "x", "tag": "t"},
                           {"url": self.url("/bytes/4"), "checksum": "sha256=" + digest_of(5)}, expect=7)
        report = self.folder / "report"
        torn = first.stdout.splitlines(keepends=True)[1][:-20]
        report.write_bytes(first.stdout.replace(b'"size":4', b'"size":3') + torn)
        again = self.haul("--json", "-P", "out", "--retry", "0", "--retry-failed", "report")
        self.assertEqual(again.code, 7)
        self.assert_one_record_each(again, 3)
        told = {result["id"]: result for result in again.results.values()}
        self.assertEqual(sorted(told), ["2", "4", "x"])
        self.assertEqual((told["x"]["status"], told["x"]["tag"], told["x"]["output"]), ("ok", "t", "a/b"))
        self.assert_files({"1": pattern(1), "a/b": pattern(3)})
        report.write_bytes(report.read_bytes() + again.stdout.replace(digest_of(5).encode(), digest_of(4).encode()))
        with open(report, "ab") as end:
            third = self.haul("--json", "-P", "out", "--retry", "0", "--retry-failed", "report", stdout=end)
        self.assertEqual(third.code, 7, third.stderr)
        last = [json.loads(line) for line in report.read_text().splitlines()[-4:]]
        self.assertEqual([line["type"] for line in last], ["run", "result", "result", "summary"])
        self.assertEqual(sorted(line["id"] for line in last[1:3]), ["2", "4"])

    def test_what_is_done_leaves_nothing_to_retry(self):
        (self.folder / "report").write_bytes(self.fetch(self.url("/bytes/1")).stdout)
        again = self.haul("--json", "-P", "out", "--retry-failed", "report")
        self.assertEqual((again.code, again.summary["total"]), (0, 0))

    def test_what_is_no_report_is_refused_and_not_taken_for_an_empty_one(self):
        (self.folder / "report.csv").write_text(f"status,url\nfailed,{self.url('/bytes/1')}\n")
        run = self.haul("--retry-failed", "report.csv")
        self.assertEqual((run.code, run.stderr),
                         (3, "haul: cannot retry what failed by 'report.csv': it has no line of --json\n"))
        run = self.haul("--resume", "report.csv", self.url("/bytes/1"))
        self.assertEqual((run.code, run.stderr), (3, "haul: cannot resume by 'report.csv': it has no line of --json\n"))

    def test_a_report_that_cannot_be_read_twice_is_no_input(self):
        for name, kept in (("-", b""), ("/dev/stdin", b""), ("missing", None)):
            run = self.haul("--retry-failed", name, stdin=kept)
            self.assertEqual(run.code, 3, name)

    def test_a_table_says_where_a_body_goes_and_what_it_is(self):
        rows = [["output", "url", "size", "checksum", "tag"],
                ["a, b", self.url("/bytes/1000"), "1000", "", "\"so\"\nand so"],
                ["c/d", self.url("/bytes/1001"), "", "sha256=" + digest_of(1001), ""],
                ["", self.url("/bytes/1002"), "1002", "", "t"]]
        for dialect, name in (("excel", "list"), ("excel-tab", "list"), ("excel", "list.csv"), ("unix", "list.csv")):
            with self.subTest(dialect=dialect, name=name):
                shutil.rmtree(self.out, ignore_errors=True)
                with open(self.folder / name, "w", newline="") as file:
                    csv.writer(file, dialect).writerows(rows)
                run = self.haul("--json", "-P", "out", "-i", name)
                self.assertEqual(run.code, 0, run.stderr)
                self.assert_one_record_each(run, 3)
                self.assert_files({"a, b": pattern(1000), "c/d": pattern(1001), "1002": pattern(1002)})
                self.assertEqual([run.results[i]["tag"] for i in (1, 2, 3)], ["\"so\"\nand so", None, "t"])
                self.assertEqual([run.results[i]["input"] for i in (1, 2, 3)], [f"{name}:{n}" for n in (2, 4, 5)])

    def test_a_bad_row_is_one_failed_record(self):
        run = self.fetch("url,output", self.url("/bytes/1") + ",a", self.url("/bytes/2"), ",b",
                         self.url("/bytes/3") + ",../x", '"' + self.url("/bytes/4") + '",d', '"torn', expect=1, count=6)
        self.assertEqual([run.results[i]["status"] for i in range(1, 7)],
                         ["ok", "failed", "failed", "failed", "ok", "failed"])
        self.assertEqual(run.results[6]["input"], "-:7")
        self.assert_files({"a": pattern(1), "d": pattern(4)})

    def test_a_table_without_urls_is_an_input_that_cannot_be_read(self):
        for text in ("output,tag\nx,y\n", "url,colour\nx,y\n", "url,url\nx,y\n", "http://h/\nhttp://i/\n"):
            (self.folder / "list.csv").write_text(text)
            run = self.haul("--json", "-P", "out", "-i", "list.csv")
            self.assertEqual((run.code, run.summary["total"]), (3, 0), text)
            self.assertIn("list.csv", run.stderr)

    def test_a_report_in_csv_is_an_input(self):
        lines = [{"url": self.url("/bytes/1000"), "id": "x", "tag": "two\nlines, and \"quotes\""},
                 {"url": self.url("/status/404")}]
        first = self.fetch(*lines, expect=1, arguments=["--report", "report.csv"])
        again = self.haul("--json", "-P", "again", "--retry", "0", "-i", "report.csv")
        self.assert_one_record_each(again, 2)
        self.assertEqual(sorted((result["url"], result["status"], result["tag"] or "") for result in again.results.values()),
                         sorted((result["url"], result["status"], result["tag"] or "") for result in first.results.values()))
        self.assertEqual((self.folder / "again/1000").read_bytes(), pattern(1000))

    def test_shards_together_are_everything_once(self):
        (self.folder / "list").write_text("# some\n" + "".join(self.url(f"/bytes/{n}\n") for n in range(50)))
        for count in (1, 3, 7):
            told = []
            for number in range(1, count + 1):
                run = self.haul("--json", "-q", "--check", "--shard", f"{number}/{count}", "-i", "list",
                                self.url("/bytes/[100-120]"), self.url("/bytes/1"))
                self.assertEqual(run.code, 0, run.stderr)
                self.assertEqual(run.summary["total"], len(run.results))
                told += [(index, result["url"]) for index, result in run.results.items()]
            self.assertEqual([index for index, _ in sorted(told)], list(range(1, 73)))
            self.assertEqual([url.rsplit("/", 1)[1] for _, url in sorted(told)],
                             [str(n) for n in (*range(100, 121), 1, *range(50))])

    def test_the_format_may_be_said(self):
        run = self.fetch("{", expect=1, arguments=["--input-format", "lines"])
        self.assertNotIn("JSON", run.results[1]["error"]["message"])
        run = self.fetch(self.url("/bytes/1"), expect=1, arguments=["--input-format", "jsonl"])
        self.assertEqual(run.results[1]["error"]["class"], "input")
        run = self.haul("--input-format", "sums", "-i", "-", stdin=[])
        self.assertEqual(run.code, 2)
        run = self.haul("--input-format", "xml", "-i", "-", stdin=[])
        self.assertEqual(run.code, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
