"""Servers that would keep a client for ever: each ends by a limit that is there without being asked for, which these
tests only make shorter."""

import itertools
import re
import socket
import struct
import subprocess
import time
import unittest

from connections import Server, read_request
from harness import ENVIRONMENT, HAUL, RunTest

OK = b"HTTP/1.1 200 OK\r\n"
SOON = ["--speed-time", "1s", "--connect-timeout", "2s", "--retry", "0"]

# Frames of HTTP/2.
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM = 7, 8, 11
STATUS_200 = b"\x88"  # in HPACK


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def read_exactly(client, count):
    data = b""
    while len(data) < count:
        more = client.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def read_frame(client):
    head = read_exactly(client, 9)
    length = int.from_bytes(head[:3], "big")
    return head[3], int.from_bytes(head[5:9], "big") & 0x7fffffff, read_exactly(client, length)


def http2(on_request):
    """Speaks HTTP/2 as far as to call `on_request(client, stream)` for each request."""
    def serve(client):
        read_exactly(client, 24)
        client.sendall(frame(SETTINGS))
        while True:
            kind, stream, _ = read_frame(client)
            if kind == HEADERS:
                on_request(client, stream)
    return serve


def for_ever(beginning, more, pause=0.0):
    def serve(client):
        read_request(client)
        client.sendall(beginning)
        for i in itertools.count():
            client.sendall(more(i))
            time.sleep(pause)
    return serve


class Endless(RunTest):
    def ask(self, serve, *arguments, times=1):
        server = Server(serve)
        self.addCleanup(server.close)
        run = self.haul("--json", "--check", *SOON, *arguments, limit=25,
                        *[f"http://127.0.0.1:{server.port}/{i}" for i in range(times)])
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, times)
        return {result["error"]["class"] for result in run.results.values()}

    def test_the_limits_are_there_without_being_asked_for(self):
        text = subprocess.run([HAUL, "--help", "all"], capture_output=True, env=ENVIRONMENT, check=True).stdout.decode()
        for option, initial in (("speed-time", "30s"), ("speed-limit", "10"), ("connect-timeout", "30s"),
                                ("max-redirs", "10")):
            line = re.search(rf"--{option} .*(?:\n {{20,}}.*)*", text)
            self.assertIsNotNone(line, option)
            self.assertIn(f"({initial})", line[0])

    def test_a_byte_a_second(self):
        drip = for_ever(OK + b"Content-Length: 1000000\r\n\r\n", lambda i: b"x", 1)
        self.assertEqual(self.ask(drip), {"stall"})

    def test_large_pieces_that_come_too_seldom(self):
        burst = for_ever(OK + b"Content-Length: 1000000000\r\n\r\n", lambda i: b"x" * 200000, 0.4)
        self.assertEqual(self.ask(burst, "--speed-limit", "10M"), {"stall"})

    def test_no_answer(self):
        self.assertEqual(self.ask(lambda client: client.recv(1 << 20) and time.sleep(60)), {"stall"})

    def test_a_body_without_a_length_on_a_connection_that_stays(self):
        self.assertEqual(self.ask(for_ever(OK + b"\r\nbegin", lambda i: b"", 0.1)), {"stall"})

    def test_headers_for_ever(self):
        self.assertEqual(self.ask(for_ever(OK, lambda i: b"X-%d: y\r\n" % i, 0.05)), {"stall"})
        self.assertEqual(self.ask(for_ever(OK, lambda i: b"X-%d: y\r\n" % i * 1000)), {"protocol"})
        self.assertEqual(self.ask(for_ever(OK + b"X: ", lambda i: b"y" * 10000)), {"protocol"})

    def test_interim_answers_for_ever(self):
        self.assertLessEqual(self.ask(for_ever(b"", lambda i: b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 0.02)),
                             {"stall", "protocol"})
        self.assertLessEqual(self.ask(for_ever(b"", lambda i: b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)),
                             {"stall", "protocol"})

    def test_chunks_of_nothing(self):
        chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n"
        self.assertLessEqual(self.ask(for_ever(chunked + b"1;", lambda i: b"a" * 10000)), {"stall", "protocol", "partial"})
        self.assertLessEqual(self.ask(for_ever(chunked + b"0\r\n", lambda i: b"X-%d: y\r\n" % i, 0.01)),
                             {"stall", "protocol"})

    def test_a_connection_that_is_not_taken(self):
        listener = self.enterContext_(socket.create_server(("127.0.0.1", 0), backlog=0))
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(8)]  # the queue is full then, and who comes is not heard
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            self.addCleanup(filler.close)
        run = self.haul("--json", "--check", *SOON, f"http://127.0.0.1:{port}/", limit=25)
        self.assertEqual(run.results[1]["error"]["class"], "connect")

    def test_streams_that_are_reset_as_they_come(self):
        for code in (REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM):
            reset = http2(lambda client, stream: client.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", code))))
            told = self.ask(reset, "--http2-prior-knowledge", times=10)
            self.assertLessEqual(told, {"protocol", "connect", "partial"}, code)

    def test_streams_that_begin_and_are_reset(self):
        def reset(client, stream):
            client.sendall(frame(HEADERS, 4, stream, STATUS_200) + frame(DATA, 0, stream, b"x" * 100) +
                           frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))
        self.assertLessEqual(self.ask(http2(reset), "--http2-prior-knowledge", times=10), {"protocol", "partial"})

    def test_a_connection_that_is_always_going_away(self):
        def go_away(client, stream):
            client.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)))
            raise ConnectionError
        self.assertLessEqual(self.ask(http2(go_away), "--http2-prior-knowledge", times=4),
                             {"protocol", "connect", "partial"})

    def test_streams_of_which_nothing_comes_but_pings(self):
        def ping(client, stream):
            while True:
                client.sendall(frame(PING, 0, 0, b"12345678"))
                time.sleep(0.01)
        self.assertLessEqual(self.ask(http2(ping), "--http2-prior-knowledge", times=4), {"stall", "protocol"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
