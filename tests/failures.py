#!/usr/bin/env python3
"""failures.py TESTLOG... - says again, at the end of a long output, which tests failed and what they printed last."""
import json
import os
import sys

GOOD = {"OK", "EXPECTEDFAIL", "SKIP"}
LINES = 40


def failures(path):
    with open(path, encoding="utf-8") as log:
        return [test for test in map(json.loads, log) if test["result"] not in GOOD]


for path in sys.argv[1:]:
    build = os.path.basename(os.path.dirname(os.path.dirname(path)))
    for test in failures(path):
        print(f"== {test['result']} in build/{build}: {test['name']} ({test['duration']:.0f} s)")
        output = test.get("stdout", "") + test.get("stderr", "")
        print("\n".join(output.rstrip().split("\n")[-LINES:]))
