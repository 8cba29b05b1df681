"""The product served by its own server in a thread of this process, because LiveServer cannot stream."""

import socket
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from uvicorn import Server

from bench.rig.ports import free_port
from config.asgi import EventStreams, joined
from config.environment import environment
from config.page_threads import Threads
from config.server.__main__ import configured
from tests.labs.lives import wait_until


@pytest.fixture(scope="module")
def site(assets: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Replaces the fixture of conftest.py in modules that import it."""
    with django_db_blocker.unblock(), served() as address:
        yield address


@contextmanager
def served() -> Iterator[str]:
    """Serve a copy of the application for the duration of the block; `config.asgi` keeps its own threads.

    The copy also sees where the static files are now, because middleware reads that once, when the application is made.
    """
    pages = Threads(get_wsgi_application(), workers=environment.threads())
    threads = tuple(pages.idle)
    application = joined(pages, EventStreams())
    port = free_port()
    server = Server(configured(application, port=port))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: is_open(port))
    yield f"http://127.0.0.1:{port}"
    # A page that is still being answered needs the loop. Without the loop, its thread would wait forever.
    last = threading.Thread(target=end_all, args=[threads], daemon=True)
    last.start()
    last.join(timeout=60)
    server.should_exit = True
    thread.join(timeout=60)


def end_all(threads: Iterable[Executor]) -> None:
    """Let each thread answer its last page and close its database connection."""
    for thread in threads:
        thread.submit(connections.close_all)
        thread.shutdown()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
