"""--write-out, beside curl's."""

import json
import subprocess
import unittest

from harness import ENVIRONMENT, RunTest

BOTH = ["content_type", "exitcode", "http_code", "http_version", "method", "num_connects", "num_headers",
        "num_redirects", "remote_ip", "remote_port", "response_code", "scheme", "size_download", "size_header",
        "size_upload", "ssl_verify_result", "url_effective"]


class WriteOut(RunTest):
    def both(self, format, path, *arguments):
        url = self.url(path)
        ours = self.haul("--check", "-q", "--retry", "0", "-w", format, *arguments, url).stdout
        curls = subprocess.run(["curl", "-s", "-L", "-f", "-o", "/dev/null", "-w", format, *arguments, url],
                               env=ENVIRONMENT, stdout=subprocess.PIPE, check=False).stdout
        return ours.decode(), curls.decode()

    def test_what_curl_knows_is_told_as_curl_tells_it(self):
        format = "".join(f"{name}=%{{{name}}}\\n" for name in BOTH)
        for path in ("/bytes/1000", "/chunked/5", "/headers/50"):
            self.assertEqual(*self.both(format, path))
        self.assertEqual(*self.both(format, "/redirect/2"))
        self.assertEqual(*self.both(format, "/bytes/7", "-X", "PUT"))
        without = [name for name in BOTH if name not in ("size_download", "num_headers")]
        self.assertEqual(*self.both("".join(f"%{{{name}}}\\n" for name in without), "/status/404"))

    def test_escapes_are_those_of_curl(self):
        self.assertEqual(*self.both("a\\tb\\\\c\\q%%d%e%{http_code}\\", "/bytes/1"))
        for format in ("%{http_code", "%{", "a%", "%header{", "\\"):
            self.assertEqual(*self.both(format, "/bytes/1"), format)
        self.assertEqual(*self.both("%{stderr}a%{stdout}b%{onerror}c", "/bytes/1"))
        self.assertEqual(*self.both("b%{onerror}c%{exitcode}", "/status/404"))

    def test_a_format_may_come_from_a_file_or_standard_input(self):
        (self.folder / "format").write_bytes(b"%{http_code}\\t%{url}\n")
        wanted = f"200\t{self.url('/bytes/1')}\n"
        for arguments, stdin in ((["-w", "@format"], None), (["-w", "@-"], (self.folder / "format").read_bytes())):
            run = self.haul("--check", "-q", *arguments, self.url("/bytes/1"), stdin=stdin)
            self.assertEqual((run.code, run.stdout.decode()), (0, wanted))
        run = self.haul("--check", "-w", "@none", self.url("/bytes/1"))
        self.assertEqual((run.code, "'@none' for '--write-out': No such file" in run.stderr), (2, True), run.stderr)

    def test_what_the_record_knows_beside_curl(self):
        names = ["id", "index", "status", "reason", "error_class", "tag", "resumed_from", "time_elapsed", "time_wait"]
        run = self.haul("--check", "-q", "--retry", "0", "-w", "|".join(f"%{{{name}}}" for name in names + ["json"]),
                        self.url("/status/404"))
        *told, record = run.stdout.decode().split("|", len(names))
        record = json.loads(record)
        wanted = {**record, "error_class": record["error"]["class"]}
        for name, word in zip(names, told):
            if name.startswith("time"):
                self.assertAlmostEqual(float(word), wanted[name], places=6)
            else:
                self.assertEqual(word, "" if wanted[name] is None else str(wanted[name]), name)

    def test_headers_of_the_answer(self):
        format = "%header{Content-Length}|%header{content-type}|%header{none}|%header{|%header"
        for path in ("/bytes/7", "/status/404", "/redirect/1"):
            self.assertEqual(*self.both(format, path))

    def test_times_have_six_digits(self):
        for told in self.both("%{time_total} %{time_connect} %{time_starttransfer}", "/bytes/1"):
            self.assertRegex(told, r"^(\d+\.\d{6} ?){3}$")

    def test_the_record_and_standard_error(self):
        run = self.haul("--check", "-w", "%{json}\\n%{stderr}told %{http_code}\\n", self.url("/bytes/1"), self.url("/bytes/2"))
        self.assertEqual(sorted(json.loads(line)["size_download"] for line in run.stdout.splitlines()), [1, 2])
        self.assertEqual(run.stderr.count("told 200\n"), 2)
        told = self.haul("--check", "-q", "-w", "%{header_json}", self.url("/bytes/1")).stdout
        self.assertEqual(json.loads(told)["content-length"], ["1"])

    def test_secrets_are_left_out(self):
        url = self.url("/bytes/1").replace("//", "//user:topsecret@")
        self.assertNotIn(b"topsecret", self.haul("--check", "-q", "-w", "%{url} %{url_effective} %{json}", url).stdout)

    def test_what_is_no_format_is_refused(self):
        for arguments in (["-w", "%{weather}"], ["-w", "x", "--json"], ["-w", "x", "-o", "-"]):
            self.assertEqual(self.haul(*arguments, self.url("/bytes/1")).code, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
