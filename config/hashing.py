"""Queue password checks before they take a thread: each takes a core for a fifth of a second."""

import asyncio
import os

from config.environment import environment
from config.reception import RECEIVED, Application, Receive, Scope, Send
from foundation import clock

PATIENCE = 50  # seconds in the queue; proxies give up after 60
SIGN_IN_PATHS = ("/accounts/", "/api/v1/tokens/", "/admin/login/")  # a POST to these may hash a password


def at_once() -> int:
    """Return how many passwords one web process hashes at a time: so many that all processes take half of the cores."""
    return max(1, (os.cpu_count() or 1) // (2 * max(2, environment.web_processes())))


def hashing_in_turn(handle: Application, *, limit: int | None = None, patience: float = PATIENCE) -> Application:
    """Return an ASGI application that lets `limit` password checks into `handle` at a time.

    Other requests pass at once.

    A queued request holds no thread. After the wait it counts as just received, because no deadline depends on it. A
    request that waited longer than `patience` keeps its old instant, so that it is answered as busy
    (config.middleware).
    """
    turns = asyncio.Semaphore(limit or at_once())

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_password_check(scope):
            await handle(scope, receive, send)
            return
        try:
            await asyncio.wait_for(turns.acquire(), patience)
        except TimeoutError:
            await handle(scope, receive, send)
            return
        try:
            await handle({**scope, RECEIVED: clock.now()}, receive, send)
        finally:
            turns.release()

    return application


def is_password_check(scope: Scope) -> bool:
    return scope.get("method") == "POST" and scope["path"].startswith(SIGN_IN_PATHS)
