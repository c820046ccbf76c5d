#!/usr/bin/python3
"""manual.py PAGE SCHEMA SAMPLE - the page names every key and class of the schema, and its examples work on what the
program SAMPLE prints."""

import json
import re
import subprocess
import sys
import tempfile


def names_within(schema):
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        if "enum" in schema:
            yield from (name for name in schema["enum"] if name is not None)
        for part in schema.values():
            yield from names_within(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names_within(part)


def examples_of(page):
    blocks = re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return [block.replace("\\\\", "\\") for block in blocks]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        page = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        schema = json.load(file)
    missing = {name for name in names_within(schema) if f"*{name}*" not in page}
    assert not missing, f"the page does not name {sorted(missing)}"
    examples = examples_of(page)
    assert examples
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/results.jsonl", "wb") as file:
            subprocess.run([sys.argv[3]], check=True, stdout=file)
        for example in examples:
            done = subprocess.run(["sh", "-c", example], cwd=folder, capture_output=True, text=True)
            assert done.stdout and not done.stderr, f"{example}\n{done.stderr}"
            assert done.returncode == (1 if "jq -e" in example else 0), example


main()
