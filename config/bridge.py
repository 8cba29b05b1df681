"""The bridge from the ASGI server to pages in threads: a2wsgi, with fewer waits and warmer threads."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi.wsgi import WSGIMiddleware, WSGIResponder

from config.reception import Receive, Scope, Send

SHORT = 4  # pieces: the head of a response, its body and its end


class QuickResponder(WSGIResponder):
    """a2wsgi's thread waits for the event loop after each piece of a response. Here that happens to long ones only."""

    sent = 0

    def send(self, message: Any) -> None:
        self.sent += 1
        if self.sent > SHORT:
            super().send(message)
        else:
            self.loop.call_soon_threadsafe(self.send_queue.put_nowait, message)


class Threads(WSGIMiddleware):
    """Answers each request with the WSGI application, in the thread that became idle last.

    So a few threads do most of the work, each with a database connection that is in the processor's caches.
    """

    def __init__(self, pages: Any, workers: int) -> None:
        super().__init__(pages, workers=1)
        self.idle = [ThreadPoolExecutor(1, thread_name_prefix="page") for _ in range(workers)]
        self.places = asyncio.Semaphore(workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        async with self.places:
            thread = self.idle.pop()
            try:
                await QuickResponder(self.app, thread, self.send_queue_size)(scope, receive, send)
            finally:
                self.idle.append(thread)
