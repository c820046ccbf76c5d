"""Runs the contestants of a row in turn, proves that they did their work, and keeps what it took."""

import dataclasses
import os
import shutil
import signal
import statistics
import subprocess

from clients import NotDone, Task

PATIENCE = 600


@dataclasses.dataclass(frozen=True)
class Run:
    """Seconds of wall and CPU, bytes resident at most, the share of its core that the server used."""

    wall: float
    cpu: float
    memory: float
    server: float


@dataclasses.dataclass
class Outcome:
    contestant: object
    runs: list
    problem: str = ""

    def figure(self, measure, choose=statistics.median):
        """`cpu each` and `cpu per MiB` are derived; None without a good run."""
        if not self.runs:
            return None
        name, _, per = measure.partition(" ")
        work = self.contestant.workload
        divisor = {"": 1, "each": work.count, "per MiB": work.bytes / (1 << 20)}[per]
        return choose(getattr(run, name) for run in self.runs) / divisor

    def figures(self):
        """For --json."""
        return {"contestant": self.contestant.label, "workload": str(self.contestant.workload),
                "problem": self.problem, "runs": [dataclasses.asdict(run) for run in self.runs]}


class Bench:
    def __init__(self, folder, site, timed, cores):
        self.folder = folder
        self.site = site
        self.timed = timed
        self.cores = cores  # of a workload's clients: a mask, 0 for any
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def row(self, row, rounds):
        """One outcome for each contestant, after that many rounds."""
        outcomes = [Outcome(contestant, []) for contestant in row.contestants]
        for outcome in outcomes:
            if not outcome.contestant.client.installed():
                outcome.problem = "not installed, skipped"
        tasks = [self._task(index, outcome) for index, outcome in enumerate(outcomes)]
        for number in range(rounds * row.rounds):
            for task, outcome in zip(tasks, outcomes):
                if not outcome.problem and number < outcome.contestant.rounds:
                    self._run_once(task, outcome)
        return outcomes

    def _task(self, index, outcome):
        if outcome.problem:
            return None
        workload = outcome.contestant.workload
        task = Task(workload, self.site.urls(workload), self.folder / f"list-{index}", self.site)
        outcome.contestant.client.write_list(task)
        return task

    def _run_once(self, task, outcome):
        folder = self.folder / "run"
        (folder / "out").mkdir(parents=True)
        try:
            outcome.runs.append(self._run(task, outcome.contestant.client, folder))
        except NotDone as reason:
            outcome.problem = f"{reason}{self._last_words(folder)}"
            outcome.runs.clear()
        shutil.rmtree(folder)

    def _run(self, task, client, folder):
        server = self.site.server(task.workload)
        before = server.cpu()
        command = [self.timed, hex(self.cores(task.workload)), "usage", *client.command(task)]
        with open(folder / "stdout", "wb") as stdout, open(folder / "stderr", "wb") as stderr:
            self._finish(subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                                          env=self.environment, process_group=0))
        busy = server.cpu() - before
        usage = (folder / "usage").read_text().split()
        if not usage:
            raise NotDone("it cannot be run")
        status, wall, cpu, memory = map(float, usage)
        if status != 0:
            raise NotDone(f"it ended with status {os.waitstatus_to_exitcode(int(status))}")
        share = task.workload.count / client.transfers(task, folder)
        return Run(wall * share, cpu * share, memory * 1024, busy / wall)

    @staticmethod
    def _finish(process):
        """Leaves nothing running: a client that hangs, or that we no longer want, goes with its group."""
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise NotDone(f"it did not end in {PATIENCE} s") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @staticmethod
    def _last_words(folder):
        words = (folder / "stderr").read_text(errors="replace").strip().splitlines()
        return f" ({words[-1]})" if words else ""
