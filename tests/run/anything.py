"""Any options, variables and configuration: always a code of the table, and a sentence that names what is wrong.

RUNS in the environment makes it longer, SEED repeats one:

    RUNS=10000 HAUL=... ORIGIN=... python3 tests/run/anything.py
"""

import concurrent.futures
import json
import os
import pathlib
import random
import re
import subprocess
import unittest

from harness import ENVIRONMENT, HAUL, RunTest

RUNS = int(os.environ.get("RUNS", 100))
SEED = int(os.environ.get("SEED", random.randrange(1_000_000)))
CODES = range(8)
TIME_LIMIT = 60
BOUNDS = ["--deadline", "3s", "--retry", "0", "--max-time", "2s"]  # said last, they hold

STRINGS = ["", "a", "-", "--", "-1", "0", "x" * 5000, "../up", "./a/b", "missing/file", "@missing", "a=b", "A: b", "{name}",
           "{nope}", "{index}-{host}", "%{http_code}\\n", "%{nope}", "{name", "#{", "%{http_code", "%{", "%header{a", "\x1b]0;red\x07", "caf\u00e9", "\u202etxt", "a\nb", "a\tb",
           "sha256=" + "0" * 64, "sha256=xyz", "md5", "sha256", "2xx", "200..299,404", "50/s", "0/s", "1/4", "5/4", "5xx,timeout",
           "file:///etc/passwd", "http://127.0.0.1:1/", "::127.0.0.1:1", "a:1:127.0.0.1", "*", "127.0.0.1", "[1-", "{a,",
           "all", "csv:r", "r.xml", "r.nope", "user:pass", "user", "=", "https", "=https", "1.2", "1.9", "'", '"', "\\"]
NUMBERS = [-1, 0, 1, 2, 3, 16384, 16385, 2**31, 2**63, 10**30, 1.5, "1", "0x10", "1e3", "many", "", "1K", "2M", "1T", "500ms",
           "2s", "1m", "1h", "1d", "1000000h", "-2s", "5 s", "NaN"]
OTHERS = [None, True, False, [], {}, ["a"], ["a", "b"], [1], [[]], {"a": 1}]

def mutate(generator, name):
    place = generator.randrange(len(name))
    return generator.choice([name[:place] + name[place + 1:], name[:place] + name[place] + name[place:],
                             name[:place] + "x" + name[place:], name.upper()])

class Case:
    """One command with its environment and its file, and all names in it that may be to blame."""

    def __init__(self, generator, properties, folder, urls):
        self.generator, self.properties, self.folder = generator, properties, folder
        self.names = set()
        self.variables = {self.variable(): self.text() for _ in range(generator.choice([0, 0, 0, 1, 2]))}
        self.arguments = [word for _ in range(generator.randrange(6)) for word in self.option()]
        self.arguments += generator.sample(urls, generator.randrange(3))
        if generator.random() < 0.3:
            self.arguments += ["--config", self.configuration()]

        if generator.random() < 0.7:
            self.arguments.append("--dry-run")
        self.arguments += BOUNDS

    def name(self):
        name = self.generator.choice(list(self.properties))
        name = mutate(self.generator, name) if self.generator.random() < 0.05 else name
        self.names.add(name)
        return name

    def value(self, name):
        kind = self.properties.get(name, {})
        chance = self.generator.random()
        if "enum" in kind and chance < 0.7:
            return self.generator.choice(kind["enum"])
        if "minimum" in kind and chance < 0.9:
            return self.generator.choice(NUMBERS)
        return self.generator.choice(STRINGS)

    def text(self):
        return str(self.generator.choice([*STRINGS, *NUMBERS])).replace("\0", "")

    def option(self):
        name = self.name()
        takes_value = self.properties.get(name, {}).get("type") not in ("boolean", ["boolean", "integer"])
        if self.generator.random() < 0.05:
            takes_value = not takes_value
        if not takes_value:
            return ["--" + name]
        value = str(self.value(name))
        return [f"--{name}={value}"] if self.generator.random() < 0.5 else ["--" + name, value]

    def variable(self):
        name = "HAUL_" + self.name().upper().replace("-", "_")
        self.names.add(name)
        return name

    def configuration(self):
        path = self.folder / "settings"
        self.names.add(str(path.name))
        settings = {}
        for _ in range(self.generator.randrange(5)):
            name = self.name()
            settings[name] = self.generator.choice([self.value(name), self.generator.choice(OTHERS)])
        written = json.dumps(settings)
        if self.generator.random() < 0.2:
            written = written[:self.generator.randrange(len(written))]
        path.write_text(written)
        return str(path)

    def run(self):
        here = self.folder / "deep" / "deeper"
        here.mkdir(parents=True)
        done = subprocess.run([HAUL, *self.arguments], cwd=here, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=TIME_LIMIT, env={**ENVIRONMENT, **self.variables})
        return done.returncode, done.stderr.decode(errors="replace")

    def problem(self):
        code, said = self.run()
        if code not in CODES:
            return f"exit {code}: {said}"
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f]", re.sub(r"\x1b\[\d+m", "", said)):  # but for --color
            return f"control characters: {said!r}"
        if code != 2:
            return None
        if not said.startswith("haul: ") or said.count("\n") != 1:
            return f"not one sentence: {said!r}"
        return None if self.is_blamed(said) else f"nobody is blamed: {said!r}"

    def is_blamed(self, said):
        named = any(name in said for name in self.names)
        return named or "nothing to fetch" in said or re.search(r"'-?-\w|the netrc file|a URL is wrong at column", said) is not None

class Anything(RunTest):
    def test_any_options_end_with_a_code_and_a_sentence(self):
        print(f"SEED={SEED} RUNS={RUNS}", flush=True)
        schema = json.loads(self.haul("--generate", "schema").stdout)["properties"]
        schema.pop("$schema")
        urls = [self.url("/bytes/10"), self.url("/status/404"), self.url("/a[1-3]"), "http://127.0.0.1:1/", "not a url", "", "[1-"]
        cases = []
        for number in range(RUNS):
            folder = pathlib.Path(self.folder, str(number))
            folder.mkdir()
            cases.append(Case(random.Random(SEED * 1_000_003 + number), schema, folder, urls))
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for case, problem in zip(cases, pool.map(Case.problem, cases)):
                self.assertIsNone(problem, (case.variables, case.arguments))

if __name__ == "__main__":
    unittest.main()
