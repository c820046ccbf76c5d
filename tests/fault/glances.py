"""What libcurl asks the kernel about a kept connection, and what it need not ask because the loop knows."""

import contextlib
import os
import time
import unittest

from connections import Server
from harness import ENVIRONMENT, RunTest

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
UNASKED = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nunasked"
SERVERS = 60
AT_THAT_MOMENT = 3  # while something is sent, which nobody can tell before; six and more came after the look


def speaks_again(after, more):
    """Answers, and where no other request came `after` so many seconds says `more`, or if that is nothing, ends."""
    def serve(client):
        client.recv(65536)
        client.sendall(ANSWER)
        client.settimeout(after)
        with contextlib.suppress(TimeoutError, BlockingIOError):
            client.recv(65536)
            client.sendall(ANSWER)
            return
        client.sendall(more)
        if more:
            time.sleep(5)
    return serve


class Glances(RunTest):
    def preloaded(self, *arguments, look_takes=0, **options):
        glances = self.folder / "glances"
        run = self.haul("--json", "--check", *arguments, **options, env={
            **ENVIRONMENT, "LD_PRELOAD": os.environ["PRELOADED"], "GLANCES": str(glances),
            **({"LOOK_TAKES": str(look_takes)} if look_takes else {}),
            "ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] + ":verify_asan_link_order=0"})
        self.assertEqual(run.code, 0, run.stderr)
        return run, *map(int, glances.read_text().split())

    def glances(self, jobs, count=600):
        return self.preloaded("-i", "-", "-j", jobs, "--jobs-per-host", jobs, stdin=[self.url("/bytes/100")] * count)[1]

    def test_among_many_the_kernel_is_asked_about_new_connections_only(self):
        self.assertLess(self.glances(64), 150)

    def test_among_few_it_is_asked_once_before_each_request(self):
        glances = self.glances(4)
        self.assertTrue(580 <= glances < 650, glances)

    def ask_each_twice(self, more, *arguments):
        """Many servers that say something more at any moment between the two requests, after the last look too.

        Returns how many were not answered as they should be, and how many requests were sent twice.
        """
        servers = [Server(speaks_again(i * 0.01, more)) for i in range(SERVERS)]
        for server in servers:
            self.addCleanup(server.close)
        run, _, sends = self.preloaded("-i", "-", "-j", "64", "--rate-per-host", "4/s", "--retry", "0", *arguments, look_takes=60,
                                       stdin=[f"http://127.0.0.1:{server.port}/{i}" for i in range(2) for server in servers])
        sizes = [result["size_download"] for result in run.results.values()]
        return 2 * SERVERS - sizes.count(2), sends - 2 * SERVERS

    def test_content_is_not_sent_over_a_connection_that_has_ended_since_the_last_look(self):
        wrong, again = self.ask_each_twice(b"", "-d", "x")
        self.assertEqual(wrong, 0)
        self.assertLessEqual(again, AT_THAT_MOMENT)

    def test_nor_over_one_on_which_the_server_spoke_since(self):
        wrong, _ = self.ask_each_twice(UNASKED, "-d", "x")
        self.assertLessEqual(wrong, AT_THAT_MOMENT)

    def test_what_can_be_asked_twice_is_asked_again_over_another(self):
        wrong, _ = self.ask_each_twice(b"")
        self.assertEqual(wrong, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
