"""Thousands of URLs, each of a server with a plan: what it does first, then, and in the end.  The plan tells the right
outcome, and each URL is to have it: the whole body of the last version, or the right class of error and no file.

    plans.py [--seeds N] [--first SEED] [--urls N]

runs other plans than the tests do; a seed is all that it takes to have the same ones again.
"""

import argparse
import os
import random
import sys
import unittest

from harness import Origin, RunTest, pattern

SEEDS = 3
URLS = 2000
QUICKLY = ["-j", "256", "--jobs-per-host", "256", "--no-adapt", "--retry", "7", "--retry-delay", "5ms",
           "--retry-max-delay", "10ms", "--speed-time", "1s", "--speed-limit", "1M", "--connect-timeout", "20s"]

# What may pass, with its class should it not.
PASSING = [("cut-{part}", "partial", 10), ("reset-{part}", "partial", 10), ("chunks-1", "partial", 4),
           ("status-500", "http", 4), ("status-502", "http", 2), ("status-503", "http", 4), ("status-504", "http", 2),
           ("status-408", "http", 2), ("status-425", "http", 1), ("status-429", "http", 2), ("later-1", "http", 3),
           ("later-31536000", "http", 1), ("nothing-0", "connect", 3), ("nothing-1", "connect", 3)]
STALL = "stall-{part}"  # takes a second or two each time
ENDS_WELL = [("ok", 30), ("slow-{pause}", 5), ("extra", 3), ("close", 4), ("chunks-0", 6), ("whole", 5)]
ENDS_BADLY = [("status-404", "http"), ("status-403", "http"), ("status-410", "http"), ("status-501", "http"),
              ("lengths", "protocol"), ("loop", "redirect"), ("garbage", "protocol")]


def chosen(random, weighted):
    return random.choices(weighted, [entry[-1] for entry in weighted])[0]


class Plan:
    """`path` to ask for; `wanted` is the body or, as a string, the class of error."""

    def __init__(self, random, number):
        self.random = random
        self.size = random.choice([random.randrange(1, 2000), random.randrange(2000, 60000),
                                   random.randrange(60000, 900000)])
        self.version = "a"
        steps = [self.passing() for _ in range(random.choice([0, 0, 1, 1, 1, 2, 3]))]
        if self.random.random() < 0.02:
            steps.append(self.step(STALL))
        steps.append(self.end())
        self.path = f"/plan/{self.size}/{'/'.join(steps)}?{number}"

    def step(self, written):
        """Sometimes the body has changed meanwhile."""
        if self.random.random() < 0.15:
            self.version = chr(ord(self.version) + 1)
        return written.format(part=self.random.randrange(self.size), pause=self.random.randrange(1, 15)) + \
            f".{self.version}"

    def passing(self):
        return self.step(chosen(self.random, PASSING)[0])

    def end(self):
        dice = self.random.random()
        if dice < 0.06:
            written, self.wanted = self.random.choice(ENDS_BADLY)
        elif dice < 0.10:
            written, self.wanted, _ = chosen(self.random, PASSING)
        elif dice < 0.15:
            return self.ends_well(f"{self.step('cut-{part}')}/{self.step('wrong')}/ok.{self.version}")
        else:
            return self.ends_well(self.step(chosen(self.random, ENDS_WELL)[0]))
        return self.step(written)

    def ends_well(self, written):
        shift = 13 * (ord(self.version) - ord("a"))
        self.wanted = (shift, self.size)
        return written


BODY = pattern(1_000_000)


def body(wanted):
    shift, size = wanted
    return BODY[shift:shift + size]


class Plans(RunTest):
    seeds, first, urls = SEEDS, None, URLS

    def test_each_url_ends_as_its_plan_says(self):
        first = self.first if self.first is not None else random.SystemRandom().randrange(1_000_000)
        for seed in range(first, first + self.seeds):
            print(f"seed {seed}", flush=True)
            with self.subTest(seed=seed):
                self.run_plans(seed)

    def run_plans(self, seed):
        source = random.Random(seed)
        plans = [Plan(source, f"{seed}-{i}") for i in range(self.urls)]
        out = self.folder / str(seed)
        origin = Origin()
        try:
            run = self.haul("--json", "-q", "-i", "-", "-P", out, *QUICKLY, limit=120,
                            stdin=[f"{origin.address}{plan.path}\t{i}" for i, plan in enumerate(plans, 1)])
        finally:
            origin.close()
        self.assert_one_record_each(run, len(plans))
        results = run.results
        wrong = [f"{plan.path}: {problem}" for i, plan in enumerate(plans, 1)
                 if (problem := self.problem(plan, results[i], out / str(i)))]
        self.assertEqual(wrong[:10], [])
        left = {path.name for path in out.iterdir()}
        self.assertEqual(left, {str(i) for i, plan in enumerate(plans, 1) if not isinstance(plan.wanted, str)})
        self.assertEqual(run.code, 1 if any(isinstance(plan.wanted, str) for plan in plans) else 0)

    def problem(self, plan, result, path):
        if isinstance(plan.wanted, str):
            told = result["error"] and result["error"]["class"]
            return None if (result["status"], told) == ("failed", plan.wanted) else f"{told}, not {plan.wanted}"
        if result["status"] != "ok":
            return result["error"]
        return None if path.read_bytes() == body(plan.wanted) else "another body"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="runs haul against a server with plans")
    parser.add_argument("--seeds", type=int, default=100 if os.environ.get("HAUL_TESTS_LONG") else SEEDS)
    parser.add_argument("--first", type=int, metavar="SEED")
    parser.add_argument("--urls", type=int, default=URLS)
    options, rest = parser.parse_known_args()
    Plans.seeds, Plans.first, Plans.urls = options.seeds, options.first, options.urls
    unittest.main(verbosity=2, argv=[sys.argv[0], *rest])
