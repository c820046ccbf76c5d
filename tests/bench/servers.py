"""The servers: nginx for small bodies and large files, plain and over TLS, and delay_server for slow answers.

A small body is its own path, again and again, so no two are alike and none needs a file.

Each server is started on a free port of the loopback, on a core of its own, and stopped by its process id.
"""

import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

MIB = 1 << 20
SMALL = 1024
SMALL_PATH = "/small/{:09d}"  # 16 bytes
SMALL_REPEATS = SMALL // 16
BIG_NAMES = "1234"

NGINX_CONF = """
daemon off;
{user}
pid {folder}/nginx.pid;
worker_processes 1;
worker_rlimit_nofile {descriptors};
events {{ worker_connections {connections}; multi_accept on; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/octet-stream;
    root {folder}/root;
    etag off;
    tcp_nodelay on;
    keepalive_requests 100000000;
    keepalive_timeout 600s;
    http2_max_concurrent_streams 1024;
    ssl_protocols TLSv1.3;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    ssl_session_cache shared:sessions:8m;
    server {{
        listen 127.0.0.1:{plain} backlog=65535;
        listen 127.0.0.1:{tls} ssl http2 backlog=65535;
        location /small/ {{ return 200 "{small}"; }}
        location /big/ {{ sendfile on; tcp_nopush on; sendfile_max_chunk 2m; }}
    }}
}}
"""

CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def on_core(core, command):
    return ["taskset", "-c", str(core), *command]


def cpu_of(pid):
    """Seconds of CPU that a process of one thread has used, and its children."""
    nanoseconds = int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return nanoseconds / 1e9 + sum(map(cpu_of, children))


class Server:
    """A process and the ports it listens on."""

    def __init__(self, process):
        self.process = process

    def cpu(self):
        return cpu_of(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Nginx(Server):
    def __init__(self, folder, core, descriptors):
        self.folder = folder
        self.plain_port = free_port()
        self.tls_port = free_port()
        self.certificate = folder / "certificate.pem"
        (folder / "root" / "big").mkdir(parents=True)
        subprocess.run([*CERTIFICATE, "-keyout", folder / "key.pem", "-out", self.certificate],
                       check=True, capture_output=True)
        (folder / "nginx.conf").write_text(NGINX_CONF.format(
            folder=folder, plain=self.plain_port, tls=self.tls_port, descriptors=descriptors,
            small="$uri" * SMALL_REPEATS, connections=descriptors - 1000, user="user root;" if os.geteuid() == 0 else ""))
        log = folder / "nginx.log"
        super().__init__(subprocess.Popen(
            on_core(core, ["nginx", "-p", folder, "-e", log, "-c", folder / "nginx.conf"]),
            stderr=subprocess.DEVNULL))
        self._wait_until_ready(log)

    def _wait_until_ready(self, log):
        context = ssl.create_default_context(cafile=self.certificate)
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.tls_port)) as connection:
                    context.wrap_socket(connection, server_hostname="127.0.0.1").close()
                    return
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"nginx does not start: {log.read_text()}")

    def need_big_files(self, size):
        """Makes /big/SIZE/1 and so on: names of one file of random bytes."""
        folder = self.folder / "root" / "big" / str(size)
        if folder.exists():
            return
        folder.mkdir()
        with open(folder / BIG_NAMES[0], "wb") as file:
            for _ in range(size // MIB):
                file.write(os.urandom(MIB))
        for name in BIG_NAMES[1:]:
            os.link(folder / BIG_NAMES[0], folder / name)


class DelayServer(Server):
    MILLISECONDS = 100

    def __init__(self, program, core):
        process = subprocess.Popen(on_core(core, [program, str(self.MILLISECONDS), str(SMALL)]),
                                   stdout=subprocess.PIPE, text=True)
        super().__init__(process)
        self.port = int(process.stdout.readline())
