"""--form and --form-string: the same bytes as curl's."""

import os
import pathlib
import re
import ssl
import subprocess
import threading
import unittest

from harness import ENVIRONMENT, RunTest, make_certificate
from service import Service

ONCE = ["--json", "--check", "--retry", "0"]

# Each is a list of arguments.
ALIKE = [
    ["-F", "a=b"],
    ["-F", "a=", "-F", "=b", "-F", "b= c "],
    ["-F", "a=b", "-F", "a=c", "--form-string", "d=@text.txt;type=x"],
    ["-F", "a=@text.txt"],
    ["-F", "a=@binary"],
    ["-F", "a=@empty.html"],
    ["-F", "a=@large.png"],
    ["-F", "a=<text.txt"],
    ["-F", "a=<page.html", "-F", "b=<empty.html"],
    ["-F", "a=@sub/with space.PDF"],
    ["-F", "a=@text.txt;type=image/x-y"],
    ["-F", "a=@text.txt;type=text/plain; charset=utf-8"],
    ["-F", "a=@text.txt;type=text/plain;charset=utf-8;filename=other"],
    ["-F", "a=@text.txt;filename=page.html"],
    ["-F", "a=@binary;filename=\"semi;colon, \\\"quoted\\\" \\\\.gif\"; type=x/y"],
    ["-F", "a=@\"semi;colon,.txt\""],
    ["-F", "a=b;type=application/json", "-F", "c=d;filename=e.xml", "-F", "e=f;filename=g"],
    ["-F", "a=\" b;c \"", "-F", "d=\"e\\\"f\\\\g\\h\"", "-F", "i=\"j", "-F", "k=l\"m"],
    ["-F", "a=@text.txt,binary"],
    ["-F", "a=@text.txt;type=a/b,binary;filename=c, \"semi;colon,.txt\"", "-F", "z=last"],
    ["-F", "a=b;headers=X-One: 1;headers=\"X-Two: a;b\"", "-F", "c=@binary;headers=@head"],
    ["-F", "name \"with\" quotes=b", "-F", "\u00e4\u00f6=\u00fc"],
    ["-F", "a=@-"],
    ["-F", "a=<-"],
    ["-F", "a=b", "-X", "PUT"],
    ["--form-string", "a=(", "--form-string", "b=\"c\"", "--form-string", "=d"],
]

REFUSED = {
    "a": "NAME=VALUE",
    "a=b;c": "semicolon",
    "a=b;encoder=base64": "as they are",
    "a=(": "--form-string",
    "=)": "--form-string",
    "a=@missing": "No such file",
    "a=@text.txt,missing": "No such file",
    "a=<missing": "No such file",
    "a=@sub": "Is a directory",
    "a=b;type=x": "text/plain",
    "a=\"b\"c": "behind a quoted word",
    "a=b;headers=X": "colon",
    "a=b;headers=@missing": "No such file",
}


