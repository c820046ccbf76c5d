"""Real proxies between haul and a server: what goes through, what they refuse, and who sees their passwords."""

import base64
import http.server
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import threading
import unittest

from harness import ENVIRONMENT, RunTest, free_port, is_listening, make_certificate, wait_until

ONCE = ["--json", "--check", "--retry", "0"]
AGAIN = ["--retry", "2", "--retry-delay", "1ms"]
SECRET = "open-sesame"
BASIC = base64.b64encode(f"me:{SECRET}".encode()).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.requests.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.requests = []
        self.port = self.server_address[1]
        self.url = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


class ProxyTest(RunTest):
    def setUp(self):
        super().setUp()
        self.certificate = self.folder / "server.pem"
        make_certificate(self.certificate)
        self.plain, self.secure = Server(), Server(self.certificate)
        for server in (self.plain, self.secure):
            self.addCleanup(server.server_close)
            self.addCleanup(server.shutdown)

    def launch(self, port, *command):
        program = shutil.which(command[0], path=os.environ["PATH"] + ":/usr/sbin")
        process = subprocess.Popen([program, *map(str, command[1:])], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        wait_until(lambda: is_listening(port))

    def tinyproxy(self, *lines):
        port = free_port()
        configuration = self.folder / f"tinyproxy.{port}"
        configuration.write_text("\n".join([f"Port {port}", "Listen 127.0.0.1", "Timeout 20", "MaxClients 50",
                                            f'LogFile "{self.folder}/tinyproxy.log"', *lines, ""]))
        self.launch(port, "tinyproxy", "-d", "-c", configuration)
        return port

    def squid(self, *lines):
        port, folder = free_port(), self.folder / "squid"
        folder.mkdir(exist_ok=True)
        configuration = folder / "configuration"
        configuration.write_text("\n".join([
            f"http_port 127.0.0.1:{port}", f"pid_filename {folder}/pid", f"cache_log {folder}/log",
            "access_log none", "cache deny all", f"coredump_dir {folder}", "shutdown_lifetime 0 seconds",
            "pinger_enable off", *lines, ""]))
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir(), configuration):
                shutil.chown(path, "proxy", "proxy")
        self.launch(port, "squid", "-N", "-n", f"haul{port}", "-f", configuration)
        return port

    def ask(self, url, *arguments, code=0, **options):
        run = self.haul(*ONCE, "-vv", "--cacert", self.certificate, url, *arguments, **options)
        self.assertEqual(run.code, code, run.stderr)
        for secret in (SECRET, BASIC):
            self.assertNotIn(secret, run.stdout.decode() + run.stderr)
        return run.results[1]

    def assert_fails(self, url, *arguments, error, attempts):
        """`error` is class and code."""
        result = self.ask(url, *AGAIN, *arguments, code=1)
        self.assertEqual((result["error"]["class"], result["error"]["code"], len(result["attempts"])),
                         (*error, attempts), result["error"])
        return result["error"]["message"]

    def ask_both(self, *arguments):
        for server in (self.plain, self.secure):
            self.ask(server.url, *arguments)
            self.assertNotIn("Proxy-Authorization", server.requests[-1])


