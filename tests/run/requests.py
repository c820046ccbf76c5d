"""What requests carry and where it goes, whom haul connects to, and whom it believes."""

import base64
import http.server
import json
import pathlib
import socketserver
import ssl
import subprocess
import threading
import unittest

from harness import RunTest, wait_until

ONCE = ["--json", "--check", "--retry", "0"]


class Handler(http.server.BaseHTTPRequestHandler):
    """/CODE/TARGET redirects to TARGET; all else is answered with 200."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length", 0))
        self.server.requests.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        code, _, target = self.path[1:].partition("/")
        redirect = code.isdigit() and target
        self.send_response(int(code) if redirect else 200, self.server.reason)
        if redirect:
            self.send_header("Location", target)
        self.send_header("Content-Length", "2" if not redirect else "0")
        self.end_headers()
        if not redirect and self.command != "HEAD":
            self.wfile.write(b"ok")

    do_GET = do_POST = do_PUT = do_HEAD = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context=None, address="127.0.0.1", name=None):
        super().__init__((address, 0), Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.requests, self.reason = [], "OK"
        scheme = "https" if context else "http"
        self.address = f"{scheme}://{name or address}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    class Answer(socketserver.StreamRequestHandler):
        def handle(self):
            self.rfile.readline()
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlocal")


class RequestsTest(RunTest):
    def serve(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def ask(self, *arguments, code=0, **options):
        run = self.haul(*ONCE, *arguments, **options)
        self.assertEqual(run.code, code, run.stderr)
        return run.results[1]


class Contents(RequestsTest):
    def test_data_is_posted_as_a_form(self):
        server = self.serve()
        result = self.ask(server.address + "/", "-d", "a=1", "--data-raw", "@b", "--data-binary", "c")
        self.assertEqual(result["method"], "POST")
        method, _, headers, body = server.requests[0]
        self.assertEqual((method, body), ("POST", b"a=1&@b&c"))
        self.assertEqual(headers["Content-Type"], "application/x-www-form-urlencoded")

    def test_files_are_read_before_the_run_as_curl_does(self):
        server = self.serve()
        (self.folder / "file").write_bytes(b"one\r\ntwo\n\x00three")
        self.ask(server.address + "/", "-d", "@file")
        self.ask(server.address + "/", "--data-binary", "@file")
        self.ask(server.address + "/", "-d", "@-", stdin=b"from a pipe\n")
        self.assertEqual([body for *_, body in server.requests],
                         [b"onetwothree", b"one\r\ntwo\n\x00three", b"from a pipe"])

    def test_a_file_that_is_not_there_is_told_before_anything_is_asked(self):
        server = self.serve()
        for option in ("-d", "--data-binary", "--json-body", "-H", "-u", "--oauth2-bearer"):
            run = self.haul(option, "@missing", server.address + "/")
            self.assertEqual(run.code, 2)
            self.assertIn("No such file", run.stderr)
        self.assertEqual(server.requests, [])

    def test_json_comes_with_its_headers_unless_others_are_given(self):
        server = self.serve()
        self.ask(server.address + "/", "--json-body", '{"a":', "--json-body", "1}")
        self.ask(server.address + "/", "--json-body", "1", "-H", "content-type: text/x", "-X", "PUT")
        method, _, headers, body = server.requests[0]
        self.assertEqual((method, body), ("POST", b'{"a":1}'))
        self.assertEqual((headers["Content-Type"], headers["Accept"]), ("application/json",) * 2)
        method, _, headers, body = server.requests[1]
        self.assertEqual((method, body), ("PUT", b"1"))
        self.assertEqual({name.lower(): value for name, value in headers.items()}["content-type"], "text/x")

    def test_redirects_keep_content_where_rfc_9110_does(self):
        server = self.serve()
        for code in (301, 302, 303, 307, 308):
            server.requests.clear()
            self.ask(server.address + f"/{code}//there", "-d", "x", "-H", "Content-Type: text/x")
            method, path, headers, body = server.requests[1]
            keeps = code in (307, 308)
            self.assertEqual((method, path, body), ("POST" if keeps else "GET", "/there", b"x" if keeps else b""))
            self.assertEqual(headers.get("Content-Type"), "text/x" if keeps else None)

    def test_many_urls_have_the_same_content(self):
        server = self.serve()
        run = self.haul(*ONCE, "-d", "same", *[f"{server.address}/303//{i}" for i in range(20)])
        self.assertEqual(run.code, 0, run.stderr)
        posts = [body for method, *_, body in server.requests if method == "POST"]
        gets = [body for method, *_, body in server.requests if method == "GET"]
        self.assertEqual((posts, gets), ([b"same"] * 20, [b""] * 20))


class Secrets(RequestsTest):
    def test_they_go_to_their_origin_and_no_other(self):
        first, other = self.serve(), self.serve()
        (self.folder / "headers").write_text("X-Key: k\r\n\nAccept: text/x\n")
        self.ask(f"{first.address}/307/{first.address}/307/{other.address}/end", "-u", "me:pass", "-H", "@headers",
                 "-e", "http://from/", "-d", "content")
        basic = "Basic " + base64.b64encode(b"me:pass").decode()
        for _, _, headers, _ in first.requests:
            self.assertEqual((headers["Authorization"], headers["X-Key"], headers["Referer"], headers["Accept"]),
                             (basic, "k", "http://from/", "text/x"))
        self.assertEqual(len(first.requests), 2)
        method, _, headers, body = other.requests[0]
        self.assertEqual((method, body, headers["Accept"]), ("POST", b"content", "text/x"))
        for name in ("Authorization", "X-Key", "Referer"):
            self.assertNotIn(name, headers)

    def test_a_token_goes_to_its_origin_and_no_other(self):
        first, other = self.serve(), self.serve()
        (self.folder / "token").write_text("s3cret\n")
        self.ask(f"{first.address}/302/{other.address}/", "--oauth2-bearer", "@token")
        self.assertEqual(first.requests[0][2]["Authorization"], "Bearer s3cret")
        self.assertNotIn("Authorization", other.requests[0][2])

    def test_the_user_of_a_url_comes_first(self):
        server = self.serve()
        self.ask(server.address.replace("//", "//you:yours@") + "/", "-u", "me:mine")
        self.assertEqual(server.requests[0][2]["Authorization"],
                         "Basic " + base64.b64encode(b"you:yours").decode())

    def test_they_are_in_no_list_of_processes_no_record_and_no_sentence(self):
        secret = "open-sesame"
        url = self.url("/silent")
        process = self.start("--json", "-vv", url, "--retry", "0", "-u", f"me:{secret}", "-H", f"X-Key: {secret}",
                             f"--oauth2-bearer={secret}", f"-d{secret}")
        wait_until(lambda: self.origin.stats()["most_in_flight"] > 1)  # this question is one
        self.assertNotIn(b"open", pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes())
        process.terminate()
        run = self.finish(process)
        self.assertNotIn(secret, run.stdout.decode() + run.stderr)

    def test_a_refused_secret_is_not_repeated(self):
        for arguments in (["-u", "no-colon"], ["-H", "no-colon"]):
            run = self.haul("http://127.0.0.1/", *arguments)
            self.assertEqual(run.code, 2)
            self.assertNotIn("no-colon", run.stderr)


class Places(RequestsTest):
    def test_private_addresses_are_denied_however_a_name_came_to_them(self):
        port = self.origin.port
        before = self.origin.stats()["connections"]
        resolve = ["--resolve", f"inside.invalid:{port}:127.0.0.1", "--resolve",
                   f"both.invalid:{port}:[::ffff:127.0.0.1],10.0.0.1"]
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "inside.invalid", "both.invalid", "0",
                     "169.254.169.254", "2130706433"):
            with self.subTest(host):
                result = self.ask(f"http://{host}:{port}/bytes/1", "--deny-private", *resolve, code=1)
                self.assertEqual(result["error"]["class"], "denied", result["error"])
        self.assertEqual(self.origin.stats()["connections"], before + 1)

    def test_private_addresses_and_a_proxy_do_not_go_together(self):
        run = self.haul(self.url("/bytes/1"), "--deny-private", "-x", "http://127.0.0.1:1")
        self.assertEqual(run.code, 2)
        self.assertIn("proxy", run.stderr)

    def test_only_the_family_that_was_asked_for_is_used(self):
        port = self.origin.port
        resolve = ["--resolve", f"both.invalid:{port}:[::1],127.0.0.1"]
        result = self.ask(f"http://both.invalid:{port}/bytes/1", "-4", *resolve)
        self.assertEqual(result["remote_ip"], "127.0.0.1")
        result = self.ask(f"http://both.invalid:{port}/bytes/1", "-6", *resolve, code=1)
        self.assertEqual(result["error"]["class"], "connect")

    def test_a_connection_may_go_elsewhere(self):
        result = self.ask("http://elsewhere.invalid/bytes/7", "--connect-to", f"::127.0.0.1:{self.origin.port}")
        self.assertEqual((result["size_download"], result["remote_port"]), (7, self.origin.port))

    def test_a_connection_may_go_to_a_local_socket(self):
        path = str(self.folder / "socket")
        server = UnixServer(path, UnixServer.Answer)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.handle_request, daemon=True).start()
        self.assertEqual(self.ask("http://whatever.invalid/", "--unix-socket", path)["size_download"], 5)

    def test_a_connection_may_come_from_an_address(self):
        self.assertEqual(self.ask(self.url("/bytes/3"), "--interface", "127.0.0.1")["size_download"], 3)

    def test_hosts_may_be_asked_without_the_proxy(self):
        self.ask(self.url("/bytes/3"), "-x", "http://127.0.0.1:1", "--noproxy", "127.0.0.1")


class Certificates(RequestsTest):
    def openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=self.folder)

    def setUp(self):
        super().setUp()
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")

    def certificate(self, name, subject="IP:127.0.0.1", days=1):
        (self.folder / "extensions").write_text(f"subjectAltName={subject}\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", days, "-extfile", "extensions", "-out", f"{name}.pem")

    def context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def test_only_a_good_certificate_is_believed(self):
        self.certificate("good")
        self.certificate("expired", days=-1)
        self.certificate("another", subject="DNS:another.invalid")
        for name in ("good", "expired", "another", "ca"):
            with self.subTest(name):
                server = self.serve(self.context(name))
                result = self.ask(server.address + "/", "--cacert", "ca.pem", code=0 if name == "good" else 1)
                self.assertEqual(result["error"] and result["error"]["class"], None if name == "good" else "tls")
                self.assertEqual(len(server.requests), 1 if name == "good" else 0)

    def test_a_folder_of_certificates_is_believed(self):
        self.certificate("good")
        (self.folder / "trusted").mkdir()
        (self.folder / "trusted/ca.pem").write_bytes((self.folder / "ca.pem").read_bytes())
        self.openssl("rehash", "trusted")
        self.ask(self.serve(self.context("good")).address + "/", "--capath", "trusted")

    def test_a_key_may_be_demanded(self):
        self.certificate("good")
        server = self.serve(self.context("good"))
        self.ask(server.address + "/", "--cacert", "ca.pem", "--pinnedpubkey", "good.pem", code=1)
        self.openssl("x509", "-in", "good.pem", "-noout", "-pubkey", "-out", "good.pub")
        self.ask(server.address + "/", "--cacert", "ca.pem", "--pinnedpubkey", "good.pub")
        result = self.ask(server.address + "/", "--cacert", "ca.pem", "--pinnedpubkey", "sha256//" + "A" * 43 + "=",
                          code=1)
        self.assertEqual(result["error"]["class"], "tls")

    def test_versions_have_limits(self):
        self.certificate("good")
        context = self.context("good")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        server = self.serve(context)
        self.assertEqual(self.ask(server.address + "/", "--cacert", "ca.pem")["tls"]["version"], "TLSv1.2")
        result = self.ask(server.address + "/", "--cacert", "ca.pem", "--tlsv1.3", code=1)
        self.assertEqual(result["error"]["class"], "tls")
        server = self.serve(self.context("good"))
        result = self.ask(server.address + "/", "--cacert", "ca.pem", "--tls-max", "1.2")
        self.assertEqual(result["tls"]["version"], "TLSv1.2")

    def test_a_client_certificate_goes_to_its_origin_and_no_other(self):
        self.certificate("good")
        self.certificate("client", subject="DNS:client")
        shown = []
        servers = []
        for mode in (ssl.CERT_REQUIRED, ssl.CERT_OPTIONAL):
            context = self.context("good")
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = mode
            context.load_verify_locations(self.folder / "ca.pem")
            servers.append(self.serve(context))
            finish = servers[-1].finish_request
            servers[-1].finish_request = lambda request, address, finish=finish, name=mode: (
                shown.append((name, request.getpeercert() != {} and request.getpeercert() is not None)),
                finish(request, address))
        first, other = servers
        url = f"{first.address}/302/{other.address}/"
        self.ask(url, "--cacert", "ca.pem", code=1)
        shown.clear()
        self.ask(url, "--cacert", "ca.pem", "--cert", "client.pem", "--key", "client.key")
        self.assertEqual(shown, [(ssl.CERT_REQUIRED, True), (ssl.CERT_OPTIONAL, False)])

    def test_content_does_not_go_from_https_to_http(self):
        self.certificate("good")
        secure, plain = self.serve(self.context("good")), self.serve()
        result = self.ask(f"{secure.address}/307/{plain.address}/", "--cacert", "ca.pem", "-d", "x", code=1)
        self.assertEqual(result["error"]["class"], "redirect")
        self.assertEqual(plain.requests, [])


class Terminal(RequestsTest):
    def test_nothing_that_a_server_says_controls_it(self):
        server = self.serve()
        server.reason = "\x1b]0;owned\x07\x9b31m"
        run = self.haul("-vv", "--check", "--retry", "0", server.address + "/404/x",
                        server.address + "/302/http://127.0.0.1:1/%1b[2J", server.address + "/302/ftp://a%1b]0;x")
        self.assertNotRegex(run.stderr.replace("\n", ""), "[\x00-\x1f\x7f-\x9f]")
        run = self.haul("--json", "--check", "--retry", "0", server.address + "/404/x")
        self.assertNotRegex(run.stdout.decode().replace("\n", ""), "[\x00-\x1f\x7f-\x9f]")
        self.assertEqual(json.loads(run.stdout.splitlines()[1])["error"]["class"], "http")


if __name__ == "__main__":
    unittest.main(verbosity=2)
