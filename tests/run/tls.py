"""Whom haul believes over TLS, asking nginx: what is wrong is told by name and asked for once; -k lets it through."""

import contextlib
import datetime
import pathlib
import socket
import ssl
import struct
import subprocess
import threading
import unittest

from harness import ENVIRONMENT, Nginx, RunTest, free_port, temporary_folder

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
RETRIES = ["--retry", "3", "--retry-delay", "1ms"]

AUTHORITY = """
[ca]
default_ca = here
[here]
dir = {folder}
database = {folder}/index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
unique_subject = no
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""

SERVER = """
server {{
    listen 127.0.0.1:{port} ssl http2; root {root};
    ssl_certificate {certificate}; ssl_certificate_key {certificate}; {more}
}}"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """Signs certificates; each lies with its key in one file."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "index").touch()
        (folder / "configuration").write_text(AUTHORITY.format(folder=folder))
        self.certificate = folder / "authority.pem"
        self.sign_itself(self.certificate, "authority")

    def sign_itself(self, path, name):
        openssl("req", "-x509", *self.new_key(path, name), "-days", "30", "-out", path)

    def new_key(self, path, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=IP:127.0.0.1" if name == "good" else f"subjectAltName=DNS:{name}.invalid",
                "-keyout", path]

    def sign(self, name, subject="good", begin=NOW - 20 * DAY, end=NOW + 20 * DAY):
        path, request = self.folder / f"{name}.pem", self.folder / f"{name}.request"
        openssl("req", *self.new_key(path, subject), "-out", request)
        openssl("ca", "-batch", "-notext", "-config", self.folder / "configuration", "-cert", self.certificate,
                "-keyfile", self.certificate, "-startdate", begin.strftime("%Y%m%d%H%M%SZ"), "-enddate",
                end.strftime("%Y%m%d%H%M%SZ"), "-in", request, "-out", self.folder / f"{name}.signed")
        with path.open("a") as file:
            file.write((self.folder / f"{name}.signed").read_text())
        return path


class TlsTest(RunTest):
    """nginx with a port for each of the certificates."""

    @classmethod
    def setUpClass(cls):
        folder = temporary_folder()
        cls.addClassCleanup(folder.cleanup)
        cls.place = pathlib.Path(folder.name)
        cls.authority, cls.stranger = Authority(cls.place / "known"), Authority(cls.place / "unknown")
        cls.root = cls.place / "root"
        cls.root.mkdir()
        (cls.root / "file").write_bytes(b"contents")
        cls.servers, cls.ports = "", {}
        cls.add_servers()
        nginx = Nginx(cls.root, servers=cls.servers)
        cls.addClassCleanup(nginx.close)
        cls.plain = nginx.port

    @classmethod
    def add_servers(cls):
        sign = cls.authority.sign
        cls.good = sign("good")
        itself = cls.place / "itself.pem"
        cls.authority.sign_itself(itself, "good")
        cls.add("good", cls.good)
        cls.add("expired", sign("expired", end=NOW - DAY))
        cls.add("early", sign("early", begin=NOW + DAY))
        cls.add("elsewhere", sign("elsewhere", subject="elsewhere"))
        cls.add("itself", itself)
        cls.add("unknown", cls.stranger.sign("unknown"))
        cls.add("client", cls.good, f"ssl_client_certificate {cls.authority.certificate}; ssl_verify_client on;")
        cls.add("old", cls.good, "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers DEFAULT@SECLEVEL=0;")
        cls.add("1.2", cls.good, "ssl_protocols TLSv1.2;")
        cls.add("1.3", cls.good, "ssl_protocols TLSv1.3;")

    @classmethod
    def add(cls, name, certificate, more=""):
        cls.ports[name] = free_port()
        cls.servers += SERVER.format(port=cls.ports[name], root=cls.root, certificate=certificate, more=more)

    def url(self, where, scheme="https"):
        return f"{scheme}://127.0.0.1:{self.ports.get(where, where)}/file"

    def ask(self, url, *arguments, code=0):
        run = self.haul("--json", "--check", *RETRIES, "--cacert", self.authority.certificate, url, *arguments)
        self.assertEqual(run.code, code, run.stderr)
        return run.results[1]

    def assert_refused(self, url, *arguments, says, verify_result=None, exit_code=60, attempts=1):
        """By class tls, with these words; `verify_result` None: no certificate came."""
        result = self.ask(url, *arguments, code=1)
        error = result["error"]
        self.assertEqual((error["class"], error["transient"], len(result["attempts"]), result["exitcode"]),
                         ("tls", attempts > 1, attempts, exit_code), error)
        self.assertRegex(error["message"], says)
        self.assertEqual(result["tls"] and result["tls"]["verify_result"], verify_result)
        return result


