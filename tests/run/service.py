"""A server whose answers a test makes up: {"/path": answer}, where an answer is a body, (status, headers, body), or a
function of the request that gives either.  It remembers what it was asked."""

import collections
import http.server
import json
import threading

Request = collections.namedtuple("Request", "method path headers body")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.path, self.headers, body)
        self.server.requests.append(request)
        answer = self.server.answers.get(self.path.partition("?")[0], (404, {}, b"nothing here"))
        if callable(answer):
            answer = answer(request)
        self.send(*(answer if isinstance(answer, tuple) else (200, {}, answer)))

    def send(self, status, headers, body):
        if isinstance(body, (dict, list)):
            headers, body = {"Content-Type": "application/json", **headers}, json.dumps(body)
        body = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            for each in value if isinstance(value, list) else [value]:
                self.send_header(name, each)
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = answer

    def log_message(self, *_):
        pass


class Service(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answers, port=0, context=None):
        super().__init__(("127.0.0.1", port), Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.answers, self.requests = answers, []
        self.address = f"http{'s' if context else ''}://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass

    def close(self):
        self.shutdown()
        self.server_close()
