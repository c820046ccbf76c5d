"""With --ordered a run tells of its URLs in the order of the input, whatever the order in which they end."""

import os
import random
import signal
import socket
import time
import unittest

from harness import RunTest

READ_AHEAD = 1024


class Ordered(RunTest):
    def setUp(self):
        super().setUp()
        self.looks = self.origin.stats()["requests"]  # ours are counted, too

    def delays(self, count, longest, seed=7):
        generator = random.Random(seed)
        return [self.url(f"/delay/{generator.randrange(longest)}/bytes/1") for _ in range(count)]

    def ordered(self, *arguments, stdin, jobs=64):
        run = self.haul("--json", "--check", "--ordered", "-i", "-", "-j", jobs, "--jobs-per-host", jobs, *arguments,
                        stdin=stdin)
        told = [line["index"] for line in run.lines if line["type"] == "result"]
        self.assertEqual(told, sorted(told))
        return run, told

    def begin(self, urls, *arguments):
        (self.folder / "list").write_text("\n".join(urls))
        return self.start("--json", "--check", "--ordered", "-i", "list", *arguments)

    def asked(self):
        self.looks += 1
        return self.origin.stats()["requests"] - self.looks

    def wait_until_asked(self, count):
        while self.asked() < count:
            time.sleep(0.01)

    def test_ten_thousand_urls_that_take_any_time(self):
        count = 10000
        run, told = self.ordered(stdin=self.delays(count, 20), jobs=256)
        self.assertEqual((run.code, told), (0, list(range(1, count + 1))))

    def test_bad_lines_failures_and_retries_keep_their_places(self):
        urls = self.delays(50, 30)
        urls[0] = self.url("/status/503/2")
        urls[10:12] = ["no url", self.url("/status/404")]
        urls[20] = "http://127.0.0.1:1/"
        run, told = self.ordered("--retry-delay", "50ms", "--retry", "2", stdin=urls)
        self.assertEqual((run.code, told), (1, list(range(1, 51))))
        self.assertEqual([index for index in told if run.results[index]["status"] == "failed"], [11, 12, 21])
        self.assertEqual(run.results[1]["num_retries"], 2)

    def test_a_part_of_the_input_has_gaps_and_is_in_order(self):
        run, told = self.ordered("--shard", "2/3", stdin=self.delays(90, 20))
        self.assertEqual((run.code, told), (0, list(range(2, 91, 3))))

    def test_a_slow_first_url_holds_the_rest_back_and_no_more_is_begun_than_there_is_room_for(self):
        with socket.create_server(("127.0.0.1", 0)) as slow:
            urls = [f"http://127.0.0.1:{slow.getsockname()[1]}/"] + [self.url(f"/bytes/{i}") for i in range(3000)]
            process = self.begin(urls, "-j", "32", "--jobs-per-host", "32")
            client, _ = slow.accept()
            self.addCleanup(client.close)
            process.stdout.readline()  # the run
            os.set_blocking(process.stdout.fileno(), False)
            room = READ_AHEAD + 32
            self.wait_until_asked(room - 1)
            self.assertIn(process.stdout.read(), (None, b""))
            time.sleep(0.2)
            self.assertEqual(self.asked(), room - 1)
            os.set_blocking(process.stdout.fileno(), True)
            client.recv(1000)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            run = self.finish(process)
        self.assertEqual((run.code, run.summary["ok"]), (0, 3001))

    def test_an_interrupt_tells_of_all_that_was_read_and_in_order(self):
        process = self.begin([self.url("/silent")] + self.delays(500, 20))
        self.wait_until_asked(100)
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        told = [line["index"] for line in run.lines if line["type"] == "result"]
        self.assertEqual((run.code, told), (130, list(range(1, 502))))
        self.assertEqual(run.results[1]["status"], "cancelled")

    def test_a_reader_that_leaves_ends_the_run(self):
        process = self.begin(self.delays(2000, 5))
        process.stdout.readline()
        process.stdout.close()
        self.assertNotEqual(process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
