"""What is to be fetched: how many bodies of which size, from where, how many at a time, to files or to nothing."""

import dataclasses
import filecmp

from servers import BIG_NAMES, MIB, SMALL, SMALL_PATH, SMALL_REPEATS

PLAIN, TLS, DELAY = "plain", "TLS 1.3", "answered after 100 ms"


@dataclasses.dataclass(frozen=True)
class Workload:
    count: int
    size: int = SMALL
    jobs: int = 64
    origin: str = PLAIN
    save: bool = False
    http2: bool = False
    digest: str = ""

    @property
    def bytes(self):
        return self.count * self.size

    @property
    def big(self):
        return self.size > SMALL

    def __str__(self):
        size = f"{self.size >> 10:,} KiB" if self.size < MIB else f"{self.size >> 20:,} MiB"
        digest = f" with {self.digest}" if self.digest else ""
        return (f"{self.count:,} × {size} {'to files' if self.save else 'discarded'}{digest}, {self.origin}, "
                f"HTTP/{'2' if self.http2 else '1.1'}, {self.jobs:,} at a time")

    def but(self, **changes):
        return dataclasses.replace(self, **changes)


class Site:
    """Where workloads come from: their URLs, and the files that bodies are compared with."""

    def __init__(self, nginx, delay_server):
        self.nginx = nginx
        self.delay_server = delay_server
        self.certificate = nginx.certificate

    def server(self, workload):
        return self.delay_server if workload.origin == DELAY else self.nginx

    def base(self, workload):
        if workload.origin == TLS:
            return f"https://127.0.0.1:{self.nginx.tls_port}"
        port = self.delay_server.port if workload.origin == DELAY else self.nginx.plain_port
        return f"http://127.0.0.1:{port}"

    def urls(self, workload):
        """The URLs, no two the same; the last part of each path is a file's name."""
        base = self.base(workload)
        if workload.big:
            self.nginx.need_big_files(workload.size)
            return [f"{base}/big/{workload.size}/{name}" for name in BIG_NAMES[:workload.count]]
        return [base + SMALL_PATH.format(number) for number in range(workload.count)]

    def sent(self, url, file):
        """Whether this file has what the server sends for a URL."""
        path = "/" + url.split("/", 3)[3]
        if path.startswith("/big/"):
            return filecmp.cmp(self.nginx.folder / "root" / path[1:], file, shallow=False)
        return file.read_bytes() == path.encode() * SMALL_REPEATS