class Certificates(TlsTest):
    def test_a_good_one_is_believed_and_http_2_is_spoken(self):
        result = self.ask(self.url("1.3"))
        self.assertEqual((result["http_version"], result["size_download"]), ("2", 8))
        self.assertEqual(result["tls"], {"version": "TLSv1.3", "not_after": written(NOW + 20 * DAY),
                                         "verify_result": 0})
        self.assertEqual(self.ask(self.url("good"), "--http1.1")["http_version"], "1.1")

    def test_what_is_wrong_is_told_by_name_and_not_asked_for_again(self):
        for name, says, verify_result in (
                ("expired", "certificate has expired", 10),
                ("early", "certificate is not yet valid", 9),
                ("elsewhere", "does not match|no alternative certificate subject name matches", 0),
                ("itself", "self.signed certificate", 18),
                ("unknown", "unable to get local issuer certificate", 20)):
            with self.subTest(name):
                self.assert_refused(self.url(name), says=says, verify_result=verify_result)
                result = self.ask(self.url(name), "-k")
                self.assertNotEqual(result["tls"]["verify_result"], 0)
                self.assertEqual(result["size_download"], 8)

    def test_the_record_of_an_expired_one_tells_since_when(self):
        result = self.ask(self.url("expired"), code=1)
        self.assertEqual(result["tls"], {"version": "TLSv1.2", "not_after": written(NOW - DAY), "verify_result": 10})

    def test_each_record_tells_of_its_own_connection(self):
        good, expired, plain = self.url("good"), self.url("expired"), self.url(self.plain, "http")
        run = self.haul("--json", "--check", "-j", "1", "--cacert", self.authority.certificate, good, expired, good,
                        plain, expired, good)
        self.assertEqual([run.results[i]["tls"] and run.results[i]["tls"]["verify_result"] for i in range(1, 7)],
                         [0, 10, 0, None, 10, 0])

    def test_variables_name_the_authorities_too(self):
        own, other = str(self.authority.certificate), str(self.stranger.certificate)
        empty = str(self.root)
        for variables, arguments, code in (({"SSL_CERT_FILE": own}, [], 0), ({"CURL_CA_BUNDLE": own}, [], 0),
                                           ({"CURL_CA_BUNDLE": other, "SSL_CERT_FILE": own}, [], 1),
                                           ({"SSL_CERT_FILE": own, "SSL_CERT_DIR": empty}, [], 0),
                                           ({"SSL_CERT_FILE": own}, ["--cacert", other], 1),
                                           ({"SSL_CERT_FILE": other}, ["--cacert", own], 0),
                                           ({"SSL_CERT_FILE": ""}, [], 1)):
            run = self.haul("--check", "--retry", "0", self.url("good"), *arguments, env={**ENVIRONMENT, **variables})
            self.assertEqual(run.code, code, (variables, arguments, run.stderr))

    def test_keys_are_written_where_sslkeylogfile_says(self):
        keys = self.folder / "keys"
        self.haul("--check", self.url("1.3"), "-k", env={**ENVIRONMENT, "SSLKEYLOGFILE": str(keys)})
        self.assertIn("CLIENT_TRAFFIC_SECRET_0 ", keys.read_text())

    def test_those_that_nobody_vouches_for_are_refused_without_a_file_too(self):
        run = self.haul("--json", "--check", self.url("good"))
        self.assertEqual((run.code, run.results[1]["error"]["class"]), (1, "tls"))

    def test_a_key_is_believed_or_not_whatever_the_certificate_says(self):
        public = self.folder / "public"
        openssl("x509", "-in", self.good, "-noout", "-pubkey", "-out", public)
        self.ask(self.url("good"), "--pinnedpubkey", public)
        self.ask(self.url("1.2"), "-k", "--pinnedpubkey", public)
        for more in ([], ["-k"]):
            self.assert_refused(self.url("good"), "--pinnedpubkey", "sha256//" + "A" * 43 + "=", *more, says="pinned",
                                exit_code=90, verify_result=20 if more else 0)


