"""The product as it is served, by granian in a thread of this process: LiveServer cannot stream."""

import asyncio
import importlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from tests.conftest import free_port
from tests.labs.lives import wait_until


@pytest.fixture(scope="module")
def site(assets: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Takes the place of the conftest's in the modules that import it."""
    from config import asgi, wsgi

    importlib.reload(wsgi)  # it reads where the files of the pages lie when it is made
    importlib.reload(asgi)
    port = free_port()
    server = Server(asgi.application, port=port, interface=Interfaces.ASGINL, websockets=False, log_enabled=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=[server.serve()], daemon=True)
    with django_db_blocker.unblock():
        thread.start()
        wait_until(lambda: is_open(port))
        yield f"http://127.0.0.1:{port}"
        # A page that is still answered needs the loop; without it its thread would wait for ever.
        last = threading.Thread(target=asgi.in_threads.executor.shutdown, daemon=True)
        last.start()
        last.join(timeout=10)
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=10)
        loop.close()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
