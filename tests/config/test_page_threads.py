"""Pages are answered in threads: every piece arrives in order, and the thread that became idle last is used first."""

import asyncio
import threading

import pytest

from config.page_threads import Threads
from config.server.scope import RECEIVED
from tests.loops import ran

SCOPE = {"type": "http", "method": "GET", "path": "/", "http_version": "1.1", "headers": [], "query_string": b""}


class Told(list):
    """The messages that a response sent."""

    async def receive(self) -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict) -> None:
        await asyncio.sleep(0)
        self.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self)


async def asked(threads: Threads) -> Told:
    told = Told()
    await threads(SCOPE, told.receive, told.send)
    return told


@pytest.mark.parametrize("pieces", [0, 1, 2, 100])
def test_every_piece_of_a_response_arrives_in_order(pieces):
    def page(environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"{number} ".encode() for number in range(pieces)]

    told = ran(asked(Threads(page, 2)))
    assert (told[0]["status"], told.body) == (200, "".join(f"{number} " for number in range(pieces)).encode())
    assert [message["more_body"] for message in told[1:]] == [True] * (pieces - 1) + [False]


def test_a_page_of_one_piece_is_sent_as_a_whole():
    """The server then sends it at once, and the event loop is woken once."""

    def page(environ, start):
        start("404 Not Found", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return [b"nothing here"]

    headers = [(b"content-type", b"text/plain"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    headers.append((b"content-length", b"12"))  # otherwise the server would send it in chunks
    assert ran(asked(Threads(page, 1))) == [
        {"type": "http.response.start", "status": 404, "headers": headers},
        {"type": "http.response.body", "body": b"nothing here", "more_body": False},
    ]


@pytest.mark.parametrize("marks", [{}, {RECEIVED: None}], ids=["still arriving", "at hand"])
@pytest.mark.parametrize("pieces", [[b"abc"], [b"a", b"b", b"c"]])
def test_the_whole_body_reaches_the_page(pieces, marks):
    def page(environ, start):
        start("200 OK", [])
        return [environ["wsgi.input"].read()]

    async def story():
        told, coming = Told(), pieces.copy()

        async def receive():
            return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

        await Threads(page, 1)({**SCOPE, "method": "POST", **marks}, receive, told.send)
        return told.body

    assert ran(story()) == b"abc"


def test_a_response_is_closed_when_its_last_piece_was_made_and_when_one_fails():
    closed = []

    class Pieces:
        def __init__(self, path):
            self.path = path

        def __iter__(self):
            yield b"one"
            if self.path == "/":
                raise ValueError("broken")

        def close(self):
            closed.append(self.path)

    def page(environ, start):
        start("200 OK", [])
        return Pieces(environ["PATH_INFO"])

    async def story():
        threads, told = Threads(page, 1), Told()
        with pytest.raises(ValueError, match="broken"):
            await asked(threads)
        await threads({**SCOPE, "path": "/well/"}, told.receive, told.send)
        return told.body

    assert ran(story()) == b"one"
    assert closed == ["/", "/well/"]


def test_a_long_response_waits_for_a_slow_reader():
    made, seen = [], []

    def page(environ, start):
        start("200 OK", [])
        for number in range(1000):
            made.append(number)
            yield b"x"

    class Slow(Told):
        async def send(self, message):
            await asyncio.sleep(0.001)
            self.append(message)
            seen.append(len(made) - len(self))

    async def read():
        told = Slow()
        await Threads(page, 1)(SCOPE, told.receive, told.send)

    ran(read())
    assert len(made) == 1000
    assert max(seen) < 50  # pieces made and not yet sent


def test_one_request_after_the_other_is_answered_in_one_thread():
    def page(environ, start):
        start("200 OK", [])
        return [threading.current_thread().name.encode()]

    async def story():
        threads = Threads(page, 8)
        return {(await asked(threads)).body for _ in range(5)}

    assert len(ran(story())) == 1


def test_as_many_requests_run_at_once_as_there_are_threads():
    meeting = threading.Barrier(3)

    def page(environ, start):
        meeting.wait(60)
        start("200 OK", [])
        return [b"met"]

    async def story():
        threads = Threads(page, 3)
        return [told.body for told in await asyncio.gather(*(asked(threads) for _ in range(6)))]

    assert ran(story()) == [b"met"] * 6


def test_a_page_that_fails_leaves_its_thread_usable():
    def page(environ, start):
        if environ["PATH_INFO"] == "/":
            raise ValueError("broken")
        start("200 OK", [])
        return [b"well"]

    async def story():
        threads = Threads(page, 1)
        with pytest.raises(ValueError, match="broken"):
            await asked(threads)
        told = Told()
        await threads({**SCOPE, "path": "/well/"}, told.receive, told.send)
        return told.body

    assert ran(story()) == b"well"


def test_a_client_that_reads_nothing_holds_no_thread_once_its_answer_is_made():
    def page(environ, start):
        start("200 OK", [])
        return [b"a page"]

    async def story():
        threads, reads, told = Threads(page, 1), asyncio.Event(), Told()

        async def stuck(message):
            await reads.wait()

        slow = asyncio.create_task(threads(SCOPE, told.receive, stuck))
        answered = (await asked(threads)).body
        reads.set()
        await slow
        return answered

    assert ran(story()) == b"a page"
