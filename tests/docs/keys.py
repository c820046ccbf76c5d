#!/usr/bin/env python3
"""Compares the keys of the JSON Schema with those that the manual of the report defines: keys.py SCHEMA PAGE"""

import json
import pathlib
import re
import sys

DEFINITION = re.compile(r"^\t?(\*\w+\*(?: \([\w ]+\))?(?:, \*\w+\*(?: \([\w ]+\))?)*)$")


def keys_of(schema):
    """The names of all properties, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    names = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return names.union(*map(keys_of, schema.values()))


def defined_by(page):
    """Names in bold: those that head a definition, and all."""
    heads = (DEFINITION.match(line) for line in page.splitlines())
    headed = set().union(*(re.findall(r"\*(\w+)\*", head[1]) for head in heads if head))
    return headed, set(re.findall(r"\*(\w+)\*", page))


def main():
    schema, page = (pathlib.Path(argument) for argument in sys.argv[1:])
    keys = keys_of(json.loads(schema.read_text()))
    headed, bold = defined_by(page.read_text())
    problems = [f"{schema.name} has {key}, {page.name} does not" for key in sorted(keys - bold)]
    problems += [f"{page.name} has {key}, {schema.name} does not" for key in sorted(headed - keys)]
    print("\n".join(problems) or f"{len(keys)} keys, {len(headed)} of them with an entry of their own")
    sys.exit(bool(problems) or not headed)


main()
