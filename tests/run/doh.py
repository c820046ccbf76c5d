"""--doh-url: names are looked up over https and nowhere else."""

import http.server
import ipaddress
import json
import resource
import ssl
import struct
import threading
import unittest

from harness import RunTest, make_certificate
from service import Service

ONCE = ["--json", "--check", "--retry", "0"]
ADDRESS, ADDRESS_6, NAME_ERROR = 1, 28, 3


def read_question(message):
    """(name, type, where it ends)"""
    labels, at = [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode())
        at += 1 + message[at]
    return ".".join(labels), struct.unpack_from("!H", message, at + 1)[0], at + 5


def answer_to(message, addresses):
    """RFC 1035; addresses None: there is no such name."""
    _, kind, end = read_question(message)
    size = {ADDRESS: 4, ADDRESS_6: 16}[kind]
    packed = [packed for packed in (ipaddress.ip_address(text).packed for text in addresses or []) if len(packed) == size]
    head = message[:2] + struct.pack("!HHHHH", 0x8180 | (NAME_ERROR if addresses is None else 0), 1, len(packed), 0, 0)
    records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, size) + each for each in packed]
    return head + message[12:end] + b"".join(records)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        message = self.rfile.read(int(self.headers["Content-Length"]))
        name, _, _ = read_question(message)
        self.server.asked.append((self.path, name, dict(self.headers)))
        if name.startswith("hanging"):
            self.server.go_on.wait(20)
        status = 500 if name.startswith("broken") else 200
        body = b"no" if name.startswith("garbage") else answer_to(message, self.server.names.get(name))
        self.send_response(status)
        self.send_header("Content-Type", "application/dns-message")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class DohServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 200

    def __init__(self, certificate, names):
        super().__init__(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.asked, self.names, self.go_on = [], names, threading.Event()
        self.address = f"https://127.0.0.1:{self.server_address[1]}/dns-query"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass


class Doh(RunTest):
    def setUp(self):
        super().setUp()
        self.certificate = self.folder / "certificate.pem"
        make_certificate(self.certificate)
        self.names = {"one.example": ["127.0.0.1"], "two.example": ["::1", "127.0.0.1"], "empty.example": [],
                      "inside.example": ["10.0.0.1"], **{f"host{i}.example": ["127.0.0.1"] for i in range(40)}}
        self.doh = DohServer(self.certificate, self.names)
        self.server = Service({"/": b"ok"})
        for closed in (self.doh.server_close, self.doh.shutdown, self.server.close, self.doh.go_on.set):
            self.addCleanup(closed)
        self.port = self.server.server_address[1]

    def at(self, host):
        return f"http://{host}:{self.port}/"

    def ask(self, *arguments, code=0, **options):
        run = self.haul(*ONCE, "--cacert", self.certificate, "--doh-url", self.doh.address, *arguments, **options)
        self.assertEqual(run.code, code, run.stderr)
        return run.results

    def asked(self):
        return {name for _, name, _ in self.doh.asked}

    def test_names_are_looked_up_there_and_the_request_carries_nothing_else(self):
        results = self.ask("-u", "me:secret", "-b", "a=secret", "-H", "X-Key: secret", self.at("one.example"),
                           self.at("two.example"))
        self.assertEqual([results[i]["remote_ip"] for i in (1, 2)], ["127.0.0.1"] * 2)
        self.assertEqual(self.asked(), {"one.example", "two.example"})
        self.assertGreater(results[1]["time_namelookup"], 0)
        self.assertIsNone(results[1]["tls"])
        self.assertEqual({path for path, *_ in self.doh.asked}, {"/dns-query"})
        self.assertNotIn("secret", str(self.doh.asked))

    def test_redirects_are_looked_up_there_too(self):
        self.server.answers["/"] = lambda request: (302, {"Location": f"http://two.example:{self.port}/end"}, b"")
        self.server.answers["/end"] = b"ok"
        self.ask(self.at("one.example"))
        self.assertEqual(self.asked(), {"one.example", "two.example"})

    def test_what_is_known_is_not_looked_up(self):
        self.ask("--resolve", f"one.example:{self.port}:127.0.0.1", self.at("one.example"), self.at("127.0.0.1"),
                 self.at("localhost"))
        self.assertEqual(self.doh.asked, [])

    def test_no_answer_is_a_failure_of_dns(self):
        for host in ("missing.example", "empty.example", "broken.example", "garbage.example"):
            with self.subTest(host):
                error = self.ask(self.at(host), code=1)[1]["error"]
                self.assertEqual((error["class"], error["code"]), ("dns", 6), error)
                self.assertIn(host, error["message"])
        self.assertEqual(self.server.requests, [])

    def test_a_server_that_hangs_has_the_time_for_connecting(self):
        for limit in (["--connect-timeout", "2s"], ["-m", "2s"]):
            results = self.ask(*limit, "-j", "1", self.at("hanging.example"), self.at("one.example"), code=1)
            self.assertEqual(results[1]["error"]["class"], "timeout" if "-m" in limit else "dns", results[1]["error"])
            self.assertEqual(results[2]["status"], "ok")

    def test_an_answer_that_comes_late_is_not_taken_for_another(self):
        self.names["hanging.example"] = ["127.0.0.2"]
        process = self.start(*ONCE, "--cacert", self.certificate, "--doh-url", self.doh.address, "-m", "2s", "-j", "1",
                             *map(self.at, ("hanging.example", "one.example", "two.example")))
        for _ in range(2):
            first = json.loads(process.stdout.readline())
        self.doh.go_on.set()
        second, third, _ = map(json.loads, self.finish(process).stdout.splitlines())
        self.assertEqual([result["remote_ip"] for result in (first, second, third)], [None, "127.0.0.1", "127.0.0.1"])

    def test_a_server_that_is_not_believed_or_not_there_is_not_gone_round(self):
        run = self.haul(*ONCE, "-k", "--doh-url", self.doh.address, self.at("one.example"))
        self.assertEqual((run.code, run.results[1]["error"]["class"]), (1, "dns"))
        self.doh.shutdown()
        self.doh.server_close()
        self.assertEqual(self.ask(self.at("localhost.example"), code=1)[1]["error"]["class"], "dns")
        self.assertEqual(self.server.requests, [])

    def test_what_private_addresses_are_denied_holds(self):
        results = self.ask("--deny-private", self.at("one.example"), self.at("inside.example"), code=1)
        self.assertEqual([results[i]["error"]["class"] for i in (1, 2)], ["denied"] * 2)
        self.assertEqual(self.asked(), {"one.example", "inside.example"})
        self.assertEqual(self.server.requests, [])

    def test_many_names_at_once_get_their_addresses_with_few_descriptors(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120))

        results = self.ask("-j", "128", *[self.at(f"host{i}.example") for i in range(40)], preexec_fn=limit)
        self.assertEqual({result["status"] for result in results.values()}, {"ok"})
        self.assertEqual(len(self.asked()), 40)

    def test_only_https_will_do(self):
        for url in ("http://127.0.0.1/", "ftp://127.0.0.1/", "//"):
            self.assertEqual(self.haul("--doh-url", url, self.at("one.example")).code, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
