"""A resolver that hangs, is late, or has nothing to say: who asks it ends in time, and nobody else is concerned."""

import json
import os
import signal
import threading
import unittest

from harness import ENVIRONMENT, RunTest

PRELOADED = {**ENVIRONMENT, "LD_PRELOAD": os.environ["PRELOADED"],
             "ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] + ":verify_asan_link_order=0"}
ONCE = ["--json", "--retry", "0"]


class Resolver(RunTest):
    def at(self, host, path="/bytes/10"):
        return f"http://{host}.invalid:{self.origin.port}{path}"

    def run_(self, *arguments, **options):
        return self.haul(*ONCE, *arguments, env=PRELOADED, **options)

    def assert_slow(self, result):
        self.assertEqual((result["error"]["class"], result["error"]["code"], result["error"]["transient"]),
                         ("dns", 28, True), result["error"])

    def test_a_look_up_that_hangs_ends_with_the_time_for_connecting_and_so_does_the_process(self):
        run = self.run_("--check", "--connect-timeout", "500ms", self.at("a.hangs"))
        self.assertEqual(run.code, 1)
        self.assert_slow(run.results[1])
        self.assertIn("a.hangs.invalid", run.results[1]["error"]["message"])
        self.assertTrue(0.5 <= run.results[1]["time_elapsed"] < 10)
        self.assertEqual(run.stderr.count("\n"), 1 + run.stderr.count("failed "))  # and nobody waits, nor says so

    def test_other_hosts_are_not_concerned_though_many_look_ups_hang_and_files_are_saved(self):
        hanging = [self.at(f"{i}.hangs") for i in range(40)]
        others = [self.at(f"{i}.fine", f"/bytes/{10 + i}") for i in range(40)]
        process = self.start(*ONCE, "-P", "out", "-j", "100", *hanging, *others, env=PRELOADED)
        process.stdout.readline()
        told = [json.loads(process.stdout.readline()) for _ in others]
        process.send_signal(signal.SIGINT)
        run = self.finish(process)
        self.assertEqual(sorted((result["index"], result["status"]) for result in told),
                         [(i, "ok") for i in range(41, 81)])
        self.assertEqual({line["status"] for line in run.lines if line["type"] == "result"}, {"cancelled"})
        self.assertEqual(len(list(self.out.iterdir())), 40)

    def test_waiting_for_a_turn_is_no_part_of_the_time_of_a_look_up(self):
        run = self.run_("--check", "-i", "-", "-j", "400", "--connect-timeout", "2s",
                        stdin=[self.at(f"{i}.late") for i in range(400)])
        self.assertEqual((run.code, run.summary["ok"]), (0, 400))

    def test_those_who_ask_for_one_name_share_what_becomes_of_it(self):
        run = self.run_("--check", "-j", "8", "--connect-timeout", "700ms",
                        *[self.at("a.hangs", f"/bytes/{i}") for i in range(8)])
        for result in run.results.values():
            self.assert_slow(result)
        self.assertLess(run.summary["elapsed"], 5)

    def test_an_interrupt_ends_the_process_though_look_ups_hang(self):
        process = self.start(*ONCE, "--check", "-v", *[self.at(f"{i}.hangs") for i in range(20)], env=PRELOADED)
        process.stdout.readline()  # from then on it hears
        threading.Timer(0.3, process.send_signal, [signal.SIGINT]).start()
        run = self.finish(process, limit=20)
        self.assertEqual(run.code, 130)
        self.assert_one_record_each(run, 20)

    def test_a_resolver_that_has_nothing_to_say_is_asked_again(self):
        run = self.haul("--json", "--check", "--retry", "1", "--retry-delay", "1ms", self.at("a.gone"), env=PRELOADED)
        error = run.results[1]["error"]
        self.assertEqual((error["class"], error["code"], error["transient"], run.results[1]["num_retries"]),
                         ("dns", 6, True, 1))

    def test_a_proxy_whose_name_hangs_is_no_better(self):
        proxy = f"http://a.hangs.invalid:{self.origin.port}"
        run = self.run_("--check", "-x", proxy, "--connect-timeout", "500ms", self.url("/bytes/1"))
        self.assert_slow(run.results[1])
        process = self.start(*ONCE, "--check", "-x", proxy, self.url("/bytes/1"), env=PRELOADED)
        process.stdout.readline()
        threading.Timer(0.3, process.send_signal, [signal.SIGINT]).start()
        self.assertEqual(self.finish(process, limit=20).code, 130)


if __name__ == "__main__":
    unittest.main(verbosity=2)
