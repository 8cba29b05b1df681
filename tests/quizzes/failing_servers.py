"""Web servers that fail in each way that a sweeper can meet, on real sockets."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from bench.rig.ports import free_port


@contextmanager
def closed_port() -> Iterator[str]:
    """Nothing listens."""
    yield f"http://127.0.0.1:{free_port()}"


@contextmanager
def silent_server() -> Iterator[str]:
    """Listens and never answers: the kernel takes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as hung:
        yield f"http://127.0.0.1:{hung.getsockname()[1]}"


@contextmanager
def closing_server() -> Iterator[str]:
    """Takes one connection and resets it, as a process does that dies."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        dying = Thread(target=reset_one, args=(server,), daemon=True)
        dying.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        dying.join()


def reset_one(server: socket.socket) -> None:
    connection, _address = server.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def answering_server(status: int, body: bytes = b"") -> Iterator[str]:
    """Answers every request in this way."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()
