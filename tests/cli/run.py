#!/usr/bin/env python3
"""Runs one case: run.py HAUL ORIGIN CASE

A case is a folder with
  cmd      a script for sh, run in an empty folder; `haul` is the one to test, $ORIGIN the address of a test origin
  stdout   what it prints, to the letter                         (not there: nothing)
  stderr   a regular expression for each line of standard error  (not there: nothing)
  exit     its status                                            (not there: 0)
  root/    what the origin serves at $ORIGIN/files/
The address of the origin reads $ORIGIN in what is compared, too.
"""

import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

TIMEOUT_SECONDS = 60


def start_origin(program, root, folder):
    port_file = folder / "port"
    origin = subprocess.Popen([program, "--root", str(root), "--port", "0", "--port-file", str(port_file)],
                              stdout=subprocess.DEVNULL)
    for _ in range(200):
        if port_file.exists() and port_file.read_text().endswith("\n"):
            return origin, f"http://127.0.0.1:{port_file.read_text().strip()}"
        time.sleep(0.05)
    origin.kill()
    sys.exit("the origin did not start")


def expected(case, name, otherwise=""):
    path = case / name
    return path.read_text() if path.exists() else otherwise


def compare_stdout(printed, wanted):
    return "".join(difflib.unified_diff(wanted.splitlines(True), printed.splitlines(True), "expected", "printed"))


def compare_stderr(printed, wanted):
    lines, patterns = printed.splitlines(), wanted.splitlines()
    problems = [f"line {number}: {line!r} does not match {pattern!r}"
                for number, (line, pattern) in enumerate(zip(lines, patterns), 1) if not re.fullmatch(pattern, line)]
    problems += [f"unexpected: {line!r}" for line in lines[len(patterns):]]
    problems += [f"missing: {pattern!r}" for pattern in patterns[len(lines):]]
    return "\n".join(problems)


def run(case, haul, folder, address):
    environment = {name: value for name, value in os.environ.items()
                   if not name.lower().endswith("_proxy") and not name.startswith(("HAUL_", "GITHUB_", "CI", "NO_COLOR"))}
    environment.update(PATH=f"{haul.parent}:{environment['PATH']}", ORIGIN=address, LC_ALL="C.UTF-8", TZ="UTC",
                       XDG_CONFIG_HOME="/nonexistent")
    done = subprocess.run(["sh", case / "cmd"], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    stdout, stderr = (stream.decode(errors="backslashreplace").replace(address, "$ORIGIN")
                      for stream in (done.stdout, done.stderr))
    status = int(expected(case, "exit", "0"))
    return {
        "stdout": compare_stdout(stdout, expected(case, "stdout")),
        "stderr": compare_stderr(stderr, expected(case, "stderr")),
        "exit": "" if done.returncode == status else f"{done.returncode}, not {status}; it said:\n{stderr}",
    }


def main():
    haul, origin_program, case = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory() as origin_work:
        origin, address = start_origin(origin_program, case / "root", pathlib.Path(origin_work))
        try:
            problems = run(case, haul, work, address)
        finally:
            origin.terminate()
            origin.wait()
    for what, problem in problems.items():
        if problem:
            print(f"{case.name}: {what}: {problem}")
    sys.exit(any(problems.values()))


main()
