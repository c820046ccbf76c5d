"""Bodies that come compressed: what is offered, what is saved, and where it ends."""

import gzip
import hashlib
import http.server
import threading
import unittest
import zlib

from harness import RunTest, peak_memory, wait_until

PLAIN = b"".join(b"line %d\n" % i for i in range(200000))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        encoding, body, length = server.answers[self.path.split("?")[0]]
        if isinstance(body, list):
            body = body.pop(0) if len(body) > 1 else body[0]
        self.send_response(200)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("ETag", '"one"')
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
        if length:
            self.close_connection = True

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = answers, []
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass


class Compression(RunTest):
    def serve(self, encoding, body, length=None):
        """At /a; `length` is what the head says, when that is another."""
        self.server = Server({"/a": (encoding, body, length)})
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        return self.server.address + "/a"

    def fetch(self, url, *arguments, code=0):
        run = self.haul("--json", "-P", "out", "--retry", "0", url, *arguments)
        self.assertEqual(run.code, code, run.stderr)
        return run.results[1]

    def test_it_is_offered_only_when_asked_for(self):
        url = self.serve(None, b"plain")
        self.fetch(url)
        self.fetch(url, "--compressed", "--if-exists", "overwrite")
        self.assertNotIn("accept-encoding", self.server.asked[0][1])
        self.assertEqual(self.server.asked[1][1]["accept-encoding"], "gzip, deflate")
        self.assert_files({"a": b"plain"})

    def test_what_is_saved_digested_and_measured_is_what_was_compressed(self):
        raw = zlib.compressobj(wbits=-15)
        for encoding, body in (("gzip", gzip.compress(PLAIN)), ("deflate", zlib.compress(PLAIN)),
                               ("x-gzip", gzip.compress(PLAIN[:999]) + gzip.compress(PLAIN[999:])),
                               ("deflate", raw.compress(PLAIN) + raw.flush())):
            with self.subTest(encoding):
                url = self.serve(encoding, body)
                result = self.fetch(url, "--compressed", "--hash", "sha256", "--if-exists", "overwrite", "--min-size",
                                    len(PLAIN), "--max-size", len(PLAIN))
                self.assert_files({"a": PLAIN})
                self.assertEqual((result["file"]["bytes"], result["size_download"]), (len(PLAIN), len(body)))
                self.assertEqual(result["checksum"]["actual"], hashlib.sha256(PLAIN).hexdigest())

    def test_unasked_it_is_saved_as_it_comes(self):
        body = gzip.compress(PLAIN)
        self.fetch(self.serve("gzip", body))
        self.assert_files({"a": body})

    def test_small_empty_and_absent_bodies_are_whole(self):
        for body, wanted in ((gzip.compress(b"x"), b"x"), (gzip.compress(b""), b""), (b"", b"")):
            self.fetch(self.serve("gzip", body), "--compressed", "--if-exists", "overwrite")
            self.assert_files({"a": wanted})
        self.fetch(self.serve("gzip", gzip.compress(PLAIN)), "--compressed", "--check", "-X", "HEAD")

    def test_one_that_ends_too_early_is_partial_and_all_of_it_is_asked_for_again(self):
        body = gzip.compress(PLAIN)
        url = self.serve("gzip", [body[:-9], body[:len(body) // 2], body])
        run = self.haul("--json", "-P", "out", "--retry", "2", "--retry-delay", "0", "--compressed", url)
        self.assertEqual(run.code, 0, run.stderr)
        self.assertEqual([attempt["error"] and attempt["error"]["class"] for attempt in run.results[1]["attempts"]],
                         ["partial", "partial", None])
        self.assertEqual(run.results[1]["resumed_from"], 0)
        self.assertFalse(any("range" in headers for _, headers in self.server.asked))
        self.assert_files({"a": PLAIN})

    def test_so_is_one_of_which_less_comes_than_its_head_says(self):
        body = gzip.compress(PLAIN)
        url = self.serve("gzip", body, len(body) + 1)
        self.assertEqual(self.fetch(url, "--compressed", code=1)["error"]["class"], "partial")
        run = self.haul("--json", "-P", "out", "--retry", "1", "--retry-delay", "0", "--compressed", url)
        self.assertEqual((run.code, run.results[1]["num_retries"]), (1, 1))
        self.assertFalse(any("range" in headers for _, headers in self.server.asked))
        self.assert_files({})

    def test_a_check_looks_at_the_end_too(self):
        url = self.serve("gzip", gzip.compress(PLAIN)[:-1])
        self.assertEqual(self.fetch(url, "--compressed", "--check", code=1)["error"]["class"], "partial")

    def test_the_rest_of_a_plain_body_is_asked_for_plain(self):
        url = self.serve(None, PLAIN[:300000], len(PLAIN))
        self.haul("--json", "-P", "out", "--retry", "1", "--retry-delay", "0", "--compressed", url)
        asked = [headers for _, headers in self.server.asked]
        self.assertIn("accept-encoding", asked[0])
        self.assertEqual(asked[1]["range"], "bytes=300000-")
        self.assertNotIn("accept-encoding", asked[1])

    def test_what_is_broken_or_was_not_offered_is_not_saved(self):
        body = gzip.compress(PLAIN)
        for encoding, bad in (("gzip", PLAIN), ("gzip", body + b"behind"), ("gzip", body[:-6] + b"??" + body[-4:]),
                              ("br", b"whatever"), ("gzip, gzip", gzip.compress(body))):
            with self.subTest(encoding):
                result = self.fetch(self.serve(encoding, bad), "--compressed", code=1)
                self.assertEqual(result["error"]["class"], "protocol")
                self.assertEqual(self.folder.joinpath("out").exists() and list(self.out.iterdir()), [])

    def test_a_bomb_stops_at_a_hundredfold_or_at_the_limit_that_was_given(self):
        bomb = gzip.compress(bytes(200 << 20), 1)
        url = self.serve("gzip", bomb)
        result = self.fetch(url, "--compressed", code=7)
        self.assertEqual(result["error"]["class"], "size")
        result = self.fetch(url, "--compressed", "--max-size", "1M", code=7)
        self.assertEqual(result["error"]["class"], "size")
        self.assertLess(result["file"]["bytes"], 2 << 20)
        self.assert_files({})
        result = self.fetch(url, "--compressed", "--max-size", "200M")
        self.assertEqual(result["file"]["bytes"], 200 << 20)

    def test_a_slow_reader_of_a_bomb_takes_no_memory(self):
        url = self.serve("gzip", gzip.compress(bytes(1 << 30), 1))
        process = self.start("-o", "-", "--compressed", "--max-size", "2G", url)
        process.stdout.read(1 << 20)
        wait_until(lambda: self.server.asked)
        self.assertLess(peak_memory(process), 300 * 1024)
        process.stdout.close()
        process.stdout = None


if __name__ == "__main__":
    unittest.main()
