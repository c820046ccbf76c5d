"""A list in which everything goes wrong that can go wrong with a URL, its host and its server."""

import contextlib
import socket
import threading
import unittest

from harness import Nginx, RunTest, make_certificate, pattern

LONG_LINE = "http://127.0.0.1/" + "a" * 70_000
QUICKLY = ["--retry", "0", "-y", "1", "-Y", "100", "--connect-timeout", "5", "-m", "8"]


class Faults(RunTest):
    def setUp(self):
        super().setUp()
        refusing = self.enterContext_(socket.socket())
        refusing.bind(("127.0.0.1", 0))
        self.refusing = f"http://127.0.0.1:{refusing.getsockname()[1]}/refused"

    def untrusted(self):
        certificate = self.folder / "certificate.pem"
        make_certificate(certificate)
        nginx = Nginx(self.folder, certificate)
        self.addCleanup(nginx.close)
        return nginx.address + "/certificate.pem"

    def faults(self):
        """Lines, each with the class of error it must end with; None: it is fine."""
        url = self.url
        return [
            (url("/bytes/10"), None),
            (b"\x00\x01\x02\xff\xfe", "input"),
            (b"http://127.0.0.1/a\x00b", "input"),
            (b"\xff\xfe\xfd", "input"),
            (LONG_LINE, "input"),
            ("ftp://127.0.0.1/file", "input"),
            ("file:///etc/passwd", "input"),
            ("not a url", "input"),
            ("http://", "input"),
            ("http://127.0.0.1:99999/port", "input"),
            ("http://[::1/bracket", "input"),
            (self.refusing, "connect"),
            ("http://no-such-host.invalid/", "dns"),
            (url("/status/404"), "http"),
            (url("/status/500"), "http"),
            (url("/cut/10/20"), "partial"),
            (url("/cut/1000000/2000000"), "partial"),
            (url("/chunked-cut/40000"), "partial"),
            (url("/reset/10/20"), "partial"),
            (url("/stall/10/20"), "stall"),
            (url("/silent"), "stall"),
            (url("/loop"), "redirect"),
            (url("/redirect-to?url=file:///etc/passwd"), "redirect"),
            (url("/redirect-to?url=ftp://127.0.0.1/x"), "redirect"),
            (url("/redirect-to?url=gopher://127.0.0.1/x"), "redirect"),
            (url("/redirect-to?url=http://"), "redirect"),
            (url("/redirect/11"), "redirect"),
            (url("/redirect/10"), None),
            (url("/lengths/10/20"), "protocol"),
            (url("/garbage"), "protocol"),
            (url("/partial"), "protocol"),
            (url("/no-location"), "protocol"),
            (url("/big-header/1000000"), "protocol"),
            (url("/headers/50000"), "protocol"),
            (self.untrusted(), "tls"),
            (url("/close/1000"), None),
            (url("/bytes/0"), None),
            (url("/bytes/3000000"), None),
        ]

    def write_list(self, faults):
        lines = [line.encode() if isinstance(line, str) else line for line, _ in faults]
        (self.folder / "list").write_bytes(b"\n".join(lines))

    def check_classes(self, run, faults):
        results = run.results
        for index, (line, wanted) in enumerate(faults, 1):
            error = results[index]["error"]
            with self.subTest(line=line[:60]):
                self.assertEqual(error and error["class"], wanted, error)
                self.assertEqual(results[index]["status"], "failed" if wanted else "ok")

    def test_each_line_ends_as_one_record_of_the_right_class_and_nothing_partial_is_left(self):
        faults = self.faults()
        self.write_list(faults)
        run = self.haul("--json", "-i", "list", "-P", "out", *QUICKLY)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, len(faults))
        self.check_classes(run, faults)
        self.assert_files({"10": pattern(10) if (self.out / "10").stat().st_size == 10 else b"arrived\n",
                           "10.1": pattern(10) if (self.out / "10.1").stat().st_size == 10 else b"arrived\n",
                           "1000": pattern(1000), "0": b"", "3000000": pattern(3_000_000)})
        self.assertLess(run.seconds, 20)

    def test_the_same_list_is_told_alike_when_nothing_is_saved(self):
        faults = self.faults()
        self.write_list(faults)
        run = self.haul("--check", "--json", "-i", "list", *QUICKLY)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, len(faults))
        self.check_classes(run, faults)
        self.assertFalse(self.out.exists())

    def test_failures_name_line_and_file(self):
        self.write_list([(self.url("/bytes/1"), None), ("ftp://127.0.0.1/file", "input")])
        run = self.haul("-i", "list", "-P", "out")
        self.assertIn("ftp://127.0.0.1/file", run.stderr)
        self.assertIn("list:2", run.stderr)

    def test_a_server_that_never_answers_is_bounded_by_the_longest_time(self):
        run = self.haul("--json", self.url("/silent"), "-m", "1", "--retry", "0")
        self.assertEqual(run.results[1]["error"]["class"], "timeout")
        self.assertLess(run.seconds, 5)

    def test_a_drip_is_bounded_by_the_longest_time(self):
        run = self.haul("--json", self.url("/drip/1000/100"), "-m", "1", "--retry", "0", "-P", "out")
        self.assertEqual(run.results[1]["error"]["class"], "timeout")
        self.assertLess(run.seconds, 5)
        self.assert_files({})

    def test_a_black_hole_is_bounded_by_the_time_for_connecting(self):
        hole = self.enterContext_(socket.create_server(("127.0.0.1", 0), backlog=0))
        fill = [self.enterContext_(socket.socket()) for _ in range(4)]
        for client in fill:
            client.setblocking(False)
            client.connect_ex(hole.getsockname())
        run = self.haul("--json", f"http://127.0.0.1:{hole.getsockname()[1]}/", "--connect-timeout", "1", "--retry", "0")
        self.assertEqual(run.results[1]["error"]["class"], "connect")
        self.assertLess(run.seconds, 5)

    def test_an_address_that_is_a_black_hole_makes_way_for_the_next(self):
        with socket.socket(socket.AF_INET6) as hole, contextlib.ExitStack() as clients:
            hole.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            hole.bind(("::1", self.origin.port))
            hole.listen(0)
            for _ in range(4):
                client = clients.enter_context(socket.socket(socket.AF_INET6))
                client.setblocking(False)
                client.connect_ex(hole.getsockname())
            urls = [f"http://two.invalid:{self.origin.port}/delay/300/bytes/{i}" for i in range(1, 41)]
            run = self.haul("--json", "-i", "-", "-P", "out", "--resolve",
                            f"two.invalid:{self.origin.port}:[::1],127.0.0.1", stdin=urls)
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({str(i): pattern(i) for i in range(1, 41)})

    def test_an_answer_in_pieces_of_one_byte_is_put_together(self):
        answer = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" \
                 b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n"
        run = self.haul("--json", self.serve_once(answer, piecewise=True) + "/name", "-P", "out")
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({"name": b"abcde"})

    def test_what_comes_before_the_answer_is_no_part_of_it(self):
        answer = b"HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nContent-Length: 5\r\n\r\nabcde"
        for before in (b"", b"HTTP/1.1 100 Continue\r\n\r\n",
                       b"HTTP/1.1 103 Early Hints\r\nX-Folded: no\r\nContent-Length: 3\r\n\r\n" * 2):
            with self.subTest(before=before):
                run = self.haul("--json", self.serve_once(before + answer) + "/name", "-P", "out", "--if-exists",
                                "overwrite")
                self.assertEqual(run.code, 0, run.stderr)
                self.assertEqual((run.results[1]["response_code"], run.results[1]["headers"]["x-folded"]),
                                 (200, ["a b"]))
                self.assert_files({"name": b"abcde"})

    def test_a_body_without_a_length_ends_with_its_connection_and_the_record_has_no_length(self):
        run = self.haul("--json", self.serve_once(b"HTTP/1.0 200 OK\r\n\r\nabcde") + "/name", "-P", "out")
        self.assertEqual((run.code, run.results[1]["http_version"]), (0, "1.0"))
        self.assertNotIn("content-length", run.results[1]["headers"])
        self.assert_files({"name": b"abcde"})

    def test_answers_that_leave_their_length_in_doubt_are_refused(self):
        heads = {
            "a sign": b"Content-Length: +3\r\n",
            "two values": b"Content-Length: 3, 4\r\n",
            "no number": b"Content-Length: three\r\n",
            "too much": b"Content-Length: 99999999999999999999\r\n",
            "a bad chunk": b"Transfer-Encoding: chunked\r\n",
        }
        for name, head in heads.items():
            with self.subTest(name):
                run = self.haul("--json", self.serve_once(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nxyz") + "/name",
                                "-P", "out", "--retry", "0")
                self.assertIn(run.results[1]["error"]["class"], ["protocol", "partial"])
                self.assert_files({})

    def test_an_answer_that_is_not_http_is_never_saved(self):
        for answer in (b"SSH-2.0-OpenSSH_9.2\r\n", b"", b"\x00" * 100, b"HTTP/9.9 200 OK\r\n\r\nbody",
                       b"HTTP/1.1 2000 OK\r\n\r\nbody", b"HTTP/1.1 99 OK\r\n\r\nbody", b"HTTP/1.1 200"):
            with self.subTest(answer=answer):
                run = self.haul("--json", self.serve_once(answer) + "/name", "-P", "out", "--retry", "0")
                self.assertEqual(run.code, 1)
                self.assert_files({})

    def serve_once(self, answer, piecewise=False):
        """The address of a server that answers one connection so, and ends it."""
        server = self.enterContext_(socket.create_server(("127.0.0.1", 0)))

        def serve():
            client, _ = server.accept()
            with client:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                client.recv(65536)
                for i in range(len(answer) if piecewise else 1):
                    client.sendall(answer[i:i + 1] if piecewise else answer)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}"


if __name__ == "__main__":
    unittest.main(verbosity=2)
