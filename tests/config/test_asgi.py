"""The ASGI application, below Django."""

import pytest

from config.asgi import application
from tests.browser.streaming import served
from tests.loops import ran


async def ask(query: bytes) -> list[dict]:
    """The messages that answer a GET of /healthz."""
    told: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": "/healthz", "http_version": "1.1", "headers": []}
    await application({**scope, "query_string": query}, receive, send)
    return told


@pytest.mark.parametrize("query", [b"q=\xc3\xa9", b"q=\xff", b"q=%C3%A9&a=[1]", b""])
def test_any_bytes_in_a_query_reach_the_pages(query):
    told = ran(ask(query))
    assert [message["status"] for message in told if "status" in message] == [200]


def test_a_copy_served_to_a_browser_leaves_the_application_usable():
    with served():
        pass
    assert [message["status"] for message in ran(ask(b"")) if "status" in message] == [200]
