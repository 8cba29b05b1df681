"""Bodies are received here, before a thread is taken: a slow sender holds none, and the clock stops at the last byte (D5)."""

import asyncio
import json
from typing import Any

from django.utils import timezone

PATIENCE = 20  # seconds for a body to come in, and again for a thread to take it up (D6)
MOST = 8 * 1024 * 1024  # bytes kept here; what announces more is let through, and refused unread
RECEIVED = "finalcheck.received"  # where the scope keeps the instant; no header can set it
TOO_SLOW = json.dumps({
    "type": "about:blank", "title": "Request Timeout", "status": 408, "code": "too_slow",
    "detail": f"The request did not arrive within {PATIENCE} seconds. Nothing was changed: send it again.",
}).encode()  # fmt: skip


def receiving(handle: Any, *, patience: float = PATIENCE) -> Any:
    """An ASGI application that calls `handle` with the whole body at hand, or answers 408."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if announced(scope) > MOST:
            await handle(scope, receive, send)
            return
        try:
            messages = await asyncio.wait_for(whole_body(receive), patience)
        except TimeoutError:
            await send({"type": "http.response.start", "status": 408, "headers": HEADERS})
            await send({"type": "http.response.body", "body": TOO_SLOW})
            return

        async def replay() -> Any:
            return messages.pop(0) if messages else await receive()

        await handle({**scope, RECEIVED: timezone.now()}, replay, send)

    return application


HEADERS = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]


def announced(scope: Any) -> int:
    """Bytes that the head says will follow; one that is no number says nothing."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def whole_body(receive: Any) -> list[Any]:
    """The messages up to the last byte, or up to more bytes than anything here may have."""
    messages, size = [], 0
    while size <= MOST:
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if not messages[-1].get("more_body"):
            break
    return messages
