"""Who gets how much, and when: limits hold, and nobody waits for somebody else's slow server."""

import socket
import time
import unittest

from harness import Origin, RunTest, free_port, wait_until


class Fairness(RunTest):
    def setUp(self):
        super().setUp()
        self.fresh = Origin()
        self.addCleanup(self.fresh.close)

    def finished_at(self, run, address):
        """When the last of an origin's jobs had ended, as a part of the whole run."""
        place = 0
        results = [line for line in run.lines if line["type"] == "result"]
        for i, result in enumerate(results, 1):
            if result["url"].startswith(address):
                place = i
        return place / len(results)

    def test_a_fast_origin_does_not_wait_behind_a_slow_one(self):
        slow = [self.origin.address + "/delay/200/bytes/1"] * 500
        fast = [self.fresh.address + "/bytes/1"] * 200
        run = self.haul("--json", "--check", "-i", "-", "-j", "64", "--jobs-per-host", "32", stdin=slow + fast)
        self.assertEqual(run.code, 0)
        self.assertLess(self.finished_at(run, self.fresh.address), 0.6)
        self.assertLess(run.seconds, 10)

    def test_an_origin_gets_its_turns_also_behind_a_slow_one_that_may_have_all(self):
        for scheme in ("http://", "http:/", ""):
            slow, fast = (scheme + origin.address.removeprefix("http://") for origin in (self.origin, self.fresh))
            urls = [slow + "/delay/100/bytes/1"] * 300 + [fast + "/bytes/1"] * 60
            run = self.haul("--json", "--check", "-i", "-", "-j", "16", "--jobs-per-host", "16", stdin=urls)
            self.assertEqual(run.code, 0)
            self.assertLess(self.finished_at(run, self.fresh.address), 0.6, scheme)

    def test_v_tells_when_one_origin_gets_less_than_the_run_may_have(self):
        urls = [self.fresh.address + f"/delay/20/bytes/{i}" for i in range(20)]
        sentence = "4 were asked for at once, as '--jobs-per-host' allows: all URLs have one origin"
        for arguments, said in ((["-v", "-j", "16"], True), (["-j", "16"], False), (["-v", "-j", "4"], False)):
            run = self.haul("--check", "--jobs-per-host", "4", "-i", "-", *arguments, stdin=urls)
            self.assertEqual((run.code, sentence in run.stderr), (0, said), run.stderr)

    def test_a_silent_origin_does_not_hold_up_another(self):
        silent = [self.origin.address + "/silent"] * 20
        fast = [self.fresh.address + "/bytes/1"] * 200
        run = self.haul("--json", "--check", "-i", "-", "--retry", "0", "-m", "1", stdin=silent + fast)
        self.assertEqual(run.summary["ok"], 200)
        self.assertLess(self.finished_at(run, self.fresh.address), 0.95)

    def test_a_slow_first_answer_does_not_hold_up_the_others_of_its_origin(self):
        run = self.haul("--json", "--check", "-i", "-", stdin=[self.fresh.address + "/delay/1000/bytes/1"] * 8)
        self.assertEqual(run.code, 0)
        self.assertEqual(self.fresh.stats()["most_in_flight"], 8)
        self.assertLess(run.seconds, 1.9)

    def test_the_limit_for_one_host_holds(self):
        run = self.haul("--json", "--check", "-i", "-", "-j", "64", "--jobs-per-host", "5",
                        stdin=[self.fresh.address + "/delay/10/bytes/1"] * 200)
        self.assertEqual(run.code, 0)
        self.assertEqual(self.fresh.stats()["most_in_flight"], 5)

    def test_the_limit_for_the_run_holds_over_all_hosts(self):
        urls = [address + "/delay/10/bytes/1" for address in (self.origin.address, self.fresh.address)] * 100
        run = self.haul("--json", "--check", "-i", "-", "-j", "6", "--jobs-per-host", "100", stdin=urls)
        self.assertEqual(run.code, 0)
        self.assertEqual(run.summary["max_concurrency"], 6)
        self.assertLessEqual(self.fresh.stats()["most_in_flight"], 6)

    def test_one_at_a_time_is_one_at_a_time(self):
        run = self.haul("--json", "--check", "-i", "-", "-j", "1", stdin=[self.fresh.address + "/bytes/9"] * 50)
        self.assertEqual([result["index"] for result in run.lines[1:-1]], list(range(1, 51)))
        self.assertEqual(self.fresh.stats()["most_in_flight"], 1)
        self.assertLessEqual(self.fresh.stats()["connections"], 3)  # and two for these questions

    def test_limits_hold_while_jobs_fail_and_come_again(self):
        urls = [f"{self.fresh.address}/delay/5/status/503/{i % 3}?{i}" for i in range(200)]
        run = self.haul("--json", "--check", "-i", "-", "--jobs-per-host", "4", "--retry-delay", "50ms", stdin=urls)
        self.assertEqual(run.code, 0, run.stderr[-500:])
        self.assertEqual(self.fresh.stats()["most_in_flight"], 4)

    def test_a_job_that_waits_for_its_retry_holds_no_place(self):
        urls = [self.fresh.address + "/status/503"] + [self.fresh.address + "/delay/10/bytes/1"] * 20
        process = self.start("--json", "--check", "-j", "1", "--retry-delay", "60s", *urls)
        began = time.monotonic()
        lines = [process.stdout.readline() for _ in range(21)]
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(sum(b'"status":"ok"' in line for line in lines), 20)
        process.terminate()
        self.assertEqual(self.finish(process).code, 143)

    def test_a_thousand_dead_hosts_do_not_hold_up_a_live_one(self):
        dead = [f"http://127.1.{i // 250}.{i % 250 + 1}:{free_port()}/" for i in range(1000)]
        live = [self.fresh.address + "/bytes/1"] * 50
        run = self.haul("--json", "--check", "-i", "-", "--retry", "0", stdin=dead + live)
        self.assertEqual(run.code, 1)
        self.assert_one_record_each(run, 1050)
        self.assertEqual(run.summary["ok"], 50)
        self.assertEqual(run.summary["by_error"], {"connect": 1000})

    def test_a_dead_host_that_comes_first_a_hundred_times_does_not_hold_up_a_thousand_others(self):
        listener = self.enterContext_(socket.create_server(("127.0.0.1", 0), backlog=0))
        dead_port = listener.getsockname()[1]
        for filler in [self.enterContext_(socket.socket()) for _ in range(8)]:  # who comes after these is not heard
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", dead_port))
        dead = [f"http://dead.test/{i}" for i in range(100)]
        living = [f"http://host-{i}.test/bytes/1" for i in range(1000)]
        to = ["--connect-to", f"dead.test::127.0.0.1:{dead_port}", "--connect-to", f"::127.0.0.1:{self.fresh.port}"]
        process = self.start("--json", "-q", "--check", "-i", "-", *to, "--retry", "1", "--deadline", "25s",
                             stdin=self.pipe_of(dead + living))
        began, ok = time.monotonic(), 0
        while ok < len(living):
            ok += b'"status":"ok"' in process.stdout.readline()
        self.assertLess(time.monotonic() - began, 20)
        process.terminate()
        self.assertEqual(self.finish(process).code, 143)

    def test_a_server_that_goes_away_and_comes_back_is_found_again(self):
        process = self.start("--json", "-q", "--check", "-i", "-", "--retry-delay", "500ms", "--retry", "6",
                             stdin=self.pipe_of([self.fresh.address + "/delay/100/bytes/1"] * 100))
        wait_until(lambda: self.fresh.stats()["requests"] > 30)
        port = self.fresh.port
        self.fresh.close()
        time.sleep(0.3)
        self.fresh = Origin(port=port)
        self.addCleanup(self.fresh.close)
        run = self.finish(process)
        self.assertEqual(run.code, 0, [result["error"] for result in run.results.values() if result["error"]][:3])
        self.assert_one_record_each(run, 100)
        self.assertGreater(run.summary["retries"], 0)

    def pipe_of(self, lines):
        path = self.folder / "list"
        path.write_text("".join(line + "\n" for line in lines))
        file = path.open("rb")
        self.addCleanup(file.close)
        return file


if __name__ == "__main__":
    unittest.main(verbosity=2)
