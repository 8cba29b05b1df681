"""Receive bodies before taking a thread. A slow sender then holds no thread, and the clock stops at the last byte (D5)."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypedDict

from django.utils.http import parse_header_parameters

from foundation import clock

RECEIVED: Final = "finalcheck.received"  # where the scope keeps the instant; no header can set it

type Headers = list[tuple[bytes, bytes]]
Scope = TypedDict(
    "Scope",
    {
        "type": str,
        "method": str,
        "path": str,
        "http_version": str,
        "query_string": bytes,
        "headers": Headers,
        "finalcheck.received": datetime,
    },
    total=False,
)


class Message(TypedDict, total=False):
    """What an ASGI server and an application tell each other, as far as it is read or written here."""

    type: str
    status: int
    headers: Headers
    body: bytes
    more_body: bool


type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATIENCE = 20  # seconds for a body to arrive, and again for a thread to accept it (D6)
MOST = 8 * 1024 * 1024  # bytes kept here; larger announced bodies are passed on and refused unread
TOO_SLOW = f"The request did not arrive within {PATIENCE} seconds. Nothing was changed. Send it again."
CUT_OFF = "The request ended before the end of its body. Nothing was changed. Send it again."
NOTHING: Message = {"type": "http.request", "body": b"", "more_body": False}
UTF_8 = ("utf-8", "utf8", "us-ascii")
NOT_UTF_8 = "Content-Type is malformed, or its charset is not UTF-8. Nothing was changed. Send the request as UTF-8."
NO_BODY = "An event stream takes no body. Nothing was read: send the request without one."


def receiving(handle: Application, *, patience: float = PATIENCE) -> Application:
    """Return an ASGI application that calls `handle` once the whole body has arrived, or answers 408 or 400."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if announced(scope) > MOST:
            await handle(scope, receive, send)
            return
        try:
            messages = await asyncio.wait_for(whole_body(receive), patience) if may_have_body(scope) else [NOTHING]
        except TimeoutError:
            await send_problem(send, 408, "too_slow", TOO_SLOW)
            return
        if messages[-1]["type"] == "http.disconnect":  # a part of a file must not replace the whole one
            await send_problem(send, 400, "invalid_request", CUT_OFF)
            return

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


HEADERS = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]


async def send_problem(send: Send, status: int, code: str, detail: str) -> None:
    title = HTTPStatus(status).phrase
    problem = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    await send({"type": "http.response.start", "status": status, "headers": HEADERS})
    await send({"type": "http.response.body", "body": json.dumps(problem).encode()})


def is_in_utf_8(scope: Scope) -> bool:
    """Return whether the request names no charset but UTF-8. Django accepts names of any codec, of which some decode no text."""
    kinds = b",".join(value for name, value in scope["headers"] if name == b"content-type")
    try:
        return parse_header_parameters(kinds.decode("latin-1"))[1].get("charset", "utf-8").lower() in UTF_8
    except ValueError:  # Django would fail on this header
        return False


def bodiless(handle: Application) -> Application:
    """Return an ASGI application that refuses every request with a body, without reading it."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if announces_body(scope):
            await send_problem(send, 400, "invalid_request", NO_BODY)
            return
        empty = [NOTHING]

        async def nothing_then_the_end() -> Message:
            if empty:
                return empty.pop()
            message = await receive()
            while message["type"] == "http.request" and not message.get("body") and not message.get("more_body"):
                message = await receive()
            return {"type": "http.disconnect"}  # the client is gone, or sends bytes that it did not announce

        await handle(scope, nothing_then_the_end, send)

    return application


def announces_body(scope: Scope) -> bool:
    heads = dict(scope["headers"])
    return b"transfer-encoding" in heads or heads.get(b"content-length", b"0").strip(b"0") != b""


def may_have_body(scope: Scope) -> bool:
    """Return whether a body may come. HTTP/1 announces each, so nobody has to wait for the end of one that is not there."""
    return announces_body(scope) or not scope.get("http_version", "").startswith("1.")


def announced(scope: Scope) -> int:
    """Return the length that the headers announce; 0 if it is not a number."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def whole_body(receive: Receive) -> list[Message]:
    """Return the messages up to the last byte, or until there are more bytes than any request here may have."""
    messages, size = [], 0
    while size <= MOST:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if not messages[-1].get("more_body"):
            break
    return messages
