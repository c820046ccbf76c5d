"""--upload-file: what arrives, beside curl's, and what becomes of it when file or server change their mind."""

import hashlib
import os
import pathlib
import socket
import subprocess
import threading
import unittest
import urllib.parse

from harness import ENVIRONMENT, FRUGAL_SANITIZER, Nginx, RunTest, make_certificate, peak_memory, temporary_folder
from service import Service

ONCE = ["--json", "--retry", "0"]
PIECE = 128 * 1024
SIZES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1, 3000000]
LARGE = (1024 if os.environ.get("HAUL_TESTS_LONG") else 128) * 1024 * 1024
NAMES = ("Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Expect")


class DavNginx(Nginx):
    CONFIGURATION = Nginx.CONFIGURATION.replace("root {root};",
                                                "root {root}; dav_methods PUT; client_max_body_size 0;")


class Raw:
    """Answers no request by itself: `serve(connection, file)` is called with the head read, once for each one."""

    def __init__(self, serve):
        self.serve, self.heads, self.sizes = serve, [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection, connection.makefile("rb") as file:
            while True:
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = file.readline()
                    if not line:
                        return
                    head += line
                self.heads.append(head)
                try:
                    if self.serve(connection, file) is False:
                        return
                except OSError:
                    return

    def take(self, file):
        """The content of the last request, or as much of it as comes."""
        head = self.heads[-1].lower()
        left = int(head.partition(b"content-length: ")[2].split()[0])
        digest, size = hashlib.sha256(), 0
        while left > size:
            piece = file.read1(min(left - size, 1 << 20))
            if not piece:
                break
            digest.update(piece)
            size += len(piece)
        self.sizes.append(size)
        return digest.hexdigest()


def say(connection, status, headers=""):
    connection.sendall(f"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n\r\n".encode())


class Uploads(RunTest):
    def setUp(self):
        super().setUp()
        self.requests = []
        self.file = self.folder / "file"

    def serve(self, answer=None):
        """A service that takes everything, at any path."""
        server = Service({})
        server.answers = type("Any", (), {"get": lambda _, path, default: answer or (201, {}, b"taken")})()
        self.addCleanup(server.close)
        return server

    def raw(self, serve):
        server = Raw(serve)
        self.addCleanup(server.listener.close)
        return server

    def put(self, *arguments, code=0, **options):
        run = self.haul(*ONCE, *arguments, **options)
        self.assertEqual(run.code, code, run.stderr)
        return run

    def assert_failed(self, run, kind, part):
        error = run.results[1]["error"]
        self.assertEqual(error["class"], kind, error)
        self.assertIn(part, error["message"])

    def test_what_arrives_is_what_arrives_from_curl(self):
        server = self.serve()
        (self.folder / "sub").mkdir()
        odd = self.folder / "sub" / "o d%d?\u00e4.txt"
        odd.write_bytes(b"odd")
        for size in SIZES:
            (self.folder / str(size)).write_bytes(os.urandom(size))
        for arguments, path in [*[(["-T", str(size)], "/x") for size in SIZES], (["-T", str(odd)], "/d/?q=/"),
                                (["-T", "1"], ""), (["-T", "1"], "/d/"), (["-T", "1"], "/d/other?q=1"),
                                (["-T", "1", "-X", "POST"], "/x"), (["-T", "1", "-H", "Expect:"], "/x"),
                                (["-T", "1", "-H", "Content-Type: a/b"], "/x")]:
            with self.subTest(arguments=arguments, path=path):
                server.requests.clear()
                result = self.put(*arguments, server.address + path).results[1]
                subprocess.run(["curl", "-sf", *arguments, server.address + path], cwd=self.folder, check=True,
                               env=ENVIRONMENT, capture_output=True)
                ours, theirs = ((request.method, urllib.parse.unquote(request.path), [request.headers[name] for name in NAMES],
                                 hashlib.sha256(request.body).hexdigest()) for request in server.requests)
                self.assertEqual(ours, theirs)
                self.assertEqual(result["size_upload"], len(server.requests[0].body))
                self.assertEqual((result["method"], result["url"]), (ours[0], server.address + server.requests[0].path))

    def test_standard_input_is_sent_to_all_under_no_name(self):
        server = self.serve()
        self.put("-T", "-", server.address + "/d/", server.address + "/e", stdin=b"typed")
        self.assertEqual(sorted((request.path, request.body, request.headers["Content-Length"])
                                for request in server.requests), [("/d/", b"typed", "5"), ("/e", b"typed", "5")])

    def test_answers_are_saved_only_where_that_is_asked_for(self):
        server = self.serve()
        self.file.write_bytes(b"mine")
        self.put("-T", "file", server.address + "/")
        self.assertEqual(self.file.read_bytes(), b"mine")
        self.assertEqual(self.haul("-T", "file", "-o", "-", server.address + "/").stdout, b"taken")
        self.put("-T", "file", "-o", "answer", server.address + "/")
        self.assertEqual((self.folder / "answer").read_bytes(), b"taken")

    def test_nginx_gets_many_files_over_http_1_and_2(self):
        certificate = self.folder / "certificate.pem"
        make_certificate(certificate)
        self.file.write_bytes(os.urandom(3000000))
        for secure in (None, certificate):
            with self.subTest(secure=bool(secure)), temporary_folder() as root:
                server = DavNginx(root, secure)
                self.addCleanup(server.close)
                os.chmod(root, 0o777)
                run = self.put("-k", "-T", "file", "-j", "16", "--jobs-per-host", "16",
                               *[f"{server.address}/{i}" for i in range(40)])
                self.assertEqual({result["http_version"] for result in run.results.values()},
                                 {"2" if secure else "1.1"})
                self.assertEqual({result["size_upload"] for result in run.results.values()}, {3000000})
                whole = self.file.read_bytes()
                for i in range(40):
                    self.assertTrue(pathlib.Path(root, str(i)).read_bytes() == whole, i)

    def test_a_large_file_takes_little_memory(self):
        with self.file.open("wb") as file:
            file.truncate(LARGE)
            file.seek(LARGE // 2)
            file.write(b"something")
        with self.file.open("rb") as file:
            wanted = hashlib.file_digest(file, "sha256").hexdigest()
        took, may_end, digests = threading.Event(), threading.Event(), []
        self.addCleanup(may_end.set)

        def serve(connection, file):
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            digests.append(server.take(file))
            took.set()
            may_end.wait(20)
            say(connection, "201 Created")

        server = self.raw(serve)
        process = self.start(*ONCE, "-T", "file", server.address + "/", env=FRUGAL_SANITIZER)
        self.assertTrue(took.wait(60))
        memory = peak_memory(process)
        may_end.set()
        run = self.finish(process)
        self.assertEqual((run.code, digests, run.results[1]["size_upload"]), (0, [wanted], LARGE))
        self.assertLess(memory, 100 * 1024)

    def test_a_file_that_grows_is_sent_as_it_was(self):
        self.file.write_bytes(b"a" * 5000000)

        def serve(connection, file):
            with self.file.open("ab") as growing:
                growing.write(b"b" * 1000000)
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            digests.append(server.take(file))
            say(connection, "201 Created")

        digests = []
        server = self.raw(serve)
        self.put("-T", "file", server.address + "/")
        self.assertEqual(digests, [hashlib.sha256(b"a" * 5000000).hexdigest()])

    def test_a_file_that_shrinks_fails_of_the_disk(self):
        self.file.write_bytes(b"a" * 5000000)

        def serve(connection, file):
            os.truncate(self.file, 3000000)
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            server.take(file)
            return False

        server = self.raw(serve)
        run = self.put("-T", "file", server.address + "/", code=5)
        self.assert_failed(run, "disk", "'file' became shorter while it was sent")
        self.assertEqual(run.results[1]["exitcode"], 26)

    def test_a_file_that_goes_away_fails_of_the_disk_and_asks_nobody(self):
        def forget(request):
            self.file.unlink(missing_ok=True)
            return 201, {}, b""

        server = self.serve(forget)
        self.file.write_bytes(b"mine")
        run = self.haul(*ONCE, "-j", "1", "-T", "file", server.address + "/1", server.address + "/2")
        self.assertEqual((run.code, len(server.requests)), (5, 1))
        self.assertEqual([run.results[i]["error"] and run.results[i]["error"]["class"] for i in (1, 2)],
                         [None, "disk"])

    def test_what_cannot_be_read_is_told_before_anything_is_asked(self):
        server = self.serve()
        self.file.write_bytes(b"mine")
        for arguments, part in ((["-T", "missing"], "No such file"), (["-T", "."], "Is a directory"),
                                (["-T", "file", "-T", "file"], "given before"), (["-T", "file", "-d", "x"], "one of"),
                                (["-T", "file", "-X", "HEAD", "--check"], "--upload-file")):
            run = self.haul(*arguments, server.address + "/")
            self.assertEqual(run.code, 2)
            self.assertIn(part, run.stderr)
        self.assertEqual(server.requests, [])

    def test_redirects_and_retries_send_all_of_it_again(self):
        self.file.write_bytes(os.urandom(700000))
        end = self.serve(lambda request: (503, {}, b"") if len(end.requests) % 2 else b"ok")
        server = self.serve(lambda request: (int(request.path[1:]), {"Location": end.address + "/end"}, b""))
        for code in (301, 302, 307, 308):
            run = self.haul("--json", "-T", "file", "--retry-delay", "10ms", f"{server.address}/{code}")
            self.assertEqual((run.code, run.results[1]["num_retries"]), (0, 1), run.stderr)
        whole = self.file.read_bytes()
        self.assertEqual([request.body == whole for request in server.requests + end.requests], [True] * 16)
        end.requests.clear()
        self.haul("--json", "-T", "file", "--retry", "0", f"{server.address}/303")
        self.assertEqual([(request.method, request.body) for request in end.requests], [("GET", b"")])

    def test_a_server_may_refuse_before_it_has_all(self):
        self.file.write_bytes(bytes(20000000))
        for serve in (lambda connection, file: say(connection, "413 Too Large"),
                      lambda connection, file: (say(connection, "413 Too Large"), file.read(100000))[:0]):
            run = self.put("-T", "file", self.raw(serve).address + "/", code=1)
            self.assertEqual(run.results[1]["response_code"], 413)
        run = self.put("-T", "file", "-H", "Expect:", self.raw(serve).address + "/", code=1)
        self.assertEqual(run.results[1]["response_code"], 413)

    def test_a_server_that_expects_nothing_is_asked_without(self):
        self.file.write_bytes(os.urandom(300000))
        wanted, digests = hashlib.sha256(self.file.read_bytes()).hexdigest(), []

        def serve(connection, file):
            if b"Expect" in server.heads[-1]:
                connection.sendall(b"HTTP/1.1 417 No\r\nContent-Length: 3\r\n\r\nno!")
            else:
                digests.append(server.take(file))
                say(connection, "201 Created")

        server = self.raw(serve)
        run = self.put("-T", "file", server.address + "/")
        self.assertEqual((digests, run.results[1]["response_code"]), ([wanted], 201))

    def test_a_connection_that_breaks_is_made_anew(self):
        self.file.write_bytes(os.urandom(5000000))
        wanted, digests = hashlib.sha256(self.file.read_bytes()).hexdigest(), []

        def serve(connection, file):
            if len(server.heads) == 1:
                file.read(1000000)
                return False
            digests.append(server.take(file))
            say(connection, "201 Created")
            return None

        server = self.raw(serve)
        run = self.haul("--json", "-T", "file", "--retry-delay", "10ms", "-H", "Expect:", server.address + "/")
        self.assertEqual((run.code, digests, run.results[1]["num_retries"]), (0, [wanted], 1))

    def test_a_kept_connection_that_is_gone_costs_no_content(self):
        self.file.write_bytes(os.urandom(50000))
        wanted, digests = hashlib.sha256(self.file.read_bytes()).hexdigest(), []

        def serve(connection, file):
            digests.append(server.take(file))
            say(connection, "201 Created")
            return False  # without a word

        server = self.raw(serve)
        run = self.haul("--json", "-T", "file", "-j", "1", "-H", "Expect:",
                        *[f"{server.address}/{i}" for i in range(20)])
        self.assertEqual((run.code, digests), (0, [wanted] * 20))

    def test_an_answer_may_come_while_the_file_still_goes(self):
        """As from one who sends back what it gets."""
        self.file.write_bytes(os.urandom(3000000))

        def serve(connection, file):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n")
            left = 3000000
            while left > 0:
                piece = file.read1(min(left, 100000))
                connection.sendall(piece)
                left -= len(piece)

        server = self.raw(serve)
        self.put("-T", "file", "-H", "Expect:", "-o", "back", server.address + "/")
        self.assertTrue((self.folder / "back").read_bytes() == self.file.read_bytes())

    def test_a_server_that_takes_nothing_has_a_limit(self):
        self.file.write_bytes(bytes(20000000))
        stop = threading.Event()
        self.addCleanup(stop.set)
        server = self.raw(lambda connection, file: stop.wait(20) and False)
        run = self.put("-T", "file", "-H", "Expect:", "-m", "500ms", server.address + "/", code=1)
        self.assert_failed(run, "timeout", "not finished within 0.5 s")

    def test_a_signal_ends_it(self):
        self.file.write_bytes(bytes(20000000))
        asked, stop = threading.Event(), threading.Event()
        self.addCleanup(stop.set)
        server = self.raw(lambda connection, file: asked.set() or stop.wait(20) and False)
        process = self.start(*ONCE, "-T", "file", "-H", "Expect:", server.address + "/")
        self.assertTrue(asked.wait(20))
        process.terminate()
        run = self.finish(process)
        self.assertEqual((run.code, run.results[1]["status"]), (143, "cancelled"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
