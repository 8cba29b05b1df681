"""python -m config.server --host HOST --port PORT --workers N: the web server, in one process or in several."""

from argparse import ArgumentParser
from typing import Any

from uvicorn import Config

from config.server.connections import IDLE_ENDS
from config.server.processes import serve_in_processes, serve_on
from config.server.protocol import ClientConnection
from config.up.programs import LAST_REQUESTS

BACKLOG = 4096  # connections that the system keeps until they are accepted


def configured(app: Any, *, host: str = "127.0.0.1", port: int) -> Config:
    """Return how every server of the product is set up."""
    return Config(
        app,
        host=host,
        port=port,
        http=ClientConnection,
        loop="uvloop",
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_ENDS,
        timeout_graceful_shutdown=LAST_REQUESTS,
    )


def serve() -> None:
    parser = ArgumentParser(prog="config.server")
    parser.add_argument("app", nargs="?", default="config.asgi:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    config = configured(options.app, host=options.host, port=options.port)
    if options.workers == 1:
        serve_on(config, config.bind_socket())
    else:
        serve_in_processes(config, options.workers)


if __name__ == "__main__":
    serve()
