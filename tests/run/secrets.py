"""Every kind of secret over every kind of hop: what arrives is what may, and nothing of it is told to anybody else."""

import base64
import collections
import http.server
import pathlib
import ssl
import threading
import unittest

from harness import RunTest, free_port, make_certificate

SECRET = "open-sesame-5527"
BASIC = base64.b64encode(f"me:{SECRET}".encode()).decode()
REPORTS = ["jsonl", "json", "csv", "xml", "tap", "html", "har", "prom"]

# Where a URL leads, and where its redirects do.  "s": https at the first host, "p": at another port of it, "o": at
# another host, "h": the first host over http.
HOPS = {"same": "ss", "port": "sp", "host": "so", "plain": "sh", "back": "sos", "secure": "hs", "insecure": "hh"}

# For each of these, whether a secret arrives.
STAYS = {"same": "11", "port": "10", "host": "10", "plain": "10", "back": "101", "secure": "10", "insecure": "11"}
OF_HOST = {"same": "11", "port": "11", "host": "10", "plain": "10", "back": "101", "secure": "11", "insecure": "11"}
SET = {"same": "01", "port": "01", "host": "00", "plain": "01", "back": "001", "secure": "01", "insecure": "01"}
SET_SECURELY = {**SET, "plain": "00", "secure": "00", "insecure": "00"}
GOES_ALONG = {"same": "11", "port": "11", "host": "11", "plain": "1", "back": "111", "secure": "11", "insecure": "11"}
SHOWN = {**STAYS, "secure": "00", "insecure": "00"}
NOWHERE = {name: "0" * len(hops) for name, hops in HOPS.items()}

Kind = collections.namedtuple("Kind", "arguments mark arrives", defaults=(SECRET, STAYS))

KINDS = {
    "Authorization": Kind(["-H", f"Authorization: Digest {SECRET}"]),
    "user": Kind(["-u", f"me:{SECRET}"], BASIC),
    "token": Kind(["--oauth2-bearer", SECRET]),
    "user in the URL": Kind([], BASIC),
    "user in a Location": Kind([], BASIC, NOWHERE),
    "netrc": Kind(["--netrc-file", "netrc"], BASIC, OF_HOST),
    "default of netrc": Kind(["--netrc-file", "default"], BASIC),
    "cookie": Kind(["-b", f"a={SECRET}"]),
    "header Cookie": Kind(["-H", f"Cookie: a={SECRET}"]),
    "Set-Cookie": Kind(["-b", ""], f"plain={SECRET}", SET),
    "Set-Cookie, Secure": Kind(["-b", ""], f"secure={SECRET}", SET_SECURELY),
    "Proxy-Authorization": Kind(["-H", f"Proxy-Authorization: Basic {SECRET}"]),
    "any header": Kind(["-H", f"X-Api-Key: {SECRET}"]),
    "header of a file": Kind(["-H", "@headers"]),
    "Referer": Kind(["-e", f"http://from.example/{SECRET}"]),
    "user in Referer": Kind(["-e", f"http://me:{SECRET}@from.example/#{SECRET}"], SECRET, NOWHERE),
    "data": Kind(["-d", f"a={SECRET}"], SECRET, GOES_ALONG),
    "data of JSON": Kind(["--json-body", f'"{SECRET}"'], SECRET, GOES_ALONG),
    "form": Kind(["-F", f"a={SECRET}"], SECRET, GOES_ALONG),
    "file": Kind(["-T", "content"], SECRET, GOES_ALONG),
    "client's certificate": Kind(["-E", "client.pem"], "shown: certificate", SHOWN),
}


