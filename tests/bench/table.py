"""Prints a row: what each contestant took, and which targets are met."""

import os
import re
import statistics
import subprocess

UNITS = {"wall": ("s", 1), "cpu": ("s", 1), "memory": ("MiB", 1 / (1 << 20)), "cpu each": ("µs", 1e6),
         "wall each": ("µs", 1e6), "cpu per MiB": ("µs", 1e6), "server": ("%", 100)}
COLUMNS = ("wall", "cpu", "wall each", "cpu each", "memory", "server")


def figure(measure, value):
    unit, factor = UNITS[measure]
    value *= factor
    return f"{value:,.0f} {unit}" if abs(value) >= 1000 else f"{value:.3g} {unit}"


def print_outcome(outcome, width):
    label = f"  {outcome.contestant.label:<{width}}"
    if not outcome.runs:
        print(f"{label}  {outcome.problem or 'no runs'}")
        return
    cells = "".join(f"{figure(column, outcome.figure(column)):>13}" for column in COLUMNS)
    print(f"{label}{cells}  {figure('wall', outcome.figure('wall', min))} – {figure('wall', outcome.figure('wall', max))}")


def compare(target, outcomes, choose):
    """The ratio or the difference that a target speaks of; None when one of the two was not measured."""
    found, other = (outcomes[key].figure(target.measure, choose) if isinstance(key, str) else key
                    for key in (target.of, target.to))
    if found is None or other is None:
        return None
    return found - other if target.difference else found / other


def judge(target, outcomes):
    """A sentence, and whether the target is met: by the medians; the best of each are told, for a noisy machine."""
    def show(value):
        return figure(target.measure, value) if target.difference else f"{value:.2f}"

    other = target.to if isinstance(target.to, str) else figure(target.measure, target.to)
    what = f"{target.measure}: {target.of} {'–' if target.difference else '/'} {other}"
    value, best = compare(target, outcomes, statistics.median), compare(target, outcomes, min)
    if value is None:
        return f"{what} = not measured", None
    sentence = f"{what} = {show(value)} (best {show(best)})"
    if target.limit is None:
        return sentence, None
    met = value <= target.limit
    return f"{sentence} ≤ {show(target.limit)}, {'met' if met else 'MISSED'}", met


def print_row(row, outcomes):
    """Prints it; the verdicts, for --json."""
    width = max(len(outcome.contestant.label) for outcome in outcomes)
    print(f"\n{row.name}  {row.title}")
    print(f"  {'':<{width}}" + "".join(f"{column:>13}" for column in COLUMNS) + "  from – to")
    for outcome in outcomes:
        print_outcome(outcome, width)
    labelled = {outcome.contestant.label: outcome for outcome in outcomes}
    verdicts = [judge(target, labelled) for target in row.targets]
    for sentence, _ in verdicts:
        print(f"  → {sentence}")
    return [{"target": sentence, "met": met} for sentence, met in verdicts]


def print_heading(clients):
    versions = ", ".join(filter(None, map(version, clients)))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {versions}")


def version(client):
    """Its first line about itself, shortened; empty when it is not there."""
    if not client.installed():
        return ""
    words = subprocess.run([client.program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", words.stdout + words.stderr)
    return f"{client.name} {found.group()}" if found else ""
