"""A process tells the sweeper when it was full, and who held it."""

from datetime import timedelta

import pytest

from config.server.books import Allowance, Book
from config.server.fullness import KEPT, LOOKS, MOST_REFUSED, QUIET, Fullness
from config.server.kinds import Rank
from quizzes.rules.full_servers import MOST_HOLDERS, Holder, HolderKind, full_spans
from tests.factories import NOW

ROOM = Allowance(strangers=100, people=100, person=50)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""

    class Clock:
        now = NOW

        def move(self, time):
            self.now += time

    found = Clock()
    monkeypatch.setattr("foundation.clock.now", lambda: found.now)
    return found


@pytest.fixture
def fullness():
    found = Fullness()
    found.watch(connections=Book(ROOM), requests=Book(ROOM), size=Book(ROOM))
    return found


def spans(fullness):
    return full_spans(fullness.heartbeat_body())


def test_a_refusal_while_there_is_room_for_all_others_says_nothing(fullness, clock):
    fullness.books["requests"].take("203.0.113.9", Rank.STRANGER, 24)
    fullness.refuse("203.0.113.9")
    assert fullness.heartbeat_body() == {}


def test_it_tells_when_others_were_refused_and_who_held_the_most(fullness, clock):
    fullness.books["connections"].take("203.0.113.9", Rank.STRANGER, 60)
    fullness.books["connections"].take(7, Rank.PERSON, 3)
    fullness.books["size"].take(7, Rank.PERSON, 9)
    for _ in range(3):
        fullness.refuse("203.0.113.9")
        clock.move(LOOKS)
    fullness.books["requests"].take(7, Rank.PERSON, 5)
    fullness.refuse(7)
    (span,) = spans(fullness)
    assert (span.from_at, span.until_at) == (NOW, NOW + 3 * LOOKS)
    assert span.holders == (
        Holder(HolderKind.ADDRESS, "203.0.113.9", connections=60, refused=3),
        Holder(HolderKind.PERSON, person_id=7, connections=3, requests=5, size=9, refused=1),
    )


def test_what_a_party_held_at_most_stays_when_it_has_given_it_back(fullness, clock):
    book = fullness.books["connections"]
    book.take("a", Rank.STRANGER, 60)
    fullness.refuse("b")
    book.give_back("a", Rank.STRANGER, 30)
    clock.move(LOOKS)
    fullness.refuse("b")
    assert [(each.address, each.connections) for each in spans(fullness)[0].holders] == [("a", 60)]


def test_a_refusal_after_a_quiet_time_begins_another_and_old_ones_are_forgotten(fullness, clock):
    fullness.books["requests"].take("a", Rank.STRANGER, 60)
    for pause in (LOOKS, QUIET + LOOKS, LOOKS):
        fullness.refuse("a")
        clock.move(pause)
    fullness.refuse("a")
    assert [span.until_at - span.from_at for span in spans(fullness)] == [LOOKS, LOOKS]
    clock.move(KEPT)
    assert len(spans(fullness)) == 1
    clock.move(timedelta(seconds=1))
    assert fullness.heartbeat_body() == {}


def test_thousands_of_addresses_take_a_bounded_memory(fullness, clock):
    fullness.books["requests"].take("a", Rank.STRANGER, 60)
    for number in range(3 * MOST_REFUSED):
        fullness.books["connections"].take(f"address {number}", Rank.STRANGER)
        fullness.refuse(f"address {number}")
        clock.move(LOOKS)
    (time,) = fullness.times
    assert len(time.refused) <= MOST_REFUSED
    assert len(time.held) <= MOST_REFUSED + 3 * MOST_HOLDERS
    assert len(spans(fullness)[0].holders) == MOST_HOLDERS


def test_how_often_somebody_was_refused_is_known_until_a_quiet_time_after_it(fullness, clock):
    assert fullness.refusals("203.0.113.9") == 0
    fullness.books["connections"].take("198.51.100.7", Rank.STRANGER, 60)
    for _ in range(3):
        fullness.refuse("203.0.113.9")
    clock.move(QUIET)
    assert (fullness.refusals("203.0.113.9"), fullness.refusals("198.51.100.7")) == (3, 0)
    clock.move(LOOKS)
    assert fullness.refusals("203.0.113.9") == 0
