"""A body that was cut goes on where it ended, or begins anew: two versions are never put together."""

import contextlib
import hashlib
import os
import socket
import threading
import unittest

from harness import RunTest, pattern

SIZE = 700_000
CUT = 400_000
OLD = pattern(SIZE)
NEW = bytes(reversed(OLD))
EARLY = "Sun, 06 Nov 1994 08:49:37 GMT"


class Server:
    """Answers the nth connection with the nth plan, a function of the request's headers that gives bytes to send."""

    def __init__(self, *plans):
        self.plans, self.requests = list(plans), []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/file"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection, contextlib.suppress(OSError, KeyError):
                    self.answer(connection)

    def answer(self, connection):
        lines = []
        with connection.makefile("rb") as request:
            while (line := request.readline().strip()):
                lines.append(line.decode())
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.requests.append(headers)
        plan = self.plans.pop(0) if len(self.plans) > 1 else self.plans[0]
        connection.sendall(plan(headers))

    def close(self):
        self.listener.close()


def head(status, length, *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {length}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def whole(body=OLD, *headers, sent=None):
    return lambda _: head("200 OK", len(body), *headers) + body[:sent]


def cut(*headers, body=OLD, sent=CUT):
    return whole(body, *headers, sent=sent)


def rest(body=OLD, *headers, sent=None):
    """What a good server answers."""
    def answer(request):
        first = int(request["range"].removeprefix("bytes=").removesuffix("-"))
        said = f"Content-Range: bytes {first}-{len(body) - 1}/{len(body)}"
        return head("206 Partial Content", len(body) - first, said, *headers) + body[first:][:sent]
    return answer


def part(content_range, body, *headers):
    return lambda _: head("206 Partial Content", len(body), f"Content-Range: {content_range}", *headers) + body


def status(line):
    return lambda _: head(line, 0)


TAG = 'ETag: "old"'


class Resume(RunTest):
    def fetch(self, *plans, body=OLD, expect=0, arguments=()):
        server = Server(*plans)
        self.addCleanup(server.close)
        run = self.haul("--json", "-P", "out", "-m", "20", "--hash", "sha256", "--retry-delay", "10ms", *arguments, server.url)
        self.assertEqual(run.code, expect, run.stderr)
        result = run.results[1]
        if expect == 0:
            self.assert_files({"file": body})
            checksum = result["checksum"]
            self.assertEqual(checksum["actual"], hashlib.new(checksum["algorithm"], body).hexdigest())
            self.assertEqual(result["file"]["bytes"], len(body))
        else:
            self.assert_files({})
        return result, server.requests

    def test_only_the_rest_is_asked_for_again(self):
        result, requests = self.fetch(cut(TAG), rest(OLD, TAG))
        self.assertNotIn("range", requests[0])
        self.assertEqual((requests[1]["range"], requests[1]["if-range"]), (f"bytes={CUT}-", '"old"'))
        self.assertEqual((result["resumed_from"], result["size_download"]), (CUT, SIZE - CUT))
        self.assertEqual([attempt["size_download"] for attempt in result["attempts"]], [CUT, SIZE - CUT])

    def test_a_digest_that_is_demanded_is_of_the_whole(self):
        for algorithm in ("sha256", "sha1"):
            digest = hashlib.new(algorithm, OLD).hexdigest()
            for second in (rest(OLD, TAG), whole(OLD, TAG), status("416 Range Not Satisfiable")):
                self.fetch(cut(TAG), second, whole(OLD, TAG), arguments=["--checksum", f"{algorithm}={digest}"])
                os.unlink(self.out / "file")

    def test_a_small_body_goes_on_too(self):
        result, _ = self.fetch(cut(TAG, body=OLD[:1000], sent=10), rest(OLD[:1000], TAG), body=OLD[:1000])
        self.assertIn(result["resumed_from"], [0, 10])

    def test_a_body_that_is_cut_again_and_again_comes_in_the_end(self):
        result, requests = self.fetch(cut(TAG, sent=300_000), rest(OLD, TAG, sent=100_000),
                                      rest(OLD, TAG, sent=200_000), rest(OLD, TAG))
        self.assertEqual([request.get("range") for request in requests],
                         [None, "bytes=300000-", "bytes=400000-", "bytes=600000-"])
        self.assertEqual(result["resumed_from"], 600_000)

    def test_an_answer_in_between_that_gives_nothing_costs_nothing(self):
        _, requests = self.fetch(cut(TAG), status("503 Not Now"), lambda _: b"", rest(OLD, TAG))
        self.assertEqual(requests[3]["range"], f"bytes={CUT}-")

    def test_a_date_will_do_when_it_is_past(self):
        dates = (f"Last-Modified: {EARLY}", "Date: Sun, 06 Nov 1994 08:50:00 GMT")
        result, requests = self.fetch(cut(*dates), rest())
        self.assertEqual(requests[1]["if-range"], EARLY)
        self.assertEqual(result["resumed_from"], CUT)

    def test_without_proof_no_rest_is_asked_for(self):
        for headers in ([], ['ETag: W/"old"'], [f"Last-Modified: {EARLY}"], [TAG, "Accept-Ranges: none"],
                        [f"Last-Modified: {EARLY}", f"Date: {EARLY}"]):
            result, requests = self.fetch(cut(*headers), whole(OLD, *headers))
            self.assertNotIn("range", requests[1], headers)
            self.assertEqual(result["resumed_from"], 0)
            os.unlink(self.out / "file")

    def test_whatever_is_not_the_rest_begins_anew(self):
        end = OLD[CUT:]
        last = SIZE - 1
        answers = {
            "the server ignores Range": whole(OLD, TAG),
            "from the beginning": part(f"bytes 0-{last}/{SIZE}", OLD, TAG),
            "a gap": part(f"bytes {CUT + 1}-{last}/{SIZE}", end[1:], TAG),
            "not to the end": part(f"bytes {CUT}-{last - 1}/{SIZE}", end[:-1], TAG),
            "no size": part(f"bytes {CUT}-{last}/*", end, TAG),
            "nonsense": part("bytes", end, TAG),
            "no range at all": lambda _: head("206 Partial Content", len(end), TAG) + end,
            "no tag": part(f"bytes {CUT}-{last}/{SIZE}", end),
            "a tag of another": part(f"bytes {CUT}-{last}/{SIZE}", end, 'ETag: "new"'),
            "another size": part(f"bytes {CUT}-{last + 1}/{SIZE + 1}", end + b"x", TAG),
            "nothing to satisfy": status("416 Range Not Satisfiable"),
            "an empty part": part(f"bytes {CUT}-{CUT - 1}/{SIZE}", b"", TAG),
        }
        for why, answer in answers.items():
            with self.subTest(why):
                result, requests = self.fetch(cut(TAG), answer, whole(OLD, TAG))
                self.assertEqual(result["resumed_from"], 0)
                self.assertLessEqual(len(requests), 3)
                os.unlink(self.out / "file")

    def test_another_version_replaces_what_was_there_of_the_old_one(self):
        for answer in (whole(NEW, 'ETag: "new"'), cut('ETag: "new"', body=NEW), status("416 Gone"),
                       part(f"bytes {CUT}-{SIZE - 1}/{SIZE}", NEW[CUT:], 'ETag: "new"')):
            self.fetch(cut(TAG), answer, lambda request: (rest if "range" in request else whole)(
                NEW, 'ETag: "new"')(request), body=NEW)
            os.unlink(self.out / "file")

    def test_a_new_answer_that_ends_before_its_body_vouches_for_nothing(self):
        _, requests = self.fetch(cut(TAG), cut('ETag: "new"', body=NEW, sent=0),
                                 lambda request: whole(NEW, 'ETag: "new"')(request), body=NEW)
        self.assertEqual(requests[2].get("if-range", '"old"'), '"old"')

    def test_a_part_with_more_bytes_than_it_says_is_refused(self):
        def chunked(request):
            body = OLD[CUT:] + b"more"
            said = f"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {CUT}-{SIZE - 1}/{SIZE}\r\n{TAG}\r\n" \
                   f"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{len(body):x}\r\n"
            return said.encode() + body + b"\r\n0\r\n\r\n"
        result, _ = self.fetch(cut(TAG), chunked, expect=1)
        self.assertEqual(result["error"]["class"], "protocol")

    def test_nothing_is_left_when_no_attempt_brings_the_rest(self):
        result, _ = self.fetch(cut(TAG), rest(OLD, TAG, sent=1000), expect=1)
        self.assertEqual(result["error"]["class"], "partial")
        self.assertEqual(result["num_retries"], 3)

    def test_many_cut_bodies_at_once_come_whole(self):
        server = Server(*[cut(TAG)] * 100, lambda request: (rest if "range" in request else whole)(OLD, TAG)(request))
        self.addCleanup(server.close)
        run = self.haul("--json", "-P", "out", "-i", "-", "--retry-delay", "300ms", "--jobs-per-host", "32",
                        stdin=[f"{server.url}?{i}\tfile{i}" for i in range(100)])
        self.assertEqual(run.code, 0, run.stderr)
        self.assert_files({f"file{i}": OLD for i in range(100)})


if __name__ == "__main__":
    unittest.main(verbosity=2)
