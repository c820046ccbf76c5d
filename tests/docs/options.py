#!/usr/bin/env python3
"""Compares the options that the help names with those that pages name: options.py HAUL MANUAL PAGE...

MANUAL is the manual in roff, and to name each.  A PAGE, whether Markdown or scdoc, is to name none that is not there.
"""

import pathlib
import re
import subprocess
import sys

LONG = re.compile(r"(?<![\w-])--[a-z][a-z0-9.-]*[a-z0-9]")
NOT_HAULS = {"--remote-name-all", "--bind", "--directory"}  # curl's and python3's, in README.md


def named(text):
    return set(LONG.findall(text))


def without_roff(text):
    return re.sub(r"\\f[A-Z]", " ", text).replace("\\&", "").replace("\\-", "-")


def main():
    haul, manual, *pages = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    help_text = subprocess.run([haul, "--help", "all"], capture_output=True, text=True, check=True).stdout
    known = named(help_text)
    documented = named(without_roff(manual.read_text()))
    problems = [f"haul --help all names {option}, {manual.name} does not" for option in sorted(known - documented)]
    for page in [manual, *pages]:
        unknown = named(without_roff(page.read_text())) - known - NOT_HAULS
        problems += [f"{page.name} names {option}, haul --help all does not" for option in sorted(unknown)]
    print("\n".join(problems) or f"{len(known)} options")
    sys.exit(bool(problems) or not known)


main()
