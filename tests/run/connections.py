"""Connections that end when they please: what was asked on them is asked again, and what was cut is never whole."""

import json
import os
import pathlib
import socket
import ssl
import struct
import threading
import unicodedata
import unittest

from harness import Nginx, RunTest, free_port, make_certificate, temporary_folder

FILES = 1000


class Server:
    """Answers connections one after another, each with `serve(client)`, until closed."""

    def __init__(self, serve, certificate=None):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.serve = serve
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(client,), daemon=True).start()

    def answer(self, client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            self.serve(client)
        except OSError:
            pass
        finally:
            client.close()

    def close(self):
        self.listener.close()


def read_request(client):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            return None
        head += byte
    return head


class Connections(RunTest):
    def server(self, serve, certificate=None):
        server = Server(serve, certificate)
        self.addCleanup(server.close)
        return f"http{'s' if certificate else ''}://127.0.0.1:{server.port}"

    def test_what_was_broken_off_leaves_no_bytes_for_who_comes_next_over_one_http2_connection(self):
        site = self.folder / "site"
        site.mkdir()
        bodies = [os.urandom(3 << 20) for _ in range(4)]
        for i, body in enumerate(bodies):
            (site / str(i)).write_bytes(body)
        certificate = self.certificate()
        nginx = Nginx(site, certificate=certificate)
        self.addCleanup(nginx.close)
        jobs = [{"url": f"{nginx.address}/{i % 4}", "output": str(i)} for i in range(36)]
        for job in jobs[::3]:
            job["size"] = 1000  # as its head shows, it is not
        run = self.haul("--json", "-P", "out", "--http2", "--cacert", certificate, "--retry", "0", "-j", "4", "-i", "-",
                        stdin=[json.dumps(job) for job in jobs])
        self.assertEqual((run.code, run.summary["ok"]), (7, 24), run.stderr)
        for i in range(36):
            if i % 3:
                self.assertTrue((self.out / str(i)).read_bytes() == bodies[i % 4], f"{i} holds something else")

    def test_http2_at_once_without_tls_answers_each_of_many(self):
        (self.folder / "site").mkdir()
        (self.folder / "site" / "it").write_bytes(b"it")
        port = free_port()
        nginx = Nginx(self.folder / "site", servers=f"server {{ listen 127.0.0.1:{port} http2; root {self.folder}/site; }}")
        self.addCleanup(nginx.close)
        for arguments in ([], ["-X", "GET", "-d", "content"]):
            run = self.haul("--json", "--check", "--http2-prior-knowledge", "--retry", "0", *arguments,
                            *[f"http://127.0.0.1:{port}/it?{i}" for i in range(40)])
            self.assertEqual((run.code, run.summary["ok"]), (0, 40), run.stderr)
            self.assertEqual({result["http_version"] for result in run.results.values()}, {"2"})

    def certificate(self):
        path = self.folder / "certificate.pem"
        make_certificate(path)
        return path

    def test_a_connection_closed_just_as_it_is_used_again_costs_no_attempt(self):
        def serve(client):
            for _ in range(3):
                if read_request(client):
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        address = self.server(serve)
        run = self.haul("--json", "--check", "-i", "-", "--retry", "0", stdin=[f"{address}/{i}" for i in range(300)])
        self.assertEqual(run.code, 0, run.stderr[:500])
        self.assertEqual(run.summary["retries"], 0)

    def test_a_connection_reset_just_as_it_is_used_again_costs_no_attempt(self):
        def serve(client):
            read_request(client)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            read_request(client)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        address = self.server(serve)
        run = self.haul("--json", "--check", "-i", "-", "--retry", "0", stdin=[f"{address}/{i}" for i in range(100)])
        self.assertEqual(run.code, 0, run.stderr[:500])
        self.assertEqual(run.summary["retries"], 0)

    def test_a_connection_that_is_always_closed_without_an_answer_is_a_failure_in_the_end(self):
        address = self.server(read_request)
        run = self.haul("--json", "-P", "out", f"{address}/name", "--retry", "2", "--retry-delay", "1ms")
        self.assertEqual(run.results[1]["error"]["class"], "connect")
        self.assertEqual(len(run.results[1]["attempts"]), 3)
        self.assert_files({})

    def test_a_body_cut_under_tls_is_partial_though_its_length_was_not_said(self):
        def serve(client):
            read_request(client)
            client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf of it")
            os.close(client.detach())  # the connection ends, TLS does not

        address = self.server(serve, self.certificate())
        run = self.haul("--json", "-k", "-P", "out", f"{address}/name", "--retry", "0")
        self.assertEqual(run.results[1]["error"]["class"], "partial", run.results[1]["error"])
        self.assert_files({})

    def test_a_body_that_ends_with_its_connection_is_whole_when_tls_ends_too(self):
        def serve(client):
            read_request(client)
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\nall of it")
            client.unwrap()

        address = self.server(serve, self.certificate())
        run = self.haul("--json", "-k", "-P", "out", f"{address}/name", "--retry", "0")
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({"name": b"all of it"})

    def test_a_job_that_nobody_was_asked_for_tells_nothing_of_the_job_before(self):
        for urls in ([self.url("/bytes/10"), "http://no-such-host.invalid/"],
                     [self.url("/redirect/1"), "http://no-such-host.invalid/"]):
            result = self.haul("--json", "--check", "-j", "1", "--retry", "0", *urls).results[2]
            told = {name: value for name, value in result.items() if value and
                    name.startswith(("size_", "num_", "remote_", "http_", "speed_"))}
            self.assertEqual((result["error"]["class"], told, result["time_connect"]), ("dns", {}, 0))

    def test_a_certificate_that_is_trusted_is_fine_and_another_is_not(self):
        certificate = self.certificate()

        def serve(client):
            read_request(client)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        address = self.server(serve, certificate)
        run = self.haul("--json", "--cacert", certificate, "-P", "out", f"{address}/name")
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual(run.results[1]["tls"]["verify_result"], 0)
        for arguments in ([], ["--cacert", "/etc/ssl/certs/ca-certificates.crt"]):
            run = self.haul("--json", *arguments, "-P", "out", f"{address}/other", "--retry-delay", "1ms")
            self.assertEqual(run.results[1]["error"]["class"], "tls")
            self.assertEqual(run.results[1]["num_retries"], 0)
        wrong_name = address.replace("127.0.0.1", "localhost")
        run = self.haul("--json", "--cacert", certificate, "-P", "out", f"{wrong_name}/other", "--retry", "0")
        self.assertEqual(run.results[1]["error"]["class"], "tls")

    def test_what_a_server_says_is_escaped_for_people_and_for_programs(self):
        def serve(client):
            read_request(client)
            client.sendall(b"HTTP/1.1 404 \x1b[31mred\x1b[0m \xff\r\nX-Odd: \x1b]0;title\x07 \xff\xfe \xe2\x80\xae\r\n"
                           b"Content-Type: \"quoted\\\"\r\nContent-Length: 0\r\n\r\n")

        address = self.server(serve)
        run = self.haul("--json", "-v", f"{address}/name", "--retry", "0")
        self.assertEqual(run.results[1]["response_code"], 404)
        self.assertTrue(run.stderr.replace("\n", "").isprintable(), run.stderr)
        self.assertFalse([character for character in run.stdout.decode() if unicodedata.category(character) == "Cc"
                          and character != "\n"])

    def test_bytes_behind_an_answer_without_body_are_not_the_next_answer(self):
        def serve(client):
            while request := read_request(client):
                if b"/empty" in request:
                    client.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n"
                                   b"Content-Length: 6\r\n\r\nfooled")
                else:
                    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")

        address = self.server(serve)
        lines = [f"{address}/{kind}\t{kind}-{i}" for i in range(20) for kind in ("empty", "good")]
        run = self.haul("--json", "-P", "out", "-i", "-", "-j", "1", stdin=lines)
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({f"{kind}-{i}": content for i in range(20) for kind, content in (("empty", b""),
                                                                                          ("good", b"good"))})

    def flooded_by(self, head, line):
        def serve(client):
            read_request(client)
            client.sendall(head)
            while True:
                client.sendall(line * 1000)

        run = self.haul("--json", "-P", "out", self.server(serve) + "/name", "--retry", "0", "-m", "20")
        self.assertEqual(run.results[1]["error"]["class"], "protocol", run.results[1]["error"])
        self.assert_files({})

    def test_endless_headers_trailers_and_early_answers_are_refused(self):
        answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
        self.flooded_by(answer, b"Trailer: and another one\r\n")
        self.flooded_by(b"HTTP/1.1 200 OK\r\n", b"Header: and another one\r\n")
        self.flooded_by(b"HTTP/1.1 200 OK\r\nHeader: 1\r\n", b" and it goes on\r\n")
        self.flooded_by(b"", b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n")

    def test_a_proxy_that_cannot_be_reached_is_told_without_its_secrets(self):
        run = self.haul("--json", "-v", "-x", f"http://somebody:tell-nobody@127.0.0.1:{free_port()}", "--retry", "1",
                        "--retry-delay", "1ms", self.url("/bytes/1"))
        self.assertEqual(run.results[1]["error"]["class"], "connect")
        self.assertNotIn("tell-nobody", run.stderr + run.stdout.decode())

    def test_a_proxy_is_asked_for_the_whole_url(self):
        run = self.haul("--json", "-x", self.origin.address, "-P", "out", "http://somewhere.invalid/echo", "--retry", "0")
        self.assertEqual(run.results[1]["response_code"], 400)  # the origin is no proxy, and says so
        self.assertEqual(run.results[1]["remote_port"], self.origin.port)


class Closing(RunTest):
    """A real server that closes connections after a few requests, over HTTP/1.1 and HTTP/2."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = temporary_folder()
        cls.addClassCleanup(root.cleanup)
        cls.contents = {f"{i}": os.urandom(300_000 if i % 100 == 0 else i) for i in range(FILES)}
        for name, content in cls.contents.items():
            pathlib.Path(root.name, name).write_bytes(content)
        cls.root = root.name

    def save_all(self, server, *arguments):
        self.addCleanup(server.close)
        run = self.haul("--json", "-k", "-P", "out", "-i", "-", "-j", "64", "--retry-delay", "10ms", *arguments,
                        stdin=[f"{server.address}/{name}" for name in self.contents])
        self.assertEqual(run.code, 0, run.stderr[:1000])
        self.assert_one_record_each(run, FILES)
        self.assert_files(self.contents)
        return run

    def certificate(self):
        path = self.folder / "certificate.pem"
        make_certificate(path)
        return path

    def test_over_http_1(self):
        run = self.save_all(Nginx(self.root, keepalive_requests=3), "--jobs-per-host", "16")
        self.assertEqual(run.summary["retries"], 0)

    def test_over_tls_and_http_1(self):
        run = self.save_all(Nginx(self.root, self.certificate(), keepalive_requests=5), "--http1.1")
        self.assertEqual({result["http_version"] for result in run.results.values()}, {"1.1"})

    def test_over_http_2_with_few_connections(self):
        run = self.save_all(Nginx(self.root, self.certificate()), "--jobs-per-host", "64")
        self.assertEqual({result["http_version"] for result in run.results.values()}, {"2"})
        self.assertLess(sum(result["num_connects"] for result in run.results.values()), 10)

    def test_over_http_2_that_goes_away(self):
        self.save_all(Nginx(self.root, self.certificate(), keepalive_requests=20), "--jobs-per-host", "64")


if __name__ == "__main__":
    unittest.main(verbosity=2)
