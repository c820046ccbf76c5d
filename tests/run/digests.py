"""Digests that answers tell of their bodies: another body is not saved."""

import base64
import hashlib
import http.server
import threading
import unittest

from harness import RunTest, pattern


def told(algorithm, body):
    return base64.b64encode(hashlib.new(algorithm, body).digest()).decode()


class Server(http.server.ThreadingHTTPServer):
    """Each path is a body and headers; with a `cut` the first answer stops there, and the next may be the rest."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        body, headers, cut = self.server.answers[self.path]
        first = int(self.headers.get("Range", "bytes=0-")[6:-1])
        self.server.asked.append(first)
        self.send_response(206 if first else 200)
        for name, value in headers:
            self.send_header(name, value)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        if cut and len(self.server.asked) == 1:
            self.wfile.write(body[:cut])
            self.close_connection = True
        else:
            self.wfile.write(body[first:])


class Digests(RunTest):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def fetch(self, body, *headers, cut=None, expect=0, arguments=()):
        path = f"/{len(self.server.answers)}"
        self.server.answers[path] = (body, headers, cut)
        self.server.asked.clear()
        run = self.haul("--json", "-P", "out", "--retry-delay", "10ms", *arguments,
                        f"http://127.0.0.1:{self.server.server_port}{path}")
        self.assertEqual(run.code, expect, run.stderr)
        saved = self.out / path[1:]
        self.assertEqual(saved.exists(), expect == 0 and "--check" not in arguments)
        self.assertEqual([name.name for name in self.out.glob("*.part")], [])
        return run.results[1]

    def headers(self, body):
        return [("Content-MD5", told("md5", body)),
                ("Digest", f"UNIXsum=30637,SHA-256={told('sha256', body)}"),
                ("Digest", f"sha={told('sha1', body)}"),
                ("Repr-Digest", f"sha-512=:{told('sha512', body)}:"),
                ("Content-Digest", f"crc32c=:AAAAAA==:, sha-256=:{told('sha256', body)}:")]

    def test_a_body_that_is_as_told_is_saved_and_the_record_says_so(self):
        for body in (b"", b"hello", pattern(700_000)):
            for name, value in self.headers(body):
                checks = self.fetch(body, (name, value))["checks"]
                self.assertEqual(len(checks), 1, name)
                self.assertTrue(checks[0]["name"].startswith(name))
                self.assertTrue(checks[0]["ok"])

    def test_a_body_that_is_not_as_told_is_not_saved(self):
        for body in (b"", b"hello", pattern(700_000)):
            for name, value in self.headers(b"another"):
                result = self.fetch(body, (name, value), expect=7)
                self.assertEqual(result["error"]["class"], "checksum")
                self.assertIn(name, result["error"]["message"])
                self.assertEqual(len(result["attempts"]), 1)
                self.assertIs(result["checks"][0]["ok"], False)
                self.assertFalse(result["file"]["published"])

    def test_all_that_is_told_must_hold(self):
        right, wrong = self.headers(b"hello"), self.headers(b"another")
        checks = self.fetch(b"hello", *right)["checks"]
        self.assertEqual({check["ok"] for check in checks}, {True})
        for i in range(len(right)):
            self.fetch(b"hello", *right[:i], wrong[i], *right[i + 1:], expect=7)

    def test_what_is_not_known_or_no_digest_is_passed_over(self):
        for name, value in (("Digest", "crc32c=AAAAAA=="), ("Digest", "sha-256=nonsense"), ("Repr-Digest", "sha-256=?1"),
                            ("Content-MD5", "x"), ("Repr-Digest", ""), ("Digest", ",,,=,=")):
            self.assertEqual(self.fetch(b"hello", (name, value))["checks"], [])

    def test_an_encoded_body_is_not_what_is_told_of(self):
        self.fetch(b"hello", ("Content-Encoding", "br"), *self.headers(b"another"))

    def test_it_goes_along_with_digests_that_are_asked_for(self):
        body = pattern(300_000)
        for algorithm in ("sha256", "sha512", "md5"):
            digest = hashlib.new(algorithm, body).hexdigest()
            result = self.fetch(body, *self.headers(body), arguments=["--hash", algorithm])
            self.assertEqual(result["checksum"]["actual"], digest)
            self.fetch(body, *self.headers(b"another"), expect=7, arguments=["--checksum", f"{algorithm}={digest}"])
            self.fetch(body, *self.headers(b"another"), expect=7, arguments=["--check", "--hash", algorithm])

    def test_a_body_that_goes_on_after_a_cut_is_checked_as_a_whole(self):
        body = pattern(700_000)
        tag = ("ETag", '"one"')
        result = self.fetch(body, tag, *self.headers(body), cut=400_000)
        self.assertEqual((self.server.asked, result["resumed_from"]), ([0, 400_000], 400_000))
        self.assertTrue(all(check["ok"] for check in result["checks"]))
        self.fetch(body, tag, *self.headers(b"another"), cut=400_000, expect=7)


if __name__ == "__main__":
    unittest.main(verbosity=2)
