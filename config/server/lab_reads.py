"""Which requests may take a thread, and when.

Reads of labs and archives of personal data use only half of the threads: large or slow reads leave the other half to
answers and saves. And only a few requests begin at a time, because threads that compete for Python's interpreter lock waste the processor.
"""

import asyncio
import re

from config.environment import environment
from config.server.kinds import Rank
from config.server.scope import RANK, Application, Receive, Scope, Send

LAB_READ = re.compile(r"/api/v1/(labs|runs)/.+|/labs/.+|/(settings|admin/courses)/.+/data\.zip")
SAVES = ("/draft/", "/stop/")


def labs_share() -> int:
    """Return how many threads of one web process labs may hold at a time."""
    return max(1, environment.threads() // 2)


def limited_lab_reads(handle: Application, *, limit: int | None = None) -> Application:
    """Return an ASGI application that lets `limit` reads of labs into `handle` at a time. Other requests pass at once.

    A waiting read holds no thread. A read that waits too long is answered as busy (config.middleware). Strangers' reads
    share one separate place, so that people never wait for them.
    """
    places, strangers_place = asyncio.Semaphore(limit or labs_share()), asyncio.Semaphore(1)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_lab_read(scope):
            await handle(scope, receive, send)
            return
        async with strangers_place if scope.get(RANK) == Rank.STRANGER else places:
            await handle(scope, receive, send)

    return application


def is_lab_read(scope: Scope) -> bool:
    """Return whether a request returns content of a lab or a run or a person's archive, or uploads a file or a notebook.

    Saving, running and stopping do not count.
    """
    path = scope["path"]
    return scope["method"] in ("GET", "PUT") and LAB_READ.fullmatch(path) is not None and not path.endswith(SAVES)
