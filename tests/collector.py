"""A collector for tests: an HTTP server that keeps what programs report to it."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Collector:
    """Keeps the path and the body of each request. While `answers` is not set, it answers none."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.answers = threading.Event()
        self.answers.set()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_packed = self.headers.get("Content-Encoding") == "gzip"
                collector.received.append((self.path, gzip.decompress(body) if is_packed else body))
                collector.answers.wait()
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answers.set()
        self.server.shutdown()
        self.server.server_close()

    def errors(self) -> list[dict]:
        """Return the events of the envelopes, which are lines of JSON: a head, then the head and the body of an item."""
        return [json.loads(body.splitlines()[2]) for path, body in self.received if path == "/api/1/envelope/"]