class ClientCertificates(TlsTest):
    def test_only_the_right_one_opens_nginx(self):
        own, foreign = self.authority.sign("own"), self.stranger.sign("foreign")
        for arguments in ([], ["-E", foreign]):
            result = self.ask(self.url("client"), *arguments, code=1)
            self.assertEqual((result["error"]["class"], result["error"]["code"], result["num_retries"]),
                             ("http", 400, 0))
        self.ask(self.url("client"), "-E", own)
        self.ask(self.url("client"), "--cert", own, "--key", own)

    def test_a_key_or_a_file_that_does_not_fit_is_told_by_its_name(self):
        own, foreign = self.authority.sign("own"), self.stranger.sign("foreign")
        for arguments in (["-E", own, "--key", foreign], ["-E", self.folder / "foreign.pem"]):
            self.assert_refused(self.url("client"), *arguments, says="foreign.pem", exit_code=58)

    def test_a_server_that_demands_one_in_the_handshake_refuses_once(self):
        foreign = self.stranger.sign("foreign")
        for version, exit_code in ((ssl.TLSVersion.TLSv1_2, 35), (ssl.TLSVersion.TLSv1_3, 56)):
            url = self.demanding(version)
            self.assert_refused(url, says="alert (certificate required|handshake failure)", exit_code=exit_code,
                                verify_result=0)
            self.assert_refused(url, "-E", foreign, says="alert unknown ca", exit_code=exit_code, verify_result=0)

    def demanding(self, version):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.good)
        context.minimum_version = context.maximum_version = version
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.authority.certificate)

        def refuse(client):
            tls = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
            with contextlib.suppress(OSError):
                tls.do_handshake()
            while socket.socket.recv(tls, 1000):  # so that nothing is lost by a reset
                pass
            tls.close()

        return f"https://127.0.0.1:{serve(self, refuse)}/"


class Handshakes(TlsTest):
    def test_versions_that_are_not_shared_are_told_and_not_asked_for_again(self):
        for name, arguments in (("old", []), ("1.2", ["--tlsv1.3"]), ("1.3", ["--tls-max", "1.2"])):
            with self.subTest(name):
                self.assert_refused(self.url(name), *arguments, says="protocol", exit_code=35)
                self.assert_refused(self.url(name), "-k", *arguments, says="protocol", exit_code=35)
        for name, arguments, version in (("1.2", ["--tlsv1.2"], "TLSv1.2"), ("1.3", ["--tlsv1.2"], "TLSv1.3"),
                                         ("1.3", ["--tlsv1.3"], "TLSv1.3"), ("1.2", ["--tls-max", "1.2"], "TLSv1.2")):
            self.assertEqual(self.ask(self.url(name), *arguments)["tls"]["version"], version)

    def test_one_that_is_cut_is_tried_again(self):
        half_a_greeting = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"
        for said in (b"", half_a_greeting):
            for end in (lambda client: None, reset):
                def cut(client):
                    client.recv(4096)
                    client.sendall(said)
                    end(client)
                    client.close()

                self.assert_refused(f"https://127.0.0.1:{serve(self, cut)}/", says="SSL_ERROR_SYSCALL|eof|reset",
                                    exit_code=35, attempts=4)

    def test_one_that_never_ends_is_bounded_by_the_time_for_connecting(self):
        run = self.haul("--json", "--check", "--connect-timeout", "300ms", "--retry", "0",
                        f"https://127.0.0.1:{serve(self, lambda client: client.recv(4096))}/")
        self.assertEqual((run.code, run.results[1]["error"]["class"]), (1, "connect"))
        self.assertLess(run.seconds, 20)

    def test_tls_and_what_is_none_do_not_understand_each_other(self):
        self.assert_refused(self.url(self.plain), says="wrong version number", exit_code=35)
        result = self.ask(self.url("good", "http"), code=1)
        self.assertEqual((result["error"]["class"], result["error"]["code"], result["num_retries"]), ("http", 400, 0))


def written(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(test, treat):
    """A port whose connections are treated one after the other, and held until the test ends."""
    server, held = socket.create_server(("127.0.0.1", 0)), []

    def accept():
        with contextlib.suppress(OSError):
            while True:
                client, _ = server.accept()
                held.append(client)
                with contextlib.suppress(OSError):
                    treat(client)

    threading.Thread(target=accept, daemon=True).start()
    test.addCleanup(server.close)
    return server.getsockname()[1]


if __name__ == "__main__":
    unittest.main(verbosity=2)