class Http(ProxyTest):
    def test_both_schemes_go_through_tinyproxy(self):
        self.ask_both("-x", f"http://127.0.0.1:{self.tinyproxy()}")

    def test_a_proxy_that_wants_a_password_gets_it_and_nobody_else_does(self):
        port = self.tinyproxy(f"BasicAuth me {SECRET}")
        self.ask_both("-x", f"http://me:{SECRET}@127.0.0.1:{port}")
        proxy = f"http://me:{SECRET}@127.0.0.1:{port}"
        environment = {**ENVIRONMENT, "http_proxy": proxy, "https_proxy": proxy}
        self.ask(self.plain.url, env=environment)
        self.ask(self.secure.url, env=environment)

    def test_the_proxy_is_told_who_asks_and_so_is_the_server(self):
        proxy = f"http://127.0.0.1:{self.squid('acl robots browser ^robot/1$', 'http_access allow robots')}"
        self.ask_both("-x", proxy, "-A", "robot/1")
        self.assertEqual({server.requests[-1]["User-Agent"] for server in (self.plain, self.secure)}, {"robot/1"})
        self.ask(self.secure.url, "-x", proxy, "-A", "robot/2", code=1)

    def test_without_its_password_a_proxy_refuses(self):
        port = self.tinyproxy(f"BasicAuth me {SECRET}")
        for user in ("", "me:wrong@"):
            proxy = f"http://{user}127.0.0.1:{port}"
            result = self.ask(self.plain.url, "-x", proxy, code=1)
            self.assertIn((result["error"]["class"], result["error"]["code"]), [("http", 401), ("http", 407)])
            result = self.ask(self.secure.url, "-x", proxy, "--retry", "3", code=1)
            self.assertEqual((result["error"]["class"], result["num_retries"]), ("connect", 0), result["error"])
        self.assertEqual(self.plain.requests + self.secure.requests, [])

    def test_a_tunnel_that_is_refused_is_told_and_not_asked_for_again(self):
        port = self.tinyproxy("ConnectPort 1")
        result = self.ask(self.secure.url, "-x", f"127.0.0.1:{port}", "--retry", "3", code=1)
        self.assertEqual((result["error"]["class"], result["num_retries"]), ("connect", 0))
        self.assertIn("403", result["error"]["message"])
        self.ask(self.plain.url, "-x", f"127.0.0.1:{port}")

    def test_a_proxy_that_is_not_there_is_no_connection(self):
        for url in (self.plain.url, self.secure.url):
            result = self.ask(url, "-x", f"http://me:{SECRET}@127.0.0.1:{free_port()}", code=1)
            self.assertEqual(result["error"]["class"], "connect")

    def test_one_that_does_not_speak_tls_is_told_and_not_asked_again(self):
        message = self.assert_fails(self.plain.url, "-x", f"https://127.0.0.1:{self.plain.port}", error=("tls", 35),
                                    attempts=1)
        self.assertIn("wrong version number", message)

    def test_some_hosts_are_asked_without_it(self):
        proxy = f"http://127.0.0.1:{free_port()}"
        self.ask(self.plain.url, env={**ENVIRONMENT, "http_proxy": proxy, "NO_PROXY": "elsewhere,127.0.0.1"})
        self.ask(self.plain.url, "-x", "", env={**ENVIRONMENT, "http_proxy": proxy})
        self.ask(self.plain.url, env={**ENVIRONMENT, "http_proxy": proxy, "NO_PROXY": "elsewhere"}, code=1)

    def test_squid_refuses_and_says_so(self):
        port = self.squid("acl shut port 1", "http_access allow shut", "http_access deny all")
        result = self.ask(self.plain.url, "-x", f"http://127.0.0.1:{port}", code=1)
        self.assertEqual((result["error"]["class"], result["error"]["code"]), ("http", 403))
        result = self.ask(self.secure.url, "-x", f"http://127.0.0.1:{port}", code=1)
        self.assertEqual(result["error"]["class"], "connect")
        self.assertEqual(self.plain.requests + self.secure.requests, [])


    def test_squid_wants_a_password_and_is_asked_once_without_it(self):
        port = self.squid(*self.passwords())
        for user in ("", "me:wrong@", f"you:{SECRET}@"):
            proxy = f"http://{user}127.0.0.1:{port}"
            self.assert_fails(self.plain.url, "-x", proxy, error=("http", 407), attempts=1)
            message = self.assert_fails(self.secure.url, "-x", proxy, error=("connect", 56), attempts=1)
            self.assertIn("the proxy refuses the tunnel: 407, it wants a user and a password", message)
        self.assertEqual(self.plain.requests + self.secure.requests, [])
        self.ask_both("-x", f"http://me:{SECRET}@127.0.0.1:{port}")

    def passwords(self):
        file, program = self.folder / "passwords", "/usr/lib/squid/basic_ncsa_auth"
        hashed = subprocess.run(["openssl", "passwd", "-apr1", SECRET], check=True, capture_output=True, text=True)
        file.write_text(f"me:{hashed.stdout}")
        return [f"auth_param basic program {program} {file}", "auth_param basic children 1",
                "acl known proxy_auth REQUIRED", "http_access allow known", "http_access deny all"]

    def test_both_schemes_go_through_squid_and_a_server_that_it_does_not_reach_is_asked_for_again(self):
        proxy = f"http://127.0.0.1:{self.squid('http_access allow all')}"
        port = free_port()
        self.ask_both("-x", proxy)
        self.assert_fails(f"http://127.0.0.1:{port}/", "-x", proxy, error=("http", 503), attempts=3)
        self.assert_fails(f"https://127.0.0.1:{port}/", "-x", proxy, error=("connect", 56), attempts=3)


