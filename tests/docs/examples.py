#!/usr/bin/env python3
"""Runs what a page shows: examples.py HAUL SOURCE PAGE

pages.py tells how a page marks it, world.py where it runs.  The sessions of a page are one session; bytes, duration
and rate in a summary may differ from those shown.  Records are to have the keys that haul writes, in its order.
"""

import difflib
import json
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True

from pages import blocks_of
from world import SHOWN_PORT, World

MARK = "\036"
WAIT_FOR_SERVER = f"until (: < /dev/tcp/127.0.0.1/{SHOWN_PORT}) 2> /dev/null; do sleep 0.05; done"
MEASURED = re.compile(r", [0-9.]+ \w+ in [0-9.]+ s( \([0-9.]+/s\))?")


def problem_of_script(world, block):
    status, printed, said = world.in_new_folder("set -euo pipefail\n" + block.text)
    return f"ended with {status}:\n{printed}{said}" if status != 0 else ""


def problem_of_setup(source, block):
    missing = [name for name in re.findall(r"\b(?:config|tests)/[\w/.-]+", block.text) if not (source / name).exists()]
    return f"names what is not there: {', '.join(missing)}" if missing else ""


def steps_of(text):
    """Of a session: pairs of what is typed and what it prints."""
    steps = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append([line[2:], ""])
        else:
            steps[-1][1] += line
    return steps


def after(typed):
    """Shell that keeps the status; a server in the background is waited for."""
    wait = f"{WAIT_FOR_SERVER}\n" if typed.rstrip().endswith("&") else ""
    return f"status=$?\n{wait}"


def problems_of_session(world, blocks):
    steps = [step for block in blocks for step in steps_of(block.text)]
    script = "exec 2>&1\n" + "".join(f"{typed}{after(typed)}printf '{MARK}'; (exit $status)\n" for typed, _ in steps)
    with tempfile.TemporaryDirectory() as folder:
        _, printed, _ = world.bash(script, folder)
    answers = printed.split(MARK)[:-1]
    if len(answers) != len(steps):
        return [f"the session broke off after '{steps[len(answers) - 1][0].strip()}':\n{printed}"]
    return [problem for (typed, shown), answer in zip(steps, answers) if (problem := compare(typed, shown, answer))]


def compare(typed, shown, printed):
    lines = (MEASURED.sub(", ...", text).splitlines(keepends=True) for text in (shown, printed))
    difference = "".join(difflib.unified_diff(*lines, "shown", "printed"))
    return f"$ {typed}{difference}" if difference else ""


def shape(value, shown):
    """Keys in their order, as deep as both records have them; those of "headers" are the server's."""
    if isinstance(value, dict) and isinstance(shown, dict):
        return [(key, None if key == "headers" else shape(value[key], shown.get(key))) for key in value]
    if isinstance(value, list) and isinstance(shown, list):
        return [shape(*pair) for pair in zip(value, shown)]
    return None


def problem_of_record(world, block):
    shown = json.loads(block.text)
    query = "/busy?" + str(block.line)
    _, printed, _ = world.in_new_folder(f"haul --retry-delay 1ms --json -q https://example.org{query}")
    records = map(json.loads, printed.splitlines())
    record = next((record for record in records if record["type"] == shown.get("type")), None)
    if record is None:
        return "is no record"
    if shape(record, shown) != shape(shown, record):
        return f"differs from a real record:\n{shape(shown, record)}\n{shape(record, shown)}"
    return ""


def problems_of(world, source, blocks):
    for block in blocks:
        problem = {
            "sh": lambda block: problem_of_script(world, block),
            "sh setup": lambda block: problem_of_setup(source, block),
            "console": lambda block: "",
            "json": lambda block: problem_of_record(world, block),
        }[block.kind](block)
        if problem:
            yield f"the block of line {block.line} {problem}"
    sessions = [block for block in blocks if block.kind == "console"]
    if sessions:
        yield from problems_of_session(world, sessions)


def main():
    haul, source, page = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    blocks = blocks_of(page)
    problems = list(problems_of(World(haul), source, blocks)) if blocks else ["there is no example"]
    for problem in problems:
        print(f"{page.name}: {problem}")
    sys.exit(bool(problems))


main()
