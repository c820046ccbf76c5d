#!/usr/bin/python3
"""schema.py SCHEMA SAMPLE - every line that the program SAMPLE prints is valid, and no key goes undescribed."""

import copy
import json
import subprocess
import sys

from jsonschema import Draft202012Validator


def objects_within(schema):
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects_within(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects_within(part)


def check_described(schema):
    for part in objects_within(schema):
        assert part["additionalProperties"] is False, part
        assert sorted(part["required"]) == sorted(part["properties"]), part
        for key, value in part["properties"].items():
            assert "description" in value, f"{key} is not described"


def check_refused(validator, record):
    """A validator that accepts anything would prove nothing."""
    for key in record:
        less = copy.deepcopy(record)
        del less[key]
        assert not validator.is_valid(less), f"accepted without {key}"
    assert not validator.is_valid({**record, "another": 1})
    assert not validator.is_valid({**record, "type": "other"})


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    check_described(schema)
    validator = Draft202012Validator(schema)
    output = subprocess.run([sys.argv[2]], check=True, stdout=subprocess.PIPE).stdout
    records = [json.loads(line) for line in output.decode("utf-8").splitlines()]
    for record in records:
        for error in validator.iter_errors(record):
            details = "\n".join(f"{sub.json_path}: {sub.message}" for sub in error.context or [error])
            sys.exit(f"{json.dumps(record)}\n{details}")
    kinds = {record["type"]: record for record in records}
    assert set(kinds) == {"run", "result", "summary"}
    for record in kinds.values():
        check_refused(validator, record)


main()
