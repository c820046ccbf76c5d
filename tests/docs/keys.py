#!/usr/bin/env python3
"""Compares the keys and words of JSON Schemas with those that the manual of the report defines: keys.py PAGE SCHEMA..."""

import json
import pathlib
import re
import sys

DEFINITION = re.compile(r"^\t?(\*\w+\*(?: \([\w ]+\))?(?:, \*\w+\*(?: \([\w ]+\))?)*)$")


def names_in(schema):
    """The names of all properties and the words that they can be, at any depth."""
    if isinstance(schema, list):
        return set().union(*map(names_in, schema))
    if not isinstance(schema, dict):
        return set()
    words = {word for word in schema.get("enum", []) if word is not None}
    return words.union(schema.get("properties", {}), *map(names_in, schema.values()))


def defined_by(page):
    """Names in bold: those that head a definition, and all."""
    heads = (DEFINITION.match(line) for line in page.splitlines())
    headed = set().union(*(re.findall(r"\*([\w-]+)\*", head[1]) for head in heads if head))
    return headed, set(re.findall(r"\*([\w-]+)\*", page))


def main():
    page, *schemas = (pathlib.Path(argument) for argument in sys.argv[1:])
    names = set().union(*(names_in(json.loads(schema.read_text())) for schema in schemas))
    headed, bold = defined_by(page.read_text())
    problems = [f"a schema has {name}, {page.name} does not" for name in sorted(names - bold)]
    problems += [f"{page.name} has {name}, no schema does" for name in sorted(headed - names)]
    print("\n".join(problems) or f"{len(names)} names, {len(headed)} of them with an entry of their own")
    sys.exit(bool(problems) or not headed)


main()
