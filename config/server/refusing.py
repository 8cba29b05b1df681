"""Answers of the server itself to what it does not let in. They are made once, and cost a hundredth of a page."""

import json
from functools import cache
from html import escape
from http import HTTPStatus

from config.server.scope import Headers, Scope, Send, may_have_body
from foundation.metrics import REFUSED

STYLE = "body{max-width:36rem;margin:3rem auto;padding:0 1rem;font:1.1rem/1.5 system-ui,sans-serif}"
AGAIN = {429: 5, 503: 2}  # seconds after which it may be tried again
SENTENCES = {
    "party_full": (
        429,
        "Too many requests from you or from your network are open at the same time. This one was not read and nothing was "
        "changed. Wait a few seconds, then send it again.",
    ),
    "too_many_sign_ins": (
        429,
        "Too many people are signing in from your network at the same time. Your account is safe and nothing was changed. "
        "Wait a few seconds, then sign in again.",
    ),
    "server_full": (
        503,
        "The site is busy. This request was not read and nothing was changed. Wait a few seconds, then send it again.",
    ),
    "body_too_large": (
        413,
        "The request is larger than anything that is sent to this address. It was not read and nothing was changed. "
        "Send less.",
    ),
}


@cache
def answer_to(reason: str, *, is_call: bool, has_body: bool) -> tuple[int, Headers, bytes]:
    """Return status, headers and body: a problem (RFC 9457) for the API, and a small page for people.

    If the request has a body, the connection ends once that has arrived (config.server.protocol), and not at once: the
    client would be cut off while it sends, and read no answer.
    """
    status, sentence = SENTENCES[reason]
    body = problem(status, reason, sentence) if is_call else small_page(status, sentence)
    kind = b"application/problem+json" if is_call else b"text/html; charset=utf-8"
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
    if not has_body:
        headers.append((b"connection", b"close"))
    if status in AGAIN:
        headers.append((b"retry-after", b"%d" % AGAIN[status]))
    return status, headers, body


def problem(status: int, code: str, detail: str) -> bytes:
    title = HTTPStatus(status).phrase
    return json.dumps(
        {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
    ).encode()


def small_page(status: int, sentence: str) -> bytes:
    title = HTTPStatus(status).phrase
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark">'
        f"<style>{STYLE}</style>"
        f"<title>{title}</title><h1>{title}</h1><p>{escape(sentence)}</p>"
    ).encode()


def is_call(scope: Scope) -> bool:
    """Return whether a program or a script sends the request, and not a person who looks at a page."""
    accepted = dict(scope["headers"]).get(b"accept", b"")
    return scope["path"].startswith("/api/") or b"json" in accepted


async def refuse_request(scope: Scope, send: Send, reason: str) -> None:
    REFUSED.labels(reason).inc()
    status, headers, body = answer_to(reason, is_call=is_call(scope), has_body=may_have_body(scope))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})
