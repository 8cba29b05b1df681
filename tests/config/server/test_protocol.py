"""What a client may send: whole requests with small heads, one after another. Tried on the product's own connections."""

import asyncio
import gc
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from uvicorn import Server

from bench.rig.ports import free_port
from config.server import protocol
from config.server.__main__ import configured
from config.server.connections import CONNECTIONS_HERE, Phase
from config.server.protocol import LARGEST_HEAD, MOST_SMALL_PIECES, ClientConnection
from tests.browser.streaming import is_open
from tests.labs.lives import wait_until

PATIENCE = 90  # seconds after which a test fails instead of hanging
ASKED = b"GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"
SAVE = b"GET /held HTTP/1.1\r\nHost: a\r\n\r\n"
STREAM = b"GET /api/v1/runs/abc/events/ HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
OK = b"HTTP/1.1 200 OK"


class Echo:
    """Tells which headers and how large a body it was sent. Any other path than /echo waits until it may answer."""

    def __init__(self) -> None:
        self.asked, self.left = list[str](), list[str]()
        self.may_answer = threading.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        if scope["path"] != "/echo" and not await self.is_let(receive):
            self.left.append(scope["path"])
            return
        padding = "a" * int(scope["query_string"] or 0)
        heads = [f"{name.decode()}: {value.decode()}" for name, value in scope["headers"]]
        told = json.dumps({"headers": heads, "size": size} | ({"padding": padding} if padding else {})).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
        await send({"type": "http.response.body", "body": told})

    async def is_let(self, receive: Any) -> bool:
        """Wait until this may answer. Return False if the client leaves before."""
        leaving = asyncio.create_task(receive())
        while not self.may_answer.is_set() and not leaving.done():
            await asyncio.wait([leaving], timeout=0.01)
        has_left = leaving.done()
        leaving.cancel()
        return not has_left


class Served:
    """A server with this application in a thread, and clients of it."""

    def __init__(self, application: Any) -> None:
        self.port = free_port()
        self.server = Server(configured(application, port=self.port))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    @contextmanager
    def client(self, sent: bytes = b"") -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(sent)
            yield connection


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def server(echo: Echo) -> Iterator[Served]:
    served = Served(echo)
    served.thread.start()
    wait_until(lambda: is_open(served.port))
    yield served
    echo.may_answer.set()
    served.server.should_exit = True
    served.thread.join(timeout=60)
    assert not served.thread.is_alive()


