"""Bodies arrive before a thread is taken."""

import asyncio
from typing import Any

import pytest

from config.reception import MOST, RECEIVED, receiving
from tests.loops import ran

LAST = {"type": "http.request", "body": b"b", "more_body": False}
FIRST = {"type": "http.request", "body": b"a", "more_body": True}


class Client:
    """Sends its messages one after the other, then nothing; records what it receives."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.told: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.messages:
            return self.messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError("nobody waits that long")

    async def send(self, message: dict[str, Any]) -> None:
        self.told.append(message)


def served(client: Client, *, length: int = 2) -> list[tuple[bool, list[dict[str, Any]]]]:
    """Return, for each call of the pages, whether the instant was set and which part of the body was available."""
    asked: list[tuple[bool, list[dict[str, Any]]]] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        at_hand = []
        while not at_hand or at_hand[-1].get("more_body"):
            at_hand.append(await receive())
        asked.append((RECEIVED in scope, at_hand))

    scope = {"type": "http", "headers": [(b"content-length", str(length).encode())]}
    ask = receiving(pages, patience=0.05)
    ran(ask(scope, client.receive, client.send))
    return asked


def test_the_pages_get_the_whole_body_and_the_instant_of_its_last_byte():
    assert served(Client(FIRST, LAST)) == [(True, [FIRST, LAST])]


def test_a_body_that_never_ends_takes_no_thread_and_gets_an_error():
    slow = Client(FIRST)
    assert served(slow) == []
    assert [message.get("status") for message in slow.told] == [408, None]


def test_a_body_that_ends_too_soon_reaches_no_page():
    """What came of it may look whole, as half a file does."""
    gone = Client(FIRST, {"type": "http.disconnect"})
    assert served(gone) == []
    assert [message.get("status") for message in gone.told] == [400, None]


@pytest.mark.parametrize(("length", "stands"), [(MOST, True), (MOST + 1, False)])
def test_oversized_announced_bodies_are_not_awaited(length, stands):
    assert served(Client(LAST), length=length) == [(stands, [LAST])]


def test_more_than_was_announced_is_not_kept_without_end():
    flood = {**FIRST, "body": b"a" * (MOST // 2 + 1)}
    client = Client(flood, flood, LAST)
    assert served(client) == [(True, [flood, flood, LAST])]


async def never() -> dict[str, Any]:
    raise AssertionError("nobody announced a body")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_request_without_a_body_waits_for_none(version):
    seen: list[dict[str, Any]] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())

    ran(receiving(pages)({"type": "http", "http_version": version, "headers": []}, never, never))
    assert seen == [{"type": "http.request", "body": b"", "more_body": False}]


def test_a_body_that_http_2_does_not_announce_is_received():
    client, seen = Client(FIRST, LAST), []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        seen.extend([await receive(), await receive()])

    ran(receiving(pages)({"type": "http", "http_version": "2", "headers": []}, client.receive, client.send))
    assert seen == [FIRST, LAST]
