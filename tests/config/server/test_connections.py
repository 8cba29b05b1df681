"""A connection ends if nothing comes, and nobody can hold all of them. Tried on the product's own server."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from config.server import connections
from config.server.books import Allowance, Book
from config.server.connections import CONNECTIONS_HERE, ENDS, READS, STALLED_ENDS, Phase, Reading, rank_of_party
from config.server.kinds import Rank
from tests.browser.streaming import served

PATIENCE = 300  # seconds after which a test fails instead of hanging
ASKED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
FEW = Allowance(strangers=40, people=10, person=4)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served() as address:
        yield urlsplit(address).port or 0


@contextmanager
def opened(port: int, number: int = 1, sent: bytes = b"", address: str = "127.0.0.2") -> Iterator[list[socket.socket]]:
    """Open connections from an address, and send the same on each."""
    with ExitStack() as stack:
        sockets = []
        for _ in range(number):
            sockets.append(
                stack.enter_context(
                    socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(address, 0))
                )
            )
            sockets[-1].sendall(sent)
        yield sockets


def answer(connection: socket.socket, sent: bytes = ASKED) -> bytes:
    """Send a request and return the first line of the answer; nothing if the server has hung up."""
    try:
        connection.sendall(sent)
        return connection.recv(65536).partition(b"\r\n")[0]
    except ConnectionError:
        return b""


def has_ended(connection: socket.socket) -> bool:
    """Wait until the server ends the connection, and return whether it does so without a word."""
    try:
        return connection.recv(65536) == b""
    except ConnectionError:
        return True


LARGE = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n"


@pytest.mark.parametrize(
    ("phase", "sent"),
    [(Phase.SILENT, b""), (Phase.SILENT, b"\r\n\r\n"), (Phase.HEAD, b"GET / HTTP/1.1\r\nHost: a\r\n")],
)
def test_a_connection_that_sends_no_whole_request_ends_after_its_time(port, monkeypatch, phase, sent):
    monkeypatch.setitem(ENDS, phase, 0.0)
    with opened(port, 3, sent) as sockets:
        assert [has_ended(each) for each in sockets] == [True] * 3


def test_an_open_connection_between_two_requests_is_not_silent(port, monkeypatch):
    monkeypatch.setitem(ENDS, Phase.SILENT, 0.0)
    monkeypatch.setitem(ENDS, Phase.HEAD, 0.0)
    with opened(port) as (kept,):
        assert answer(kept) == b"HTTP/1.1 200 OK"
        with opened(port, 1) as (silent,):  # when this one has ended, the other has been looked at, too
            assert has_ended(silent)
        assert answer(kept) == b"HTTP/1.1 200 OK"


def test_a_server_that_starts_after_another_in_the_same_process_ends_silent_connections_too(monkeypatch):
    monkeypatch.setitem(ENDS, Phase.SILENT, 0.0)
    for _ in range(2):
        with served() as address, opened(urlsplit(address).port or 0) as (silent,):
            assert has_ended(silent)


def test_who_sends_too_much_reads_why_it_is_refused_and_then_the_connection_ends(port, monkeypatch):
    monkeypatch.setitem(ENDS, Phase.REFUSED, 0.0)
    with opened(port) as (sender,):
        assert answer(sender, LARGE).startswith(b"HTTP/1.1 413 ")
        assert has_ended(sender)


def test_after_a_refused_body_has_arrived_the_connection_ends(port):
    """Otherwise one connection could be refused thousands of times a second."""
    with opened(port) as (sender,):
        body = b"x" * 100_000
        head = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
        assert answer(sender, head).startswith(b"HTTP/1.1 413 ")
        assert answer(sender, body) == b""


def count_with(monkeypatch: pytest.MonkeyPatch, allowance: Allowance) -> Book:
    book = Book(allowance)
    for each in CONNECTIONS_HERE.all:  # of earlier tests, which the server has not seen ending yet
        book.take(each.party, rank_of_party(each.party))
    monkeypatch.setattr(CONNECTIONS_HERE, "book", book)
    return book


@pytest.fixture
def room_for_few(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let all strangers together have 40 connections, so that one address has at most 20."""
    book = count_with(monkeypatch, FEW)
    return lambda: book.held("127.0.0.2")


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\n", ASKED], ids=["silent", "half heads", "idle"])
def test_one_address_that_holds_all_it_gets_keeps_nobody_out_not_even_of_the_same_address(port, room_for_few, sent):
    with ExitStack() as stack:
        for _ in range(100):
            (held,) = stack.enter_context(opened(port, 1, b""))
            if sent == ASKED:
                assert answer(held) == b"HTTP/1.1 200 OK"
            else:
                held.sendall(sent)
        (neighbor,) = stack.enter_context(opened(port))
        (other,) = stack.enter_context(opened(port, 1, b"", "127.0.0.3"))
        assert (answer(neighbor), answer(other)) == (b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK")
        assert room_for_few() <= FEW.strangers // 2


def test_without_the_budget_one_address_holds_as_many_as_it_opens(port, monkeypatch):
    """The twin of the test above: the server itself ends none."""
    count_with(monkeypatch, Allowance(strangers=10**6, people=0, person=10))
    with opened(port, 100) as sockets:
        assert {answer(each) for each in sockets} == {b"HTTP/1.1 200 OK"}


def test_many_addresses_leave_room_for_one_more(port, room_for_few):
    with ExitStack() as stack:
        for number in range(10, 30):
            stack.enter_context(opened(port, 20, b"", f"127.0.0.{number}"))
        (last,) = stack.enter_context(opened(port, 1, b"", "127.0.0.99"))
        assert answer(last) == b"HTTP/1.1 200 OK"


class Held:
    """A connection as the book sees it."""

    def __init__(self, party: object, state: Phase, since: float = 0.0) -> None:
        self.party, self.phase, self.since, self.has_ended = party, state, since, False
        self.left = 0

    def unread(self) -> int:
        return self.left

    def end(self) -> None:
        self.has_ended = True
        here.close(self)


here = connections.Connections()


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    here.all, here.book = {}, Book(FEW)
    monkeypatch.setattr(here, "look_later", lambda: None)
    return here.book


def test_connections_that_are_being_answered_never_make_room(book):
    answered = [Held("a", Phase.ANSWER) for _ in range(20)]
    for each in answered:
        assert here.open(each)
    assert not here.open(Held("a", Phase.SILENT))
    assert here.open(Held("b", Phase.SILENT))
    assert not any(each.has_ended for each in answered)


def test_silent_connections_make_room_before_half_heads_and_those_before_idle_ones(book):
    states = [Phase.IDLE, Phase.SILENT, Phase.HEAD] * 6 + [Phase.SILENT] * 2
    held = [Held("a", state, since) for since, state in enumerate(states)]
    for each in held:
        assert here.open(each)
    assert here.open(Held("a", Phase.SILENT))
    ended = [each.phase for each in held if each.has_ended]
    assert sorted(ended) == [Phase.SILENT] * 8 + [Phase.HEAD] * 6 + [Phase.IDLE] * 2
    assert [each.since for each in held if each.has_ended and each.phase is Phase.IDLE] == [0, 3]


def test_the_address_that_holds_most_makes_room_for_others(book):
    heavy = [Held("heavy", Phase.SILENT) for _ in range(20)]
    light = [Held(f"light {number}", Phase.SILENT) for number in range(20)]
    for each in (*heavy, *light):
        assert here.open(each)
    assert here.open(Held("newcomer", Phase.SILENT))
    assert not any(each.has_ended for each in light)


def test_a_persons_connections_count_against_the_person_and_the_oldest_idle_one_ends(book):
    held = [Held("a", Phase.IDLE, since) for since in range(FEW.person + 1)]
    for each in held:
        assert here.open(each)
        here.move(each, 7)
    assert [each.has_ended for each in held] == [True] + [False] * FEW.person
    assert (book.held("a"), book.held(7)) == (0, FEW.person)


def test_a_client_that_reads_nothing_of_an_answer_has_stalled_after_its_time():
    reading = Reading(100.0)
    assert not reading.has_stalled(50_000, 100.0 + STALLED_ENDS)
    assert reading.has_stalled(50_000, 100.1 + STALLED_ENDS)


def test_a_client_that_goes_on_reading_has_not_stalled_however_long_it_takes():
    reading = Reading(0.0)
    left = range(40 * READS, 0, -READS)
    assert not any(reading.has_stalled(size, number * (STALLED_ENDS - 1)) for number, size in enumerate(left))


def test_bytes_that_are_read_one_by_one_do_not_count_as_reading():
    reading = Reading(0.0)
    stalled = [reading.has_stalled(10 * READS - number, float(number)) for number in range(int(STALLED_ENDS) + 2)]
    assert stalled == [False] * (int(STALLED_ENDS) + 1) + [True]


def test_a_client_that_has_read_all_may_wait_for_the_next_answer_as_long_as_it_takes():
    reading = Reading(0.0)
    assert not reading.has_stalled(0, 10 * STALLED_ENDS)
    assert not reading.has_stalled(50_000, 10 * STALLED_ENDS + 1)


def test_while_too_much_is_unread_in_all_the_party_that_leaves_most_loses_its_slowest_connections(book, monkeypatch):
    monkeypatch.setattr(connections, "MOST_UNREAD_IN_ALL", 1000)
    heavy, light = [Held("a", Phase.ANSWER) for _ in range(12)], [Held("b", Phase.ANSWER), Held(7, Phase.ANSWER)]
    for number, each in enumerate((*heavy, *light)):
        each.left, each.since = 100, float(number)
        assert here.open(each)
    here.free_memory({each: each.left for each in here.all})
    assert [each.has_ended for each in (*heavy, *light)] == [True] * 4 + [False] * 10


def test_a_connection_stays_with_its_address_while_people_have_no_room(book):
    held = [Held("a", Phase.IDLE) for _ in range(FEW.people + 1)]
    for number, each in enumerate(held):
        assert here.open(each)
        here.move(each, number)
    assert (book.held("a"), held[-1].party) == (1, "a")
    for each in held:
        here.close(each)
    assert [pot.total for pot in book.pots.values()] == [0, 0, 0]


def test_a_client_that_reads_a_large_answer_for_long_is_idle_only_from_then_on(book, monkeypatch):
    slow, now = Held("a", Phase.IDLE), [1000.0]
    monkeypatch.setattr(connections.asyncio, "get_running_loop", lambda: SimpleNamespace(time=lambda: now[0]))
    slow.since, slow.left = now[0], 10 * READS
    here.open(slow)
    for _ in range(10):
        now[0] += STALLED_ENDS - 1
        slow.left -= READS
        here.look()
    assert not slow.has_ended
    now[0] += ENDS[Phase.IDLE] + 1
    here.look()
    assert slow.has_ended


def test_each_address_gets_at_most_half_of_what_is_left():
    book = Book(Allowance(strangers=80, people=20, person=5))
    for address in "abc":
        while not book.problem(address, Rank.STRANGER):
            book.take(address, Rank.STRANGER)
    assert [book.held(address) for address in "abc"] == [40, 20, 10]


def test_no_rank_takes_what_another_needs():
    book = Book(Allowance(strangers=2, people=4, person=2, answers=3, answers_of_person=1))
    ranks = (Rank.STRANGER, Rank.PERSON, Rank.ANSWER)
    for rank in ranks:
        for party in ("a", "b") if rank is Rank.STRANGER else range(9):
            while not book.problem(party, rank):
                book.take(party, rank)
    assert [book.pots[rank].total for rank in ranks] == [2, 4, 3]
    assert [book.problem(99, rank) for rank in ranks] == ["server_full"] * 3


def test_when_nothing_is_left_what_is_given_back_goes_to_somebody_who_holds_nothing():
    book = Book(Allowance(strangers=4, people=0, person=0))
    for party in ("a", "a", "b", "c"):
        book.take(party, Rank.STRANGER)
    book.give_back("a", Rank.STRANGER)
    assert [book.problem(party, Rank.STRANGER) for party in "abcd"] == ["party_full"] * 3 + [""]
