"""What the server and its parts tell each other about a request, and what every part refuses."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypedDict

from django.utils.http import parse_header_parameters

# where the scope keeps the instant, who sends the request, and what it may send; no header can set them
RECEIVED: Final = "finalcheck.received"
PARTY: Final = "finalcheck.party"
RANK: Final = "finalcheck.rank"
MOST_BYTES: Final = "finalcheck.most_bytes"
FULL: Final = "finalcheck.full"  # in a request for a heartbeat: when this process refused others, and who held it

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
        "client": tuple[str, int] | None,
        "finalcheck.received": datetime,
        "finalcheck.party": int | str,
        "finalcheck.rank": int,
        "finalcheck.most_bytes": int,
        "finalcheck.full": dict[str, Any],
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
NOTHING: Message = {"type": "http.request", "body": b"", "more_body": False}
UTF_8 = ("utf-8", "utf8", "us-ascii")
NOT_UTF_8 = "Content-Type is malformed, or its charset is not UTF-8. Nothing was changed. Send the request as UTF-8."
NO_PATH = "The address of a request must begin with a slash. Nothing was changed."
NO_BODY = "An event stream takes no body. Nothing was read: send the request without one."


async def send_problem(send: Send, status: int, code: str, detail: str) -> None:
    title = HTTPStatus(status).phrase
    problem = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    body = json.dumps(problem).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})


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
