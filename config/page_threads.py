"""Pages in threads below an ASGI server: a2wsgi's view of a request, with fewer waits and warmer threads."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from a2wsgi.wsgi import Body, build_environ

from config.server.connections import has_left
from config.server.kinds import Rank
from config.server.scope import PARTY, RANK, RECEIVED, Message, Receive, Scope, Send
from config.server.turns import FEW, RequestTurns
from foundation.fast.pieces import ON


class Threads:
    """Answers each request with the WSGI application, in the thread that became idle last.

    So a few threads do most of the work, each with a database connection that is in the processor's caches.
    """

    def __init__(self, pages: Any, workers: int) -> None:
        self.pages = pages
        self.idle = [ThreadPoolExecutor(1, thread_name_prefix="page") for _ in range(workers)]
        self.turns = RequestTurns(workers, few=FEW if ON.request_turns else workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Its thread is free for the next one before the last piece, mostly the only one, is sent."""
        rank, answer = Rank(scope.get(RANK, Rank.ANSWER)), ThreadAnswer(asyncio.get_running_loop(), send)
        turn = await self.turns.take(rank, scope.get(PARTY, ""))
        try:
            if rank is Rank.STRANGER and has_left(scope):
                return
            thread = self.idle.pop()
            try:
                last = await self.made(answer, thread, scope, receive)
            finally:
                self.idle.append(thread)
        finally:
            turn.end()
        await answer.send(last, more_body=False)

    async def made(self, answer: "ThreadAnswer", thread: ThreadPoolExecutor, scope: Scope, receive: Receive) -> bytes:
        """Let the thread answer, and return the last piece."""
        body = Arrived(answer.loop, receive)
        if RECEIVED in scope:
            body.add(await receive())
        environ = build_environ(scope, body)
        return await answer.loop.run_in_executor(thread, copy_context().run, answer.made_by, self.pages, environ)


class Arrived(Body):
    """A body whose first message is at hand, which mostly is all of it: the thread then waits for nothing."""

    def add(self, message: Message) -> None:
        self.buffer.extend(message.get("body", b""))
        self._has_more = message.get("more_body", False)


class ThreadAnswer:
    """The answer that a thread makes to one request.

    Each message wakes the event loop, so the last piece goes with the end of the response. Nearly every page is one
    piece: the loop is then woken once, when the thread has finished. An answer of many pieces holds its thread only while
    its client leaves some megabytes unread (config.server.connections).
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self.loop, self.pass_on = loop, send
        self.head: Message | None = None

    def made_by(self, pages: Any, environ: dict[str, Any]) -> bytes:
        """Let the application answer, in this thread. Send all pieces but the last, which is returned."""
        pieces, last = pages(environ, self.start), b""
        try:
            for number, piece in enumerate(pieces):
                if number:
                    asyncio.run_coroutine_threadsafe(self.send(last, more_body=True), self.loop).result()
                last = piece
        finally:
            getattr(pieces, "close", lambda: None)()
        return last

    def start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.head = {
            "type": "http.response.start",
            "status": int(status.partition(" ")[0]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }

    async def send(self, piece: bytes, *, more_body: bool) -> None:
        if self.head is not None:
            head, self.head = self.head, None
            if piece and not more_body and all(name != b"content-length" for name, _ in head["headers"]):
                head["headers"].append((b"content-length", b"%d" % len(piece)))  # else it would be sent in chunks
            await self.pass_on(head)
        await self.pass_on({"type": "http.response.body", "body": piece, "more_body": more_body})
