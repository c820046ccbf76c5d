"""The rows of the table: who fetches what, and what is promised of it."""

import dataclasses
import typing

from clients import Aiohttp, Aria2, Bare, Client, Curl, H2load, Haul, HaulOnTerminal, ReceiveLoop, Version, Wget2, Wrk
from servers import DelayServer, MIB
from workloads import DELAY, TLS, Workload


@dataclasses.dataclass(frozen=True)
class Contestant:
    label: str
    client: Client
    workload: Workload
    rounds: int = 1 << 30  # at most: for what is slow and steady


@dataclasses.dataclass(frozen=True)
class Target:
    """A measure of one contestant beside another's (or beside a constant): their ratio, or their difference.

    Without a limit it is only told.
    """

    measure: str
    of: str
    to: typing.Union[str, float]
    limit: typing.Optional[float] = None
    difference: bool = False


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    title: str
    contestants: list
    targets: list
    rounds: int = 1  # as many times the rounds asked for


class Rows:
    """All rows; `scale` divides the counts and sizes, for a quick look."""

    def __init__(self, haul, tools, scale):
        self.haul = Haul(haul)
        self.curl, self.wget2, self.aria2 = Curl(), Wget2(), Aria2()
        self.wrk, self.h2load, self.aiohttp = Wrk(), H2load(), Aiohttp()
        self.bare, self.receive_loop = Bare(tools), ReceiveLoop(tools)
        self.clients = [self.haul, self.curl, self.wget2, self.aria2, self.wrk, self.h2load]
        self.tools = tools
        self.scale = scale
        self.all = [*self._small(), *self._large(), *self._digests(), *self._concurrent(), *self._memory(),
                    self._start(), self._progress(), *self._growth()]

    def _row(self, name, workload, peers, targets):
        return Row(name, str(workload), [Contestant(client.name, client, workload) for client in [self.haul, *peers]],
                   targets)

    def _small(self):
        work = Workload(20000 // self.scale)
        tls = work.but(origin=TLS)
        faster = [Target("wall", "haul", "curl", 0.7)]
        yield self._row("S1", work.but(save=True), [self.curl, self.wget2, self.aria2],
                        [Target("wall", "haul", "curl", 0.5), Target("cpu", "haul", "curl", 0.7)])
        yield self._row("S2", work, [self.curl, self.bare, self.aiohttp, self.wrk],
                        [Target("wall", "haul", "curl", 0.5), Target("wall", "haul", self.wrk.name, 1.6)])
        yield self._row("S3", tls, [self.curl, self.h2load], faster)
        yield self._row("S3-files", tls.but(save=True), [self.curl, self.wget2, self.aria2], faster)
        yield self._row("S3-h2", tls.but(http2=True), [self.curl, self.h2load], faster)
        yield self._row("S3-h2-files", tls.but(http2=True, save=True), [self.curl, self.wget2], faster)

    def _large(self):
        work = Workload(4, size=1024 // self.scale * MIB, jobs=4)
        yield self._row("L1", work, [self.curl, self.receive_loop],
                        [Target("wall", "haul", "curl", 0.6), Target("wall", "haul", "receive loop", 1.1)])
        yield self._row("L1-files", work.but(save=True), [self.curl, self.wget2, self.aria2, self.receive_loop],
                        [Target("wall", "haul", "curl", 0.6)])
        yield self._row("L2", work.but(origin=TLS), [self.curl], [Target("wall", "haul", "curl", 0.9)])

    def _digests(self):
        small = Workload(20000 // self.scale, save=True)
        large = Workload(4, size=1024 // self.scale * MIB, jobs=4)
        for name, work, limit in (("D1", small, 1.1), ("D2", large, None)):
            with_digest = work.but(digest="sha256")
            label = f"haul with {with_digest.digest}"
            yield Row(name, f"digests: {with_digest}",
                      [Contestant("haul", self.haul, work), Contestant(label, self.haul, with_digest)],
                      [Target("wall", label, "haul", limit)])

    def _concurrent(self):
        work = Workload(50000 // self.scale, jobs=1000, origin=DELAY)
        ideal = work.count / work.jobs * DelayServer.MILLISECONDS / 1000
        yield self._row("C1", work, [self.bare, self.aiohttp], [Target("wall", "haul", ideal, 1.05)])

        most = work.but(jobs=9000)
        few = work.but(jobs=100, count=work.count // 5)
        yield Row("C2", str(most),
                  [Contestant("haul", self.haul, most),
                   Contestant("bare uv + curl", self.bare, most),
                   Contestant("aiohttp + uvloop, 5,000", self.aiohttp, most.but(jobs=5000)),
                   Contestant("haul, 100 at a time", self.haul, few),
                   Contestant("bare, 100 at a time", self.bare, few)],
                  [Target("wall", "haul", 1.0, 2.5),
                   Target("cpu each", "haul", "haul, 100 at a time", 2.2),
                   Target("cpu each", "bare uv + curl", "bare, 100 at a time")])

    def _memory(self):
        few = Workload(20000 // self.scale)
        many = few.but(count=50 * few.count)
        sizes = [(f", {work.count:,} URLs", work) for work in (few, many)]
        yield Row("M1", f"memory: {few.count:,} and {many.count:,} URLs, 64 at a time, discarded",
                  [Contestant(client.name + label, client, work, rounds)
                   for client, rounds in ((self.haul, 3), (self.curl, 1)) for label, work in sizes],
                  [Target("memory", self.haul.name + sizes[1][0], self.haul.name + sizes[0][0], MIB, difference=True),
                   Target("memory", self.curl.name + sizes[1][0], self.curl.name + sizes[0][0], difference=True)])
        most = Workload(50000 // self.scale, jobs=9000, origin=DELAY)
        yield Row("M2", f"memory: {most}",
                  [Contestant(client.name, client, most, 3) for client in (self.haul, self.bare)],
                  [Target("memory", "haul", "bare uv + curl", 1.15)])

    def _start(self):
        one = Workload(1, jobs=1, save=True)
        versions = [Version(self.haul), Version(self.curl)]
        return Row("T1", "cold start to exit: one small file to a file; --version",
                   [Contestant(client.name, client, one) for client in [self.haul, self.curl, *versions]],
                   [Target("wall", "haul", "curl", 1.1), Target("wall", versions[0].name, versions[1].name, 1.1)],
                   rounds=20)

    def _progress(self):
        work = Workload(20000 // self.scale, save=True)
        clients = [HaulOnTerminal(self.haul.program, self.tools, progress) for progress in ("bar", "none")]
        bar, none = (client.name for client in clients)
        return Row("P1", f"progress: {work}", [Contestant(client.name, client, work) for client in clients],
                   [Target("wall", bar, none, 1.03), Target("cpu", bar, none)])

    def _growth(self):
        small = Workload(20000 // self.scale)
        large = Workload(4, size=256 // self.scale * MIB, jobs=4)
        slow = Workload(10000 // self.scale, jobs=1000, origin=DELAY)
        for name, work in (("S1", small.but(save=True)), ("S2", small), ("S3", small.but(origin=TLS)),
                           ("S3-h2", small.but(origin=TLS, http2=True))):
            yield self._growing(name, [work.but(count=count) for count in (work.count // 4, work.count, work.count * 4)])
        for name, work in (("L1", large), ("L1-files", large.but(save=True)), ("L2", large.but(origin=TLS))):
            yield self._growing(name, [work.but(size=size) for size in (work.size // 4 // MIB * MIB, work.size, work.size * 4)])
        yield self._growing("C", [slow.but(count=10 * jobs, jobs=jobs) for jobs in (100, 1000, 9000)], self.bare)

    def _growing(self, name, works, peer=None):
        """Each size of a workload, by ours and by a peer, and how the cost of a byte or a transfer moves."""
        clients = [self.haul, peer or self.curl]
        sizes = ("small", "middle", "large")
        each = "cpu per MiB" if works[0].big else "cpu each"
        rest = "; ".join(f"{work.count:,} × {work.size:,} bytes, {work.jobs:,} at a time" for work in works[1:])
        return Row(f"G-{name}", f"growth: {works[0]}; {rest}",
                   [Contestant(f"{client.name}, {size}", client, work)
                    for size, work in zip(sizes, works) for client in clients],
                   [Target(each, f"{client.name}, {size}", f"{client.name}, small")
                    for client in clients for size in sizes[1:]])
