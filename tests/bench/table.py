"""Prints a row: what each contestant took, and which targets are met."""

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
    walls = sorted(run.wall for run in outcome.runs)
    cells = "".join(f"{figure(column, outcome.median(column)):>13}" for column in COLUMNS)
    print(f"{label}{cells}  {walls[0]:.3g} – {walls[-1]:.3g} s")


def judge(target, values):
    """What is compared, the figure found, the figure promised, and whether it is met (None: cannot be told)."""
    found, other = values(target.of, target.measure), values(target.to, target.measure)
    sign = "–" if target.difference else "/"
    constant = not isinstance(target.to, str)
    what = f"{target.measure}: {target.of} {sign} {figure(target.measure, target.to) if constant else target.to}"
    if found is None or other is None:
        return what, "not measured", None
    value = found - other if target.difference else found / other
    shown = figure(target.measure, value) if target.difference else f"{value:.2f}"
    if target.limit is None:
        return what, shown, None
    limit = figure(target.measure, target.limit) if target.difference else f"{target.limit:.2f}"
    return what, f"{shown} ≤ {limit}", value <= target.limit


def print_row(row, outcomes):
    medians = {outcome.contestant.label: outcome.median for outcome in outcomes}
    width = max(map(len, medians))
    print(f"\n{row.name}  {row.title}")
    print(f"  {'':<{width}}" + "".join(f"{column:>13}" for column in COLUMNS) + "  from – to")
    for outcome in outcomes:
        print_outcome(outcome, width)
    verdicts = [judge(target, lambda key, measure: medians[key](measure) if isinstance(key, str) else key)
                for target in row.targets]
    for what, shown, met in verdicts:
        print(f"  → {what} = {shown}" + {True: ", met", False: ", MISSED", None: ""}[met])
    return [{"target": what, "found": shown, "met": met} for what, shown, met in verdicts]
