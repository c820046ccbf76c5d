"""The clients: how each is asked for a workload at its best settings, and how it is proved that it fetched it all."""

import dataclasses
import importlib.util
import json
import os
import pathlib
import re
import shutil
import sys

from workloads import TLS, Workload

HERE = pathlib.Path(__file__).parent


class NotDone(Exception):
    """A client did not do all that it was asked."""


@dataclasses.dataclass(frozen=True)
class Task:
    """One workload as one client meets it.  A run's folder has `out/` and gets `stdout` and `stderr`."""

    workload: Workload
    urls: list
    list: pathlib.Path  # the client's own list of them
    site: object

    @property
    def verifies(self):
        return self.workload.origin == TLS


def expect(what, found, wanted):
    if found != wanted:
        raise NotDone(f"{what}: {found:,} instead of {wanted:,}")


def expect_files(task, folder):
    """Every file is there, nothing else is, and each has the bytes that the server has."""
    expect("files", len(os.listdir(folder)), task.workload.count)
    for url in task.urls:
        file = folder / url.rpartition("/")[2]
        if not task.site.sent(url, file):
            raise NotDone(f"{file.name} is not what the server sent")


def stdout_numbers(folder, pattern):
    found = re.search(pattern, (folder / "stdout").read_text())
    if found is None:
        raise NotDone(f"no {pattern!r} in its output")
    return [int(number) for number in found.groups()]


class Client:
    """`command` says how to run it in a run's folder; `transfers` checks what it left there and counts."""

    name = ""
    program = ""

    def installed(self):
        return shutil.which(self.program) is not None

    def write_list(self, task):
        task.list.write_text("".join(f"{url}\n" for url in task.urls))

    def command(self, task):
        raise NotImplementedError

    def transfers(self, task, folder):
        expect_files(task, folder / "out")
        return task.workload.count


class Haul(Client):
    name = "haul"

    def __init__(self, program):
        self.program = program

    def command(self, task):
        work = task.workload
        jobs = str(work.jobs)
        source = task.urls if len(task.urls) == 1 else ["-i", task.list]  # one is typed
        return [self.program, "-q", "--json", *source, "-j", jobs, "--jobs-per-host", jobs,
                *(["-P", "out"] if work.save else ["--check"]), *(["--hash", work.digest] if work.digest else []),
                *(["--cacert", task.site.certificate, "--http2" if work.http2 else "--http1.1"]
                  if task.verifies else [])]

    def transfers(self, task, folder):
        ok = size = 0
        with open(folder / "stdout", encoding="utf-8") as lines:
            for record in map(json.loads, lines):
                if record["type"] == "result" and record["status"] == "ok":
                    ok += 1
                    size += record["size_download"]
        expect("results that are ok", ok, task.workload.count)
        expect("bytes", size, task.workload.bytes)
        if task.workload.save:
            expect_files(task, folder / "out")
        return ok


class HaulOnTerminal(Haul):
    """With a terminal for standard error, and a bar on it or none."""

    def __init__(self, program, tools, progress):
        super().__init__(program)
        self.progress = progress
        self.name = f"haul, progress {progress}"
        self.on_terminal = tools / "on_terminal"

    def command(self, task):
        return [self.on_terminal, *(word for word in super().command(task) if word != "-q"), "--progress", self.progress]


class Curl(Client):
    name = program = "curl"
    most_at_once = 300

    def output(self, task, url):
        return f"out/{url.rpartition('/')[2]}" if task.workload.save else "/dev/null"

    def write_list(self, task):
        with open(task.list, "w", encoding="utf-8") as file:
            for url in task.urls:
                file.write(f'url = "{url}"\noutput = "{self.output(task, url)}"\n')

    def source(self, task):
        if len(task.urls) == 1:
            return ["-o", self.output(task, task.urls[0]), *task.urls]
        return ["-Z", "--parallel-max", str(min(task.workload.jobs, self.most_at_once)), "-K", task.list]

    def command(self, task):
        work = task.workload
        return ["curl", "-q", "-sSf", "--no-progress-meter", "-w", "%{response_code} %{size_download}\\n",
                *(["--cacert", task.site.certificate] if task.verifies else []),
                "--http2" if work.http2 else "--http1.1", *self.source(task)]

    def transfers(self, task, folder):
        lines = (folder / "stdout").read_text().split("\n")[:-1]
        expect("answers of 200", sum(line.startswith("200 ") for line in lines), task.workload.count)
        expect("bytes", sum(int(line[4:]) for line in lines), task.workload.bytes)
        if task.workload.save:
            expect_files(task, folder / "out")
        return len(lines)