class Https(ProxyTest):
    """A proxy that is spoken to over TLS."""

    def setUp(self):
        super().setUp()
        self.proxy_certificate = self.folder / "proxy.pem"
        make_certificate(self.proxy_certificate)
        port = free_port()
        self.squid(f"https_port 127.0.0.1:{port} tls-cert={self.proxy_certificate}", "http_access allow all")
        self.proxy = f"https://me:{SECRET}@127.0.0.1:{port}"

    def test_both_schemes_go_through_it(self):
        self.ask_both("-x", self.proxy, "--proxy-cacert", self.proxy_certificate)
        self.ask_both("-x", self.proxy, "--proxy-insecure")

    def test_it_is_believed_by_its_own_certificates_only(self):
        for arguments in ([], ["-k"], ["--proxy-cacert", self.certificate]):
            for url in (self.plain.url, self.secure.url):
                self.assert_fails(url, "-x", self.proxy, *arguments, error=("tls", 60), attempts=1)
        self.assert_fails(self.secure.url, "-x", self.proxy, "--proxy-insecure", "--cacert", self.proxy_certificate,
                          error=("tls", 60), attempts=1)
        self.assertEqual(self.plain.requests + self.secure.requests, [])


class Socks(ProxyTest):
    def test_both_schemes_go_through_it_with_its_password(self):
        port = free_port()
        self.launch(port, "microsocks", "-i", "127.0.0.1", "-p", port, "-u", "me", "-P", SECRET)
        for scheme in ("socks5", "socks5h"):
            self.ask_both("-x", f"{scheme}://me:{SECRET}@127.0.0.1:{port}")

    def test_without_its_password_it_refuses(self):
        port = free_port()
        self.launch(port, "microsocks", "-i", "127.0.0.1", "-p", port, "-u", "me", "-P", SECRET)
        for user in ("", "me:wrong@"):
            for url in (self.plain.url, self.secure.url):
                for scheme in ("socks5", "socks5h"):
                    message = self.assert_fails(url, "-x", f"{scheme}://{user}127.0.0.1:{port}",
                                                error=("connect", 97), attempts=1)
                    self.assertIn("proxy", message)
        self.assertEqual(self.plain.requests + self.secure.requests, [])

    def test_a_server_or_a_proxy_that_is_not_there_is_asked_for_again(self):
        port = free_port()
        self.launch(port, "microsocks", "-i", "127.0.0.1", "-p", port)
        self.assert_fails(f"http://127.0.0.1:{free_port()}/", "-x", f"socks5://127.0.0.1:{port}",
                          error=("connect", 97), attempts=3)
        self.assert_fails(self.plain.url, "-x", f"socks5://127.0.0.1:{free_port()}", error=("connect", 7), attempts=3)


class Exceptions(ProxyTest):
    """Who is asked without the proxy, which is not there."""

    def goes_directly(self, host, *arguments, **environment):
        url = f"http://{host}:{self.plain.port}/"
        fixed = ["--resolve", f"{host}:{self.plain.port}:127.0.0.1"] if host[-1].isalpha() else []
        run = self.haul(*ONCE, url, *fixed, *arguments,
                        env={**ENVIRONMENT, "http_proxy": f"http://127.0.0.1:{free_port()}", **environment})
        if run.code != 0:
            self.assertEqual(run.results[1]["error"]["class"], "connect", run.results[1])
        return run.code == 0

    def test_no_proxy_names_hosts_their_subdomains_and_networks(self):
        for hosts, host, directly in (
                ("*", "a.invalid", True),
                ("a.invalid", "a.invalid", True),
                ("A.Invalid", "a.invalid", True),
                ("a.invalid", "b.a.invalid", True),
                (".a.invalid", "b.a.invalid", True),
                ("a.invalid", "ba.invalid", False),
                ("b.a.invalid", "a.invalid", False),
                ("x.invalid,a.invalid", "a.invalid", True),
                ("x.invalid, a.invalid", "a.invalid", True),
                ("", "a.invalid", False),
                ("127.0.0.1", "127.0.0.1", True),
                ("127.0.0.0/8", "127.0.0.1", True),
                ("10.0.0.0/8", "127.0.0.1", False),
                ("127.0.0", "127.0.0.1", False)):
            with self.subTest(hosts=hosts, host=host):
                self.assertEqual(self.goes_directly(host, NO_PROXY=hosts), directly)
                if hosts in ("a.invalid", "127.0.0.0/8"):
                    self.assertEqual(self.goes_directly(host, no_proxy=hosts), directly)
                    self.assertEqual(self.goes_directly(host, "--noproxy", hosts), directly)

    def test_the_option_comes_before_the_environment_and_the_small_name_before_the_large_one(self):
        self.assertFalse(self.goes_directly("a.invalid", "--noproxy", "x.invalid", NO_PROXY="a.invalid"))
        self.assertFalse(self.goes_directly("a.invalid", no_proxy="x.invalid", NO_PROXY="a.invalid"))
        self.assertTrue(self.goes_directly("a.invalid", "-x", ""))

    def test_only_the_small_name_is_believed_for_http(self):
        self.assertTrue(self.goes_directly("a.invalid", http_proxy="", HTTP_PROXY="http://127.0.0.1:1"))
        self.assertFalse(self.goes_directly("a.invalid", http_proxy="", ALL_PROXY="http://127.0.0.1:1"))


