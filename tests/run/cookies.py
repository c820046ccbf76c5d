"""Cookies: given, read, set by servers, and saved; and where none of them goes."""

import http.server
import stat
import threading
import unittest

from harness import RunTest

ONCE = ["--json", "--check", "--retry", "0"]


class Handler(http.server.BaseHTTPRequestHandler):
    """/set/NAME sets a cookie, /to/URL redirects; all tell what came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.came.append((self.headers["Host"].split(":")[0], self.headers["Cookie"]))
        word, _, rest = self.path[1:].partition("/")
        self.send_response(302 if word == "to" else 200)
        if word == "set":
            self.send_header("Set-Cookie", f"{rest}=secret-{rest}; Path=/; Max-Age=3600")
        for number in range(40 if word == "many" else 0):
            self.send_header("Set-Cookie", f"{rest}-{number}=x; Path=/; Max-Age=3600")
        if word == "domain":
            self.send_header("Set-Cookie", f"wide=wide; Path=/; Domain={rest}")
        if word == "to":
            self.send_header("Location", rest)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 500


class Cookies(RunTest):
    def setUp(self):
        super().setUp()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.came = self.came = []
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]
        self.jar = self.folder / "jar"

    def at(self, path, host="one.example"):
        return f"http://{host}:{self.port}{path}"

    def ask(self, *arguments, code=0):
        run = self.haul(*ONCE, "-j", "1", "--connect-to", f"::127.0.0.1:{self.port}", *arguments)
        self.assertEqual(run.code, code, run.stderr)
        self.assertNotIn("secret", run.stdout.decode() + run.stderr)
        return run

    def test_a_flood_of_them_is_forgotten_and_those_given_are_not(self):
        (self.folder / "given").write_text("ours.example\tFALSE\t/\tFALSE\t0\tours\tours\n")
        urls = [self.at(f"/many/{number}", f"{number}.example") for number in range(600)]
        (self.folder / "list").write_text("\n".join([*urls, self.at("/a", "ours.example")]))
        run = self.haul("--check", "-q", "-b", "given", "-c", "jar", "-i", "list", "--connect-to", f"::127.0.0.1:{self.port}",
                        "-j", "1")
        self.assertEqual((run.code, self.came[-1]), (0, ("ours.example", "ours=ours")))
        kept = len(self.jar.read_text().splitlines())
        self.assertTrue(2 < kept < 20000, kept)

    def test_those_given_go_to_their_origin_and_no_other(self):
        self.ask("-b", "a=1", "-b", "b=secret; c=3", self.at("/to/" + self.at("/to/" + self.at("/", "two.example"))))
        self.assertEqual(self.came, [("one.example", "a=1; b=secret; c=3")] * 2 + [("two.example", None)])

    def test_without_being_asked_for_none_are_kept(self):
        self.ask(self.at("/set/a"), self.at("/"))
        self.assertEqual([cookie for _, cookie in self.came], [None, None])

    def test_those_set_go_back_where_they_belong_and_nowhere_else(self):
        self.ask("-b", "", self.at("/set/a"), self.at("/"), self.at("/"), self.at("/", "two.example"),
                 self.at("/to/" + self.at("/", "one.example"), "two.example"))
        self.assertEqual(sorted(self.came, key=str), sorted(
            [("one.example", None), *[("one.example", "a=secret-a")] * 3, *[("two.example", None)] * 2], key=str))
        self.ask(self.at("/"), "-b", "")
        self.assertEqual(self.came[-1], ("one.example", None))

    def test_none_are_set_for_other_hosts_and_public_suffixes(self):
        self.ask("-b", "", self.at("/domain/co.uk", "one.co.uk"), self.at("/", "two.co.uk"),
                 self.at("/domain/two.example"), self.at("/", "two.example"))
        self.assertEqual({cookie for _, cookie in self.came}, {None})

    def test_a_jar_holds_them_from_one_run_to_the_next(self):
        for _ in range(2):
            self.ask("-b", self.jar, "-c", self.jar, self.at("/set/a"))
        self.assertEqual([cookie for _, cookie in self.came], [None, "a=secret-a"])
        self.assertEqual(stat.S_IMODE(self.jar.stat().st_mode), 0o600)
        self.assertIn("one.example\tFALSE\t/\tFALSE\t", self.jar.read_text())
        self.assertEqual([path.name for path in self.folder.iterdir()], ["jar"])

    def test_files_of_either_kind_are_read_and_nothing_else_in_them_counts(self):
        self.jar.write_text("# a comment\r\n\nALL\nFLUSH\nRELOAD\none.example\tFALSE\t/\tFALSE\t0\tsid\tx\r\n"
                            "#HttpOnly_one.example\tFALSE\t/\tFALSE\t0\thidden\ty\n"
                            "Set-Cookie: head=z; domain=one.example; path=/\n" + "x" * 100000 + "\n")
        self.ask("-b", self.jar, self.at("/"), self.at("/", "two.example"))
        self.assertEqual(sorted(self.came[0][1].split("; ")), ["head=z", "hidden=y", "sid=x"])
        self.assertEqual(self.came[1], ("two.example", None))

    def test_a_jar_that_cannot_be_written_is_a_local_failure(self):
        run = self.ask("-c", self.folder / "missing/jar", self.at("/set/a"), code=5)
        self.assertIn("missing/jar", run.stderr)

    def test_what_is_wrong_is_told_before_anything_is_asked(self):
        for cookie in ("missing", "a=b\r\nX: y", self.folder):
            self.assertEqual(self.haul("-b", cookie, self.at("/")).code, 2)
        self.jar.write_bytes(b"a\0b")
        self.assertEqual(self.haul("-b", self.jar, self.at("/")).code, 2)
        self.assertEqual(self.came, [])

    def test_many_transfers_at_once_share_them(self):
        urls = [self.at(f"/{'set/' if i % 3 else ''}name{i}") for i in range(300)]
        run = self.haul(*ONCE, "-j", "200", "--jobs-per-host", "200", "--connect-to", f"::127.0.0.1:{self.port}", "-c",
                        self.jar, *urls)
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual(sum("secret-" in line for line in self.jar.read_text().splitlines()), 200)


if __name__ == "__main__":
    unittest.main()