class Wget2(Client):
    name = program = "wget2"
    most_useful = 16

    def command(self, task):
        work = task.workload
        return ["wget2", "--no-config", "-q", "--no-hsts", "--no-netrc", "--no-check-hostname", "--tries=1",
                f"--max-threads={min(work.jobs, self.most_useful)}", *([f"--ca-certificate={task.site.certificate}"] if task.verifies else []),
                "--http2" if work.http2 else "--no-http2", "-P", "out", "-i", task.list]


class Aria2(Client):
    name = "aria2"
    program = "aria2c"

    def command(self, task):
        return ["aria2c", "--no-conf", "-q", "--file-allocation=none", "--disk-cache=0", "--max-tries=1", "-x1", "-s1",
                f"-j{task.workload.jobs}", *([f"--ca-certificate={task.site.certificate}"] if task.verifies else []),
                "-d", "out", "-i", task.list]


class Aiohttp(Client):
    name = "aiohttp + uvloop"
    program = sys.executable

    def installed(self):
        return all(map(importlib.util.find_spec, ("aiohttp", "uvloop")))

    def command(self, task):
        return [sys.executable, HERE / "aiohttp_client.py", task.list, str(task.workload.jobs)]

    def transfers(self, task, folder):
        count, size = stdout_numbers(folder, r"^(\d+) (\d+)$")
        expect("answers of 200", count, task.workload.count)
        expect("bytes", size, task.workload.bytes)
        return count


class Bare(Aiohttp):
    name = "bare uv + curl"

    def __init__(self, tools):
        self.program = tools / "bare_client"

    def installed(self):
        return True

    def command(self, task):
        jobs = task.workload.jobs
        return [self.program, task.list, str(jobs), str(1 + jobs // 280)]


class ReceiveLoop(Client):
    name = "receive loop"

    def __init__(self, tools):
        self.program = tools / "receive_loop"

    def command(self, task):
        work = task.workload
        port, path = re.fullmatch(r"http://[^:]+:(\d+)(/.*)", task.urls[0]).groups()
        return [self.program, port, path, str(work.count), str(work.size), *(["out"] if work.save else [])]

    def transfers(self, task, folder):
        if task.workload.save:
            expect_files(task, folder / "out")
        return task.workload.count


class Wrk(Client):
    """Asks for one file for a while, parses little and stores nothing: the limit of server and kernel."""

    name = "wrk, the limit"
    program = "wrk"
    seconds = 2

    def command(self, task):
        return ["wrk", "-t1", f"-c{task.workload.jobs}", f"-d{self.seconds}s", task.urls[0]]

    def transfers(self, task, folder):
        output = (folder / "stdout").read_text()
        if "Socket errors" in output or "Non-2xx" in output:
            raise NotDone(f"errors: {output}")
        return stdout_numbers(folder, r"(\d+) requests in")[0]


class H2load(Client):
    """As wrk, over HTTP/2 on one connection, or over HTTP/1.1 with TLS on many."""

    name = "h2load, the limit"
    program = "h2load"

    def command(self, task):
        work = task.workload
        how = ["-c1", f"-m{work.jobs}"] if work.http2 else ["--h1", f"-c{work.jobs}"]
        return ["h2load", "-t1", "-n", str(work.count), *how, "-i", task.list]

    def transfers(self, task, folder):
        succeeded, = stdout_numbers(folder, r"(\d+) succeeded")
        expect("requests that succeeded", succeeded, task.workload.count)
        return succeeded


class Version(Client):
    """Another client that only says its version: what a start costs."""

    def __init__(self, client):
        self.client = client
        self.name = f"{client.name} --version"
        self.program = client.program

    def installed(self):
        return self.client.installed()

    def command(self, task):
        return [self.program, "--version"]

    def transfers(self, task, folder):
        if self.client.name not in (folder / "stdout").read_text():
            raise NotDone("it does not say its name")
        return task.workload.count
