"""Bodies arrive before a thread is taken."""

import asyncio
from typing import Any

import pytest

from config.server.bodies import receiving
from config.server.books import BYTES
from config.server.kinds import Rank
from config.server.scope import MOST, MOST_BYTES, PARTY, RANK, RECEIVED
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


def served(client: Client, *, length: int = 2, **marks: Any) -> list[tuple[bool, list[dict[str, Any]]]]:
    """Return, for each call of the pages, whether the instant was set and which part of the body was available."""
    asked: list[tuple[bool, list[dict[str, Any]]]] = []

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        at_hand = []
        while not at_hand or at_hand[-1].get("more_body"):
            at_hand.append(await receive())
        asked.append((RECEIVED in scope, at_hand))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "headers": [(b"content-length", str(length).encode())],
        **marks,
    }
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


def test_more_than_any_request_may_have_is_refused_and_not_kept():
    flood = {**FIRST, "body": b"a" * (MOST // 2 + 1)}
    client = Client(flood, flood, LAST)
    assert served(client) == []
    assert [message.get("status") for message in client.told] == [413, None]


def test_a_body_is_refused_as_soon_as_it_is_larger_than_its_address_takes():
    """Nobody needs more than 4 kB to sign in."""
    client = Client(FIRST, {**FIRST, "body": b"a" * 4096}, LAST)
    assert served(client, **{MOST_BYTES: 4096}) == []
    assert [message.get("status") for message in client.told] == [413, None]
    assert client.messages == [LAST]


def test_bodies_of_one_address_take_at_most_half_of_the_memory_and_leave_room_for_another():
    """The first address gets half of it, the second a third of all."""
    piece = {**FIRST, "body": b"a" * (1 << 20)}

    async def story():
        taken, told = [], []

        async def pages(scope, receive, send):
            taken.append(scope[PARTY])
            await asyncio.Event().wait()

        ask = receiving(pages)

        async def send_one(address):
            client = Client({**piece, "more_body": False})
            scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"1048576")]}
            await ask({**scope, PARTY: address, RANK: Rank.STRANGER}, client.receive, client.send)
            told.append((address, client.told[0]["status"]))

        asked = [asyncio.create_task(send_one(address)) for address in ["a"] * 60 + ["b"] * 60 + [7] * 2]
        for _ in range(20):
            await asyncio.sleep(0)
        for each in asked:
            each.cancel()
        return {each: taken.count(each) for each in taken}, set(told)

    taken, told = ran(story())
    half = (BYTES.strangers >> 20) // 2
    assert taken == {"a": half, "b": half // 2, 7: 2}
    assert told == {("a", 429), ("b", 429)}


def test_what_a_body_took_is_given_back_when_its_request_ends():
    async def story():
        async def pages(scope, receive, send):
            pass

        ask = receiving(pages)
        for _ in range(200):
            client = Client({**LAST, "body": b"a" * (1 << 20)})
            scope = {"type": "http", "headers": [(b"content-length", b"1048576")], RANK: Rank.STRANGER, PARTY: "a"}
            await ask(scope, client.receive, client.send)
            assert client.told == []

    ran(story())


def test_a_stranger_sends_a_body_in_the_time_that_its_size_needs_and_a_person_in_twenty_seconds(monkeypatch):
    monkeypatch.setattr("config.server.bodies.FIRST_SECONDS", 0)
    slow, person = Client(FIRST), Client(FIRST)
    assert served(slow, **{PARTY: "a", RANK: Rank.STRANGER}) == []
    assert [message.get("status") for message in slow.told] == [408, None]
    person.messages.append(LAST)
    assert served(person, **{PARTY: 7, RANK: Rank.PERSON}) == [(True, [FIRST, LAST])]


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
