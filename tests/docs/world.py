"""The world of the examples: https://example.org and https://example.net are servers on loopback, port 8000 is a free
one, and each script starts in a folder of its own with a list and the records of a run in it.

    /a.txt /b.txt /about / /health /archive.tar.gz   are there
    /busy                                    answers 503 once for each query, and then is there
    anything else                            is missing
"""

import collections
import hashlib
import http.server
import io
import os
import pathlib
import re
import signal
import socket
import subprocess
import tarfile
import tempfile
import threading
import urllib.parse

ADDRESSES = {"https://example.org": "127.0.0.1", "https://example.net": "127.0.0.2"}
SHOWN_PORT = "8000"
TIMEOUT_SECONDS = 60
URLS = "https://example.org/a.txt\nhttps://example.org/b.txt\nhttps://example.net/about\n"
TROUBLED_URLS = "https://example.org/a.txt\nhttps://example.org/busy?{}\n"


def archive():
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("empty"))
    return packed.getvalue()


PAGES = {"/": b"welcome\n", "/a.txt": b"a\n", "/b.txt": b"b\n", "/about": b"about\n", "/busy": b"busy no more\n",
         "/health": b'{"status": "up", "queue": 3}\n', "/archive.tar.gz": archive()}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = collections.Counter()

    def status(self, page):
        Handler.asked[self.path] += 1
        if page not in PAGES:
            return 404
        return 503 if page == "/busy" and Handler.asked[self.path] == 1 else 200

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        page = urllib.parse.urlsplit(self.path).path
        status = self.status(page)
        body = PAGES[page] if status == 200 else b"sorry\n"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass


def start_server(address):
    server = http.server.ThreadingHTTPServer((address, 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{address}:{server.server_address[1]}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


class World:
    def __init__(self, haul):
        self.real = {shown: start_server(address) for shown, address in ADDRESSES.items()}
        self.port = free_port()
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.lower().endswith("_proxy") and not name.startswith(("HAUL_", "XDG_", "GITHUB_", "CI", "NO_COLOR"))}
        self.environment.update(PATH=f"{haul.parent}:{self.environment['PATH']}", LC_ALL="C.UTF-8")
        self.runs = 0

    def to_real(self, text):
        for shown, real in self.real.items():
            text = text.replace(shown, real)
        return re.sub(rf"\b{SHOWN_PORT}\b", self.port, text)

    def to_shown(self, text):
        for shown, real in self.real.items():
            text = text.replace(real, shown)
        return re.sub(rf"\b{self.port}\b", SHOWN_PORT, text)

    def bash(self, script, folder):
        """The status, what was printed, and what was said on standard error; what it left behind is ended."""
        shell = subprocess.Popen(["bash", "-c", self.to_real(script)], cwd=folder, env={**self.environment, "HOME": folder},
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 start_new_session=True)
        try:
            printed, said = shell.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            try:
                os.killpg(shell.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return shell.returncode, *(self.to_shown(stream.decode()) for stream in (printed, said))

    def furnish(self, folder):
        """Puts urls.txt, SHA256SUMS and results.jsonl there; one line of the latter tells of a failure that will have passed."""
        self.runs += 1
        folder = pathlib.Path(folder)
        (folder / "urls.txt").write_text(self.to_real(URLS))
        (folder / "SHA256SUMS").write_text("".join(f"{hashlib.sha256(PAGES['/' + name]).hexdigest()}  {name}\n"
                                                   for name in ("a.txt", "b.txt")))
        (folder / "troubled").write_text(self.to_real(TROUBLED_URLS.format(self.runs)))
        self.bash("haul -i troubled --check -q --retry 0 --json > results.jsonl", folder)
        (folder / "troubled").unlink()

    def in_new_folder(self, script):
        with tempfile.TemporaryDirectory() as folder:
            self.furnish(folder)
            return self.bash(script, folder)
