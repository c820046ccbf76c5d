"""What the tests of whole runs share: servers, an empty folder for each test, and haul under a time limit.

HAUL and ORIGIN in the environment are the two programs.  A sanitizer that complains fails the test.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

HAUL = os.environ["HAUL"]
ORIGIN = os.environ["ORIGIN"]
SANITIZER_COMPLAINT = 99
TIME_LIMIT = 60
FAST_FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

ENVIRONMENT = {name: value for name, value in os.environ.items()
               if not name.lower().endswith("_proxy") and not name.startswith(("HAUL_", "GITHUB_", "CI", "NO_COLOR", "SSL", "CURL_"))}
ENVIRONMENT.update(LC_ALL="C.UTF-8", TZ="UTC", XDG_CONFIG_HOME="/nonexistent",
                   ASAN_OPTIONS=f"exitcode={SANITIZER_COMPLAINT}",
                   LSAN_OPTIONS=f"exitcode={SANITIZER_COMPLAINT}",
                   UBSAN_OPTIONS=f"halt_on_error=1:exitcode={SANITIZER_COMPLAINT}")
# Where memory is measured.
FRUGAL_SANITIZER = {**ENVIRONMENT, "ASAN_OPTIONS": ENVIRONMENT["ASAN_OPTIONS"] +
                    ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0:malloc_context_size=0"}


for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(number) == signal.SIG_IGN:  # what haul is sent is for haul to heed
        signal.signal(number, signal.SIG_DFL)


def pattern(size):
    """The body of the origin's /bytes/SIZE."""
    period = bytes((i * 31 + 7) % 251 for i in range(251))
    return (period * (size // 251 + 1))[:size]


class Origin:
    """The test origin on a free port, or on one of before."""

    def __init__(self, port=0):
        self.folder = temporary_folder()
        port_file = pathlib.Path(self.folder.name, "port")
        self.process = subprocess.Popen([ORIGIN, "--port", str(port), "--port-file", port_file],
                                        stdout=subprocess.DEVNULL)
        wait_until(port_file.exists)
        self.port = int(port_file.read_text())
        self.address = f"http://127.0.0.1:{self.port}"

    def stats(self):
        return dict((name, int(count)) for name, count in map(str.split, get(self.port, "/stats").splitlines()))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class Nginx:
    """nginx serving the folder `root` on a free port, or over TLS with a certificate that nobody trusts.

    `servers` are more of them, in its own words.
    """

    CONFIGURATION = """
        daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
        events {{ worker_connections 8192; }}
        http {{
            access_log off; keepalive_requests {keepalive_requests};
            client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
            uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
            server {{ listen 127.0.0.1:{port}{tls}; root {root}; }}
            {servers}
        }}"""

    def __init__(self, root, certificate=None, keepalive_requests=1000000, servers=""):
        self.folder = temporary_folder()
        self.port = free_port()
        self.address = f"http{'s' if certificate else ''}://127.0.0.1:{self.port}"
        tls = f" ssl http2; ssl_certificate {certificate}; ssl_certificate_key {certificate}" if certificate else ""
        configuration = pathlib.Path(self.folder.name, "configuration")
        configuration.write_text(self.CONFIGURATION.format(folder=self.folder.name, port=self.port, root=root, tls=tls,
                                                           keepalive_requests=keepalive_requests, servers=servers))
        self.process = subprocess.Popen([find_nginx(), "-p", self.folder.name, "-c", configuration],
                                        stderr=subprocess.DEVNULL)
        wait_until(lambda: is_listening(self.port))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def make_certificate(path):
    """For 127.0.0.1, key and certificate in one file, signed by itself."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", path, "-out", path], check=True, capture_output=True)


def find_nginx():
    return shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")


def temporary_folder():
    return tempfile.TemporaryDirectory(dir=FAST_FOLDER)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def is_listening(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def get(port, path):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        with client.makefile() as answer:
            return answer.read().split("\n\n", 1)[1]


def wait_until(condition, limit=20):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.01)


def status_of(process, field):
    """What proc(5) tells of a process that still runs, in its units."""
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise AssertionError(f"no {field}")


def peak_memory(process):
    """In KiB."""
    return status_of(process, "VmHWM")


class Run:
    """What a run that has ended left behind."""

    def __init__(self, code, stdout, stderr, seconds):
        self.code, self.stdout, self.stderr, self.seconds = code, stdout, stderr.decode(errors="replace"), seconds

    @property
    def lines(self):
        return [json.loads(line) for line in self.stdout.decode().splitlines()]

    @property
    def results(self):
        """By index; each index once."""
        results = [line for line in self.lines if line["type"] == "result"]
        by_index = {result["index"]: result for result in results}
        if len(by_index) != len(results):
            raise AssertionError("two records of one job")
        return by_index

    @property
    def summary(self):
        last = self.lines[-1]
        if last["type"] != "summary":
            raise AssertionError(f"the last line is no summary but {last}")
        return last


class RunTest(unittest.TestCase):
    """`self.folder` is an empty folder, where haul runs; `self.origin` an origin of the class."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.origin = Origin()
        cls.addClassCleanup(cls.origin.close)

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext_(temporary_folder()))
        self.out = self.folder / "out"

    def enterContext_(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def url(self, path):
        return self.origin.address + path

    def start(self, *arguments, **options):
        options = {"cwd": self.folder, "env": ENVIRONMENT, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                   "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen([HAUL, *map(str, arguments)], **options)
        process.started = time.monotonic()
        self.addCleanup(end, process)
        return process

    def finish(self, process, stdin=None, limit=TIME_LIMIT):
        try:
            stdout, stderr = process.communicate(stdin, limit)
        except subprocess.TimeoutExpired:
            self.fail(f"haul has not ended within {limit} seconds")
        run = Run(process.returncode, stdout or b"", stderr or b"", time.monotonic() - process.started)
        self.assertNotIn(run.code, [SANITIZER_COMPLAINT, -signal.SIGABRT, -signal.SIGSEGV], run.stderr)
        return run

    def haul(self, *arguments, stdin=None, limit=TIME_LIMIT, **options):
        """Runs to the end; `stdin` is bytes or lines."""
        if isinstance(stdin, list):
            stdin = "".join(line + "\n" for line in stdin).encode()
        if stdin is not None:
            options["stdin"] = subprocess.PIPE
        return self.finish(self.start(*arguments, **options), stdin, limit)

    def assert_files(self, wanted):
        """`out` holds these files and no others; {name: contents}."""
        files = {str(path.relative_to(self.out)): path for path in self.out.rglob("*") if not path.is_dir()}
        self.assertEqual(sorted(files), sorted(wanted))
        for name, contents in wanted.items():
            self.assertTrue(files[name].read_bytes() == contents, f"{name} holds something else")

    def assert_one_record_each(self, run, count):
        self.assertEqual(sorted(run.results), list(range(1, count + 1)))
        self.assertEqual(run.summary["total"], count)
        self.assertEqual(run.summary["exit_code"], run.code)


def end(process):
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()