class Secrets(RunTest):
    def test_user_and_password_in_urls_are_in_no_list_of_processes(self):
        silent = self.url("/silent").replace("//", f"//me:{SECRET}@")
        proxy = self.enterContext_(socket.create_server(("127.0.0.1", 0)))  # which answers nothing
        proxy = f"me:{SECRET}@127.0.0.1:{proxy.getsockname()[1]}"
        for arguments in ([silent], ["--", silent], [silent.removeprefix("http://")],
                          [self.url("/silent"), "-x", proxy],
                          [self.url("/silent"), f"--proxy=http://{proxy}"]):
            with self.subTest(arguments):
                process = self.start("--json", "-vv", "--check", "-m", "1.5", "--retry", "0", *arguments)
                shown = pathlib.Path(f"/proc/{process.pid}/cmdline")
                wait_until(lambda: b"*" in shown.read_bytes())
                self.assertNotIn(SECRET.encode(), shown.read_bytes())
                run = self.finish(process)
                self.assertNotIn(SECRET, run.stdout.decode() + run.stderr)
                self.assertEqual(run.results[1]["error"]["class"], "timeout")

    def test_those_of_a_proxy_are_in_no_report(self):
        proxy = f"http://me:{SECRET}@{self.origin.address.removeprefix('http://')}"  # which answers as a server would
        reports = [f"report.{kind}" for kind in ("jsonl", "json", "csv", "xml", "tap", "html", "har")]
        self.haul("--check", "-vv", "--retry", "0", *[word for name in reports for word in ("--report", name)],
                  "http://there.invalid/status/404", "https://there.invalid/", "-x", proxy)
        for name in reports:
            contents = (self.folder / name).read_text()
            self.assertIn("there.invalid", contents)
            for secret in (SECRET, BASIC):
                self.assertNotIn(secret, contents)

    def test_a_refused_proxy_is_not_repeated(self):
        run = self.haul(self.url("/bytes/1"), "-x", f"http://me:{SECRET}\n@127.0.0.1:1")
        self.assertEqual(run.code, 2)
        self.assertNotIn(SECRET, run.stderr)


class Protocols(RunTest):
    def ask(self, url, *arguments, code=0):
        run = self.haul(*ONCE, url, *arguments)
        self.assertEqual(run.code, code, run.stderr)
        return run.results[1]

    def test_only_those_allowed_are_spoken(self):
        before = self.origin.stats()["connections"]
        for protocols in ("=https", "-http", "-all,https", "=http,=https", "-all,+https,-ftp"):
            result = self.ask(self.url("/bytes/1"), "--proto", protocols, code=1)
            self.assertEqual((result["error"]["class"], result["exitcode"]), ("denied", 1))
        self.assertEqual(self.origin.stats()["connections"], before + 1)
        for protocols in ("=http", "all", "http", "-https", "-all,http", "=https,http", "=HTTP"):
            self.ask(self.url("/bytes/1"), "--proto", protocols)

    def test_redirects_lead_to_those_allowed_only(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        server.target = self.url("/bytes/1")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        self.ask(url, "--proto-redir", "=http,https")
        self.assertEqual(self.ask(url, "--proto-redir", "=https", code=1)["error"]["class"], "redirect")
        server.target = "https://127.0.0.1:1/"
        result = self.ask(url, "--proto", "=http", "--proto-redir", "=https", code=1)
        self.assertEqual(result["error"]["class"], "redirect")

    def test_no_others_can_be_allowed(self):
        for protocols in ("=ftp", "+file", "", "-all", "=http,-http", "=", ",", "http;https", "=ftp,https"):
            if protocols == "":
                continue
            for option in ("--proto", "--proto-redir"):
                self.assertEqual(self.haul(self.url("/bytes/1"), option, protocols).code, 2, protocols)


class Redirecting(Handler):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", self.server.target)
        self.send_header("Content-Length", "0")
        self.end_headers()


if __name__ == "__main__":
    unittest.main()
