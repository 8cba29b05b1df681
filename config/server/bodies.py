"""Receive bodies before taking a thread. A slow sender then holds no thread, and the clock stops at the last byte (D5)."""

import asyncio

from config.server.books import BYTES, Book
from config.server.fullness import FULLNESS
from config.server.kinds import Rank
from config.server.refusing import refuse_request
from config.server.scope import (
    MOST,
    MOST_BYTES,
    NOTHING,
    PARTY,
    PATIENCE,
    RANK,
    RECEIVED,
    Application,
    Headers,
    Message,
    Receive,
    Scope,
    Send,
    announced,
    may_have_body,
    send_problem,
)
from foundation import clock

FIRST_SECONDS, LEAST_RATE = 5.0, 1024  # a stranger sends so many bytes a second, after so many seconds
TOO_SLOW = "The request did not arrive in time. Nothing was changed. Send it again."
CUT_OFF = "The request ended before the end of its body. Nothing was changed. Send it again."


class Body:
    """The body of one request, of which the book counts what is in memory."""

    def __init__(self, scope: Scope, book: Book) -> None:
        self.party, self.rank = scope.get(PARTY, ""), Rank(scope.get(RANK, Rank.PERSON))
        self.most = min(MOST, scope.get(MOST_BYTES, MOST))
        self.book, self.size = book, 0
        self.messages: list[Message] = []

    async def read(self, receive: Receive, patience: float) -> str:
        """Receive up to the last byte. Return why it may not be kept, or "". Raises TimeoutError."""
        began = asyncio.get_running_loop().time()
        while True:
            async with asyncio.timeout_at(self.deadline(began, patience)):
                message = await receive()
            if problem := self.keep(message):
                return problem
            if not message.get("more_body"):
                return ""

    def deadline(self, began: float, patience: float) -> float:
        """Return when the next bytes must be here. People may be slow, as on a train."""
        is_stranger = isinstance(self.party, str) and self.rank is Rank.STRANGER
        return began + (min(patience, FIRST_SECONDS + self.size / LEAST_RATE) if is_stranger else patience)

    def keep(self, message: Message) -> str:
        size = len(message.get("body", b""))
        if self.size + size > self.most:
            return "body_too_large"
        if problem := self.book.problem(self.party, self.rank, size):
            return problem
        self.book.take(self.party, self.rank, size)
        self.size += size
        self.messages.append(message)
        return ""

    def forget(self) -> None:
        self.book.give_back(self.party, self.rank, self.size)


def receiving(handle: Application, *, patience: float = PATIENCE) -> Application:
    """Return an ASGI application that calls `handle` once the whole body has arrived, or refuses what does not arrive."""
    book = Book(BYTES)
    FULLNESS.watch(size=book)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if announced(scope) > MOST:  # refused unread
            await handle(scope, receive, send)
        elif not may_have_body(scope):
            await pass_on(scope, [NOTHING], receive, send)
        else:
            body = Body(scope, book)
            try:
                await read_and_pass_on(body, scope, receive, send)
            finally:
                body.forget()

    async def read_and_pass_on(body: Body, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            problem = await body.read(receive, patience)
        except TimeoutError:
            await send_problem(send, 408, "too_slow", TOO_SLOW)
            return
        if problem:
            FULLNESS.refuse(body.party)
            await refuse_request(scope, send, problem)
        elif body.messages[-1]["type"] == "http.disconnect":  # a part of a file must not replace the whole one
            await send_problem(send, 400, "invalid_request", CUT_OFF)
        else:
            await pass_on(scope, body.messages, receive, send)

    async def pass_on(scope: Scope, messages: list[Message], receive: Receive, send: Send) -> None:
        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        headers = with_length(scope["headers"], messages)
        await handle({**scope, "headers": headers, RECEIVED: clock.now()}, replay, send)

    return application


def with_length(headers: Headers, messages: list[Message]) -> Headers:
    """Return the headers with the length of what arrived. Chunks announce none, and Django then reads an empty body."""
    size = sum(len(message.get("body", b"")) for message in messages)
    others = [header for header in headers if header[0] not in (b"content-length", b"transfer-encoding")]
    return [*others, (b"content-length", b"%d" % size)]
