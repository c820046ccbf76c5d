"""Usage: co_table.py BENCH_CO.  Runs it and co_uvloop.py, and prints one table of both; without uvloop only ours."""

import importlib.util
import pathlib
import re
import subprocess
import sys


def rows(command):
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [re.split(r"\s{2,}", line.strip()) for line in output.splitlines()]


peer = pathlib.Path(__file__).with_name("co_uvloop.py")
peers = dict(rows([sys.executable, str(peer)])) if importlib.util.find_spec("uvloop") else {}
print(f"{'':<36}  {'haul':>10}  {'target':>10}  {'uvloop':>10}")
for name, value, target, unit in rows([sys.argv[1]]):
    print(f"{name:<36}  {value:>10}  {target:>10}  {peers.get(name, '-'):>10}  {unit}")
