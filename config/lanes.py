"""Which requests may take a thread, and when.

Reads of labs and archives of personal data use only half of the threads: large or slow reads leave the other half to
answers and saves. And only a few requests begin at a time, because threads that compete for Python's interpreter lock waste the processor.
"""

import asyncio
import re
from contextlib import ExitStack

from config.environment import environment
from config.reception import Application, Receive, Scope, Send

FEW = 2
SOON = 0.05  # seconds
LAB_READ = re.compile(r"/api/v1/(labs|runs)/.+|/labs/.+|/(settings|admin/courses)/.+/data\.zip")
SAVES = ("/draft/", "/stop/")


def labs_share() -> int:
    """Return how many threads of one web process labs may hold at a time."""
    return max(1, environment.threads() // 2)


def labs_in_lane(handle: Application, *, limit: int | None = None) -> Application:
    """Return an ASGI application that lets `limit` reads of labs into `handle` at a time. Other requests pass at once.

    A waiting read holds no thread. A read that waits too long is answered as busy (config.middleware).
    """
    places = asyncio.Semaphore(limit or labs_share())

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_lab_read(scope):
            await handle(scope, receive, send)
            return
        async with places:
            await handle(scope, receive, send)

    return application


def is_lab_read(scope: Scope) -> bool:
    """Return whether a request returns content of a lab or a run or a person's archive, or uploads a file or a notebook.

    Saving, running and stopping do not count.
    """
    path = scope["path"]
    return scope["method"] in ("GET", "PUT") and LAB_READ.fullmatch(path) is not None and not path.endswith(SAVES)


def few_at_a_time(handle: Application, *, limit: int = FEW, soon: float = SOON) -> Application:
    """Return an ASGI application that lets `limit` requests into `handle` at a time, besides those that take long.

    With eight requests at a time, a page costs two thirds more processor time than with two. A request that is not
    answered `soon` probably waits for something else than the processor, so the next one begins beside it.
    """
    places = asyncio.Semaphore(limit)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await places.acquire()
        place = ExitStack()  # released once: by the timer or when the request ends
        place.callback(places.release)
        timer = asyncio.get_running_loop().call_later(soon, place.close)
        try:
            await handle(scope, receive, send)
        finally:
            timer.cancel()
            place.close()

    return application