class Forms(RunTest):
    def setUp(self):
        super().setUp()
        self.server = Service({"/": b"ok"})
        self.addCleanup(self.server.close)
        (self.folder / "sub").mkdir()
        for name, contents in {"text.txt": b"some\r\ntext\n", "binary": bytes(range(256)) * 8, "empty.html": b"",
                               "large.png": os.urandom(700001), "page.html": b"<p>", "sub/with space.PDF": b"%PDF",
                               "semi;colon,.txt": b"odd", "head": b"# none\nX-A: a\r\n\nX-B: b"}.items():
            (self.folder / name).write_bytes(contents)

    def came(self):
        """What the server has got since, but for what no two forms have in common."""
        request, = self.server.requests
        self.server.requests.clear()
        body = re.sub(rb"-{24}[0-9a-f]{16}", b"(boundary)", request.body)
        kind = re.sub(r"-{24}[0-9a-f]{16}$", "(boundary)", request.headers["Content-Type"])
        return request.method, kind, request.headers["Content-Length"], request.headers["Expect"], body

    def ask(self, *arguments, code=0, **options):
        run = self.haul(*ONCE, *arguments, self.server.address + "/", **options)
        self.assertEqual(run.code, code, run.stderr)
        return run

    def test_they_are_those_of_curl(self):
        for arguments in ALIKE:
            with self.subTest(arguments):
                typed = b"typed\n" if any(argument.endswith("-") for argument in arguments) else b""
                self.ask(*arguments, stdin=typed)
                ours = self.came()
                subprocess.run(["curl", "-sf", *arguments, self.server.address + "/"], cwd=self.folder, check=True,
                               env=ENVIRONMENT, input=typed, capture_output=True)
                theirs = self.came()
                self.assertEqual(ours[:-1], theirs[:-1])
                self.assertTrue(ours[-1] == theirs[-1], (ours[-1][:2000], theirs[-1][:2000]))

    def test_what_would_be_lost_is_refused_before_anything_is_asked(self):
        for argument, part in REFUSED.items():
            with self.subTest(argument):
                run = self.haul("-F", argument, self.server.address + "/")
                self.assertEqual(run.code, 2)
                self.assertIn(part, run.stderr)
                self.assertNotIn("a=b", run.stderr)
        for arguments in (["-d", "x"], ["-T", "text.txt"]):
            self.assertEqual(self.haul("-F", "a=b", *arguments, self.server.address + "/").code, 2)
        self.assertEqual(self.server.requests, [])

    def test_every_url_gets_all_of_it(self):
        self.ask("-F", "a=@large.png", "-j", "8", *[f"{self.server.address}/?{i}" for i in range(30)])
        large = (self.folder / "large.png").read_bytes()
        self.assertEqual([large in request.body for request in self.server.requests], [True] * 31)

    def test_redirects_keep_it_where_they_keep_content(self):
        other = Service({"/": b"ok"})
        self.addCleanup(other.close)
        large = (self.folder / "large.png").read_bytes()
        for code, method in ((301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")):
            other.requests.clear()
            self.server.answers["/"] = (code, {"Location": other.address + "/"}, b"")
            self.ask("-F", "a=@large.png")
            self.assertEqual([(request.method, large in request.body) for request in other.requests],
                             [(method, method == "POST")])
            self.assertEqual("Content-Type" in other.requests[0].headers, method == "POST")

    def test_it_does_not_go_from_https_to_http(self):
        certificate = self.folder / "certificate.pem"
        make_certificate(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        secure = Service({"/x": (307, {"Location": self.server.address + "/"}, b"")}, context=context)
        self.addCleanup(secure.close)
        for content in (["-F", "a=@text.txt"], ["-T", "text.txt"]):
            run = self.haul(*ONCE, "-k", *content, secure.address + "/x")
            self.assertEqual((run.code, run.results[1]["error"]["class"]), (1, "redirect"))
        self.assertEqual(self.server.requests, [])

    def test_it_is_sent_again_only_when_that_is_asked_for(self):
        self.server.answers["/"] = lambda request: (503, {}, b"") if len(self.server.requests) == 1 else b"ok"
        retries = ["--json", "--check", "--retry-delay", "10ms", "-F", "a=@large.png", self.server.address + "/"]
        self.assertEqual(self.haul(*retries).code, 1)
        self.assertEqual(len(self.server.requests), 1)
        self.server.requests.clear()
        self.assertEqual(self.haul(*retries, "--retry-on", "503").code, 0)
        large = (self.folder / "large.png").read_bytes()
        self.assertEqual([large in request.body for request in self.server.requests], [True] * 2)

    def test_a_pipe_is_read_once_and_sent_to_all(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        threading.Thread(target=lambda: pipe.write_bytes(b"from a pipe"), daemon=True).start()
        self.ask("-F", "a=@pipe", self.server.address + "/?2")
        self.assertEqual([b'filename="pipe"' in request.body and b"from a pipe" in request.body
                          for request in self.server.requests], [True] * 2)

    def test_its_values_are_in_no_list_of_processes_and_no_record(self):
        go_on = threading.Event()
        self.addCleanup(go_on.set)
        self.server.answers["/"] = lambda _: (go_on.wait(20), b"ok")[1]
        process = self.start(*ONCE, "-vv", "-F", "a=s3cret", "--form-string", "b=s3cret", self.server.address + "/")
        while not self.server.requests:
            self.assertIsNone(process.poll())
        self.assertNotIn(b"s3cret", pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes())
        go_on.set()
        run = self.finish(process)
        self.assertNotIn("s3cret", run.stdout.decode() + run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
