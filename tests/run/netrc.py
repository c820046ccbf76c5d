"""Users and passwords from a netrc file, beside curl's, and where they go."""

import base64
import http.server
import os
import ssl
import subprocess
import threading
import unittest

from harness import ENVIRONMENT, RunTest, make_certificate

ONCE = ["--json", "--check", "--retry", "0"]


class Handler(http.server.BaseHTTPRequestHandler):
    """/to/URL redirects; all tell who came and where."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        kind, _, credentials = self.headers.get("Authorization", "").partition(" ")
        login = base64.b64decode(credentials).decode() if kind == "Basic" else kind + credentials or None
        self.server.came.append((self.headers["Host"].rpartition(":")[0], login))
        word, _, rest = self.path[1:].partition("/")
        self.send_response(302 if word == "to" else 200)
        if word == "to":
            self.send_header("Location", rest)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


# What curl makes of these, haul does.
ALIKE = {
    "plain": "machine 127.0.0.1 login u password p\n",
    "no newline at the end": "machine 127.0.0.1 login u password p",
    "over lines": "machine 127.0.0.1\n\n\tlogin u\r\n  password\tp\n",
    "any case": "Machine 127.0.0.1 LOGIN u Password p",
    "another host": "machine other.example login u password p",
    "the second": "machine other.example login x password y\nmachine 127.0.0.1 login u password p",
    "several for one": "machine 127.0.0.1 login u password p\nmachine 127.0.0.1 login v password q",
    "default": "machine other.example login x password y\ndefault login u password p",
    "default behind": "machine 127.0.0.1 login u password p\ndefault login x password y",
    "default before": "default login x password y\nmachine 127.0.0.1 login u password p",
    "login only": "machine 127.0.0.1 login u",
    "password first": "machine 127.0.0.1 password p login u",
    "comments": "# machine 127.0.0.1 login x password y\nmachine 127.0.0.1 login u password p # end",
    "a comment between": "machine 127.0.0.1 # here\n login u # there\n password p",
    "number sign inside": "machine 127.0.0.1 login u#1 password p#2",
    "quotes": 'machine 127.0.0.1 login "u v" password "#p\\"q\\\\r"',
    "escapes": 'machine 127.0.0.1 login u password "a\\tb\\xc"',
    "quotes inside": 'machine 127.0.0.1 login u password p"q"',
    "macro": "macdef init\nmachine 127.0.0.1 login x\nbinary\n\nmachine 127.0.0.1 login u password p",
    "account": "machine 127.0.0.1 account x login u password p",
    "empty": "",
    "one word": "machine",
}


class Netrc(RunTest):
    def setUp(self):
        super().setUp()
        self.came = []
        self.file = self.folder / "netrc"
        self.file.touch(0o600)

    def serve(self, context=None):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        server.came = self.came
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server.server_address[1]

    def asked(self, *arguments, code=0, **options):
        """Who came where."""
        self.came.clear()
        run = self.haul(*ONCE, *arguments, **options)
        self.assertEqual(run.code, code, run.stderr)
        self.assertNotIn("secret", run.stdout.decode() + run.stderr)
        return self.came[:]

    def test_a_file_means_what_it_means_to_curl(self):
        url = f"http://127.0.0.1:{self.serve()}/"
        for name, contents in ALIKE.items():
            with self.subTest(name):
                self.file.write_text(contents)
                ours = self.asked("--netrc-file", self.file, url)
                self.came.clear()
                subprocess.run(["curl", "-sf", "--netrc-file", self.file, url], env=ENVIRONMENT, check=True)
                self.assertEqual(ours, self.came)

    def test_each_hop_has_what_the_file_says_of_its_host(self):
        port, other_port = self.serve(), self.serve()
        self.file.write_text("machine one.example login anna password secret1\n"
                             "machine two.example login bert password secret2\n"
                             "default login dora password secret3\n")
        one, two, three = (f"http://{name}.example:{port}" for name in ("one", "two", "three"))
        again = f"http://one.example:{other_port}"
        hosts = [option for url in (one, two, three, again)
                 for option in ("--resolve", f"{url[len('http://'):]}:127.0.0.1")]
        came = self.asked("--netrc-file", self.file, *hosts, f"{one}/to/{again}/to/{two}/to/{three}/to/{one}/")
        self.assertEqual(came, [("one.example", "anna:secret1"), ("one.example", "anna:secret1"),
                                ("two.example", "bert:secret2"), ("three.example", None),
                                ("one.example", "anna:secret1")])
        self.assertEqual(self.asked("--netrc-file", self.file, *hosts, three + "/"),
                         [("three.example", "dora:secret3")])

    def test_nothing_of_it_goes_from_https_to_http(self):
        certificate = self.folder / "certificate.pem"
        make_certificate(certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        secure, plain = f"https://127.0.0.1:{self.serve(context)}", f"http://127.0.0.1:{self.serve()}"
        self.file.write_text("machine 127.0.0.1 login anna password secret")
        came = self.asked("-k", "--netrc-file", self.file, f"{secure}/to/{plain}/to/{secure}/",
                          f"{plain}/to/{secure}/to/{plain}/", "-j1")
        self.assertEqual([login for _, login in came],
                         ["anna:secret", None, "anna:secret", "anna:secret", "anna:secret", "anna:secret"])

    def test_what_is_nearer_goes_before_it(self):
        server = f"127.0.0.1:{self.serve()}/"
        self.file.write_text("machine 127.0.0.1 login anna password secret1\nmachine 127.0.0.1 login bert password b")
        for arguments, login in ((["-u", "me:mine", server], "me:mine"),
                                 ([f"http://you:yours@{server}"], "you:yours"),
                                 ([f"http://bert@{server}"], "bert:b"),
                                 ([f"http://carl@{server}"], "carl:"),
                                 (["--oauth2-bearer", "token", server], "Bearertoken")):
            with self.subTest(arguments):
                self.assertEqual(self.asked("--netrc-file", self.file, *arguments), [("127.0.0.1", login)])

    def test_the_file_is_that_of_the_option_of_netrc_or_of_home(self):
        url = f"http://127.0.0.1:{self.serve()}/"
        for name in ("option", "variable", ".netrc"):
            (self.folder / name).write_text(f"machine 127.0.0.1 login u password {name}")
            os.chmod(self.folder / name, 0o600)
        home = {**ENVIRONMENT, "HOME": str(self.folder)}
        both = {**home, "NETRC": "variable"}
        for arguments, environment, password in ((["-n"], home, ".netrc"), (["-n"], both, "variable"),
                                                 (["--netrc-optional"], both, "variable"),
                                                 (["--netrc-file", "option"], both, "option"), ([], both, None)):
            with self.subTest(arguments):
                came = self.asked(*arguments, url, env=environment)
                self.assertEqual(came, [("127.0.0.1", password and f"u:{password}")])

    def test_one_that_is_missing_is_an_error_unless_it_may_be(self):
        url = f"http://127.0.0.1:{self.serve()}/"
        environment = {**ENVIRONMENT, "HOME": str(self.folder)}
        for arguments in (["-n"], ["--netrc-file", "missing"], ["--netrc-file", "."]):
            run = self.haul(*arguments, url, env=environment)
            self.assertEqual((run.code, self.came), (2, []))
            self.assertIn("netrc", run.stderr)
        for arguments in (["--netrc-optional"], ["--netrc-optional", "--netrc-file", "missing"], ["-n", "--netrc-optional"]):
            self.assertEqual(self.asked(*arguments, url, env=environment), [("127.0.0.1", None)])
        self.file.write_text('machine 127.0.0.1 login u password "secret')
        run = self.haul("--netrc-file", self.file, url)
        self.assertEqual(run.code, 2)
        self.assertIn("a quote in line 1 has no end", run.stderr)
        self.assertNotIn("secret", run.stderr)

    def test_who_else_may_read_it_is_warned_of_once(self):
        url = f"http://127.0.0.1:{self.serve()}/"
        self.file.write_text("machine 127.0.0.1 login u password p")
        for mode, warned in ((0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1)):
            self.file.chmod(mode)
            run = self.haul("--check", "--netrc-file", self.file, url, url)
            self.assertEqual((run.code, run.stderr.count("others than you")), (0, warned))
        self.assertNotIn("others", self.haul("--check", "-q", "--netrc-file", self.file, url).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