class Handler(http.server.BaseHTTPRequestHandler):
    """/NAME/N is the Nth hop of HOPS[NAME]."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        test = self.server.test
        _, name, n = self.path.split("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        shown = self.server.secure and self.connection.getpeercert()
        test.came[name].append(f"{self.headers}\n{body}\nshown: {'certificate' if shown else 'nothing'}")
        test.note_process()
        rest = HOPS[name][int(n) + 1:]
        self.send_response(307 if rest else 200)
        if n == "0":
            self.send_header("Set-Cookie", f"plain={SECRET}; Path=/{name}")
            self.send_header("Set-Cookie", f"secure={SECRET}; Path=/{name}; Secure")
        if rest:
            self.send_header("Location", test.place(rest[0], test.user_of_location) + f"/{name}/{int(n) + 1}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, test, context=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.test, self.secure = test, context is not None
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        test.addCleanup(self.server_close)
        test.addCleanup(self.shutdown)

    def handle_error(self, *_):
        pass


class Secrets(RunTest):
    def setUp(self):
        super().setUp()
        for name, contents in {"headers": f"X-Key: {SECRET}\n", "content": SECRET,
                               "netrc": f"machine first.example login me password {SECRET}",
                               "default": f"default login me password {SECRET}"}.items():
            (self.folder / name).write_text(contents)
        make_certificate(self.folder / "client.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "client.pem")
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(self.folder / "client.pem")
        self.ports = {"s": Server(self, context), "p": Server(self, context), "h": Server(self)}
        self.ports = {letter: server.server_address[1] for letter, server in self.ports.items()}
        self.ports["o"] = self.ports["s"]
        self.closed = free_port()

    def host_and_port(self, letter):
        return f"{'other' if letter == 'o' else 'first'}.example:{self.ports[letter]}"

    def place(self, letter, user=""):
        return f"http{'' if letter == 'h' else 's'}://{user}{self.host_and_port(letter)}"

    def note_process(self):
        """From a server's thread: as the machine's other users see it."""
        self.is_running.wait(20)
        self.seen = pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes().decode(errors="replace")

    def assert_untold(self, told):
        for place, text in told.items():
            self.assertTrue(SECRET not in text and BASIC not in text, f"{place} tells it")

    def run_all_hops(self, name, kind):
        user = f"me:{SECRET}@"
        self.user_of_location = user if name == "user in a Location" else ""
        user = user if name == "user in the URL" else ""
        self.came, self.is_running, self.seen = collections.defaultdict(list), threading.Event(), None
        resolve = [option for letter in self.ports
                   for option in ("--resolve", f"{self.host_and_port(letter)}:127.0.0.1")]
        reports = [option for format in REPORTS for option in ("--report", f"report.{format}")]
        urls = [f"{self.place(hops[0], user)}/{name}/0" for name, hops in HOPS.items()]
        failing = f"http://{user}127.0.0.1:{self.closed}/"
        process = self.start("--json", "-vv", "--check", "-k", "--retry", "0", *resolve, *reports, *kind.arguments,
                             *urls, failing)
        self.pid = process.pid
        self.is_running.set()
        run = self.finish(process)
        self.assert_one_record_each(run, len(HOPS) + 1)
        return run

    def test_they_arrive_where_they_may_and_are_told_to_nobody_else(self):
        for name, kind in KINDS.items():
            with self.subTest(name):
                run = self.run_all_hops(name, kind)
                arrived = {hops: "".join(str(int(kind.mark in request)) for request in self.came[hops])
                           for hops in HOPS}
                self.assertEqual(arrived, kind.arrives)
                told = {"standard output": run.stdout.decode(), "standard error": run.stderr,
                        "the list of processes": self.seen,
                        **{format: (self.folder / f"report.{format}").read_text() for format in REPORTS}}
                self.assert_untold(told)

    def test_what_is_refused_is_not_told_either(self):
        url = f"http://me:{SECRET}@127.0.0.1:{self.closed}/"
        (self.folder / "broken").write_text(f'machine a login me password "{SECRET}')
        for arguments in (["-H", SECRET], ["-H", f"A: {SECRET}\n"], ["-u", SECRET], ["--oauth2-bearer", f"{SECRET}\n"],
                          ["-b", f"a={SECRET}\n"], ["-b", SECRET], ["-e", f"{SECRET}\n"], ["-F", SECRET],
                          ["-F", f"a={SECRET};b"], ["-F", f"a=@{SECRET}"], ["-x", f"{SECRET}\n"],
                          ["--netrc-file", "broken"], ["-d", SECRET, "-F", "a=b"], ["--json", "-w", "x"]):
            with self.subTest(arguments):
                run = self.haul("--check", *arguments, url)
                self.assertEqual(run.code, 2)
                self.assert_untold({"the sentence": run.stderr})

    def test_no_file_that_a_run_leaves_behind_has_it(self):
        self.user_of_location, self.came = "", collections.defaultdict(list)
        self.pid, self.is_running = "self", threading.Event()
        self.is_running.set()
        url = f"http://me:{SECRET}@{self.host_and_port('h')}/insecure/0"
        run = self.haul("--resolve", f"{self.host_and_port('h')}:127.0.0.1", "-P", "out", "--cache", "cache.db", url,
                        "-b", "", "-H", f"X-Key: {SECRET}", "--report", "report.jsonl")
        self.assertEqual(run.code, 0, run.stderr)
        left = [self.folder / "cache.db", self.folder / "report.jsonl", *self.out.iterdir()]
        self.assert_untold({path.name: path.name + path.read_bytes().decode(errors="replace") for path in left})


if __name__ == "__main__":
    unittest.main(verbosity=2)
