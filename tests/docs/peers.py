#!/usr/bin/env python3
"""Looks up the options of the tables "coming from": peers.py HAUL PAGE

The second column is to name options of haul, the first those of the peer that heads it, where that one is installed.
"""

import pathlib
import re
import shutil
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])--?[A-Za-z][\w-]*")
HELPS = {"curl": ["curl", "--help", "all"], "aria2": ["aria2c", "--help=#all"], "wget2": ["wget2", "--help"],
         "hurl": ["hurl", "--help"]}


def options_in_help(command):
    if not shutil.which(command[0]):
        return None
    return set(OPTION.findall(subprocess.run(command, capture_output=True, text=True, check=False).stdout))


def tables(text):
    """Of each the peer, and the pairs of cells of its rows."""
    for heading in re.finditer(r"^\|\[ \*(\w+)\*\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL):
        yield heading[1], re.findall(r"^\|  (.*)\n:  (.*)$", heading[2], re.MULTILINE)


def unknown(cells, known):
    return [option for cell in cells for option in OPTION.findall(cell) if option not in known]


def main():
    haul, page = sys.argv[1:]
    hauls = options_in_help([haul, "--help", "all"])
    problems, seen = [], set()
    for peer, rows in tables(pathlib.Path(page).read_text(encoding="utf-8")):
        seen.add(peer)
        theirs = options_in_help(HELPS[peer])
        problems += [f"haul has no {option}" for option in unknown((row[1] for row in rows), hauls)]
        if theirs is not None:
            problems += [f"{peer} has no {option}" for option in unknown((row[0] for row in rows), theirs)]
    problems += [f"there is no table of {peer}" for peer in HELPS if peer not in seen]
    print("\n".join(problems))
    sys.exit(bool(problems))


main()
