"""python -m config.server --host HOST --port PORT --workers N: the web server, in one process or in several."""

from argparse import ArgumentParser
from typing import Any

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from config.server.connections import ClientConnection

KEPT_OPEN = 75  # seconds between two requests of a connection; a proxy must give up earlier
LAST_REQUESTS = 20  # seconds that a server told to end waits for requests, none of which may take longer (D6)
STALLED = 120  # seconds after which a process that does not even answer its parent is replaced
BACKLOG = 4096  # connections that the system keeps until they are accepted


def configured(app: Any, *, host: str = "127.0.0.1", port: int, workers: int = 1) -> Config:
    """Return how every server of the product is set up."""
    return Config(
        app,
        host=host,
        port=port,
        workers=workers,
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
        timeout_keep_alive=KEPT_OPEN,
        timeout_graceful_shutdown=LAST_REQUESTS,
        timeout_worker_healthcheck=STALLED,
    )


def serve() -> None:
    parser = ArgumentParser(prog="config.server")
    parser.add_argument("app", nargs="?", default="config.asgi:application")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    config = configured(options.app, host=options.host, port=options.port, workers=options.workers)
    sockets = [config.bind_socket()]
    if options.workers == 1:
        Server(config).run(sockets)
    else:
        Multiprocess(config, sockets).run()


if __name__ == "__main__":
    serve()