def all_from(connection: socket.socket) -> bytes:
    """Return what comes until the server ends the connection."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionError:
        pass
    return received


def answer_from(connection: socket.socket) -> tuple[bytes, dict[str, Any]]:
    """Return the head of one answer, and what it tells."""
    received = b""
    while b"\r\n\r\n" not in received or not received.endswith(b"}"):
        piece = connection.recv(65536)
        assert piece, f"the server ended the connection after {received!r}"
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    return head, json.loads(body)


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\n", b"X-Long: " + b"a" * 2 * LARGEST_HEAD],
        [b"GET /" + b"a" * 2 * LARGEST_HEAD],
        [b"GET / HTTP/1.1\r\n", *[b"a: b\r\n"] * 2000],
        [b"GET / HTTP/1.1\r\n", b"a: b\r\n" * 2000, b"\r\n"],
        [b"\r\n" * LARGEST_HEAD],
        [CHUNKED, b"0\r\n", *[b"a: b\r\n"] * 2000],
        [CHUNKED, b"0\r\n", b"X-Long: " + b"a" * 2 * LARGEST_HEAD],
        [ASKED, b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 2 * LARGEST_HEAD],
        [ASKED, b"GET / HTTP/1.1\r\n", *[b"a: b\r\n"] * 2000],
        [SAVE, b"GET / HTTP/1.1\r\n", *[b"a: b\r\n"] * 20_000],
    ],
    ids=["one long header", "a long address", "many headers", "many in one piece", "empty lines", "many trailers",
         "a long trailer", "a second head", "many headers of a second head", "ahead of the answer"],
)  # fmt: skip
def test_a_head_that_grows_without_an_end_is_not_kept(server, pieces):
    with server.client() as flood:
        try:
            for piece in pieces:
                flood.sendall(piece)
        except ConnectionError:
            return  # it has ended already
        all_from(flood)  # comes to an end


def test_a_head_as_large_as_browsers_send_is_served(server):
    cookie = b"Cookie: " + b"a" * (LARGEST_HEAD - 1000)
    with server.client(b"GET /echo HTTP/1.1\r\nHost: a\r\n" + cookie + b"\r\n\r\n") as client:
        head, told = answer_from(client)
    assert (head.startswith(OK), len(told["headers"])) == (True, 2)


def test_what_follows_a_body_is_no_header_of_the_request(server):
    with server.client(CHUNKED + b"0\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n") as client:
        _, told = answer_from(client)
    assert told == {"headers": ["host: a", "transfer-encoding: chunked"], "size": 3}


def test_a_name_that_wsgi_would_take_for_another_is_dropped(server):
    with server.client(b"GET /echo HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\nX-A: b\r\n\r\n") as client:
        _, told = answer_from(client)
    assert told["headers"] == ["host: a", "x-a: b"]


def test_one_connection_serves_one_request_after_another(server):
    with server.client() as client:
        for _ in range(3):
            client.sendall(ASKED)
            assert answer_from(client)[0].startswith(OK)


def test_a_request_that_comes_before_the_answer_to_the_one_before_it_is_not_begun(server, echo):
    """Clients that send ahead must be ready for this (RFC 9112, section 9.3.2): the answer says that the connection ends."""
    with server.client(SAVE + ASKED * 50) as eager:
        wait_until(lambda: echo.asked)
        echo.may_answer.set()
        received = all_from(eager)
    assert (received.count(OK), received.count(b"connection: close"), echo.asked) == (1, 1, ["/held"])


def test_a_stream_notices_that_its_client_leaves_even_one_that_sent_more(server, echo):
    with server.client(STREAM + ASKED):
        wait_until(lambda: echo.asked)
    wait_until(lambda: echo.left)
    assert echo.asked == ["/api/v1/runs/abc/events/"]


def test_nonsense_beside_an_answer_does_not_spoil_the_answer(server, echo):
    with server.client(SAVE) as client:
        wait_until(lambda: echo.asked)
        client.sendall(b"nonsense\r\n\r\n")
        echo.may_answer.set()
        received = all_from(client)
    assert received.startswith(OK)
    assert (received.count(b"HTTP/1.1"), received.endswith(b"}")) == (1, True)


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"3\r\nabc\r\nzz\r\n", b"3\r\nabcd\r\n"],
    ids=["at once", "after a chunk", "a length that is wrong"],
)
def test_a_body_that_is_none_is_refused_at_once_and_frees_whoever_reads_it(server, echo, body):
    with server.client(b"POST /held HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body) as client:
        assert all_from(client).startswith(b"HTTP/1.1 400 Bad Request")
    wait_until(lambda: echo.left == echo.asked)


def test_a_body_in_thousands_of_tiny_pieces_is_not_read(server, echo):
    with server.client(CHUNKED) as flood, suppress(ConnectionError):
        flood.sendall(b"1\r\na\r\n" * 2 * MOST_SMALL_PIECES + b"0\r\n\r\n")
        assert all_from(flood) == b""


def test_a_body_in_many_pieces_of_a_usual_size_is_read(server):
    with server.client(CHUNKED) as client:
        client.sendall(b"64\r\n" + b"a" * 100 + b"\r\n")
        for _ in range(2 * MOST_SMALL_PIECES):
            client.sendall(b"64\r\n" + b"a" * 100 + b"\r\n")
        client.sendall(b"0\r\n\r\n")
        assert answer_from(client)[1]["size"] == 3 + 100 * (2 * MOST_SMALL_PIECES + 1)


@pytest.mark.parametrize("version", [b"1.0", b"0.9"])
def test_chunks_in_a_version_that_has_none_are_refused(server, version):
    with server.client(CHUNKED.replace(b"HTTP/1.1", b"HTTP/" + version) + b"0\r\n\r\n") as client:
        assert all_from(client).startswith(b"HTTP/1.1 400 Bad Request")


def connections_alive() -> int:
    return sum(isinstance(each, ClientConnection) for each in gc.get_objects())


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("sent", [ASKED, CHUNKED, ASKED[:20]], ids=["an answer", "half a body", "half a head"])
def test_nothing_stays_in_memory_of_a_connection_that_has_ended(server, sent, resets):
    gc.collect()
    gc.disable()  # what only the collector frees would stay for long
    before = connections_alive()
    try:
        for _ in range(20):
            with server.client(sent) as client:
                if sent == ASKED:
                    answer_from(client)
                if resets:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wait_until(lambda: connections_alive() <= before + 1)  # the loop still names the one that it saw last
    finally:
        gc.enable()


def test_an_open_connection_keeps_nothing_of_what_was_answered(server):
    large = b"POST /echo HTTP/1.1\r\nHost: a\r\nX-Large: " + b"a" * 20_000 + b"\r\nContent-Length: 3\r\n\r\nabc"
    with server.client(large) as client:
        answer_from(client)
        (open_one,) = [each for each in CONNECTIONS_HERE.all if each.phase is Phase.IDLE]
        assert (open_one.scope, open_one.headers, open_one.cycle.scope, open_one.cycle.body) == (None, None, {}, b"")


@pytest.mark.parametrize("sent", [b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", b"nonsense\r\n\r\n", b"\0"])
def test_what_is_no_request_for_a_page_is_refused(server, echo, sent):
    with server.client(sent) as client:
        assert all_from(client).startswith(b"HTTP/1.1 400 Bad Request")
    assert echo.asked == []


@pytest.mark.parametrize("ahead", [b"", b"GET /next HT", b"GET /next HTTP/1.1\r\nHost: a\r\n"])
def test_a_server_that_ends_answers_what_it_has_begun_whatever_else_has_arrived(server, echo, ahead):
    with server.client(SAVE) as client:
        wait_until(lambda: echo.asked)
        client.sendall(ahead)
        server.server.should_exit = True
        wait_until(lambda: not is_open(server.port))
        echo.may_answer.set()
        assert all_from(client).startswith(OK)


def test_a_server_that_ends_waits_for_no_strangers_body(server, echo):
    with server.client(CHUNKED) as client:
        wait_until(lambda: echo.asked)
        server.server.should_exit = True
        assert all_from(client) == b""
    wait_until(lambda: not server.thread.is_alive())


def test_a_server_that_ends_does_not_wait_until_an_answer_is_read(server, echo, monkeypatch):
    monkeypatch.setattr(protocol, "LAST_READS", 0.1)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", server.port))
        slow.sendall(ASKED.replace(b"/echo", b"/echo?" + b"8" * 8))
        wait_until(lambda: any(each.unread() for each in CONNECTIONS_HERE.all))
        server.server.should_exit = True
        wait_until(lambda: not server.thread.is_alive())


def test_a_server_that_ends_ends_streams_at_once(server, echo):
    with server.client(STREAM) as client:
        wait_until(lambda: echo.asked)
        server.server.should_exit = True
        assert all_from(client) == b""
    wait_until(lambda: not server.thread.is_alive())


def test_nobody_finds_traces_of_clients_that_left_in_the_log(server, echo, caplog):
    for sent in (SAVE, SAVE + ASKED, STREAM, CHUNKED, b"GET /held HTTP/1.1\r\n"):
        with server.client(sent):
            pass
    echo.may_answer.set()
    with server.client(ASKED) as client:
        answer_from(client)
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
