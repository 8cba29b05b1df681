"""Passwords are hashed in turn, and for strangers with what other work leaves of the processor."""

import os
import sys
import threading

import pytest
from django.contrib.auth.hashers import check_password, make_password

from config.hashing import BACKGROUND, BEHIND, TURN, HasherInTurn, Turn, TurnNeeded

LEAST_URGENT = 19  # niceness


@pytest.fixture
def turn(settings, monkeypatch):
    """Let this test hash with a turn of its choice, quickly."""
    settings.PASSWORD_HASHERS = ["config.hashing.HasherInTurn"]
    monkeypatch.setattr(HasherInTurn, "iterations", 1)
    before = TURN.set(Turn.KNOWN)
    yield TURN.set
    TURN.reset(before)


def test_a_hash_without_a_turn_is_put_off_and_the_hash_is_djangos(turn):
    stored = make_password("secret")
    assert stored.startswith("pbkdf2_sha256$1$")
    turn(Turn.NOT_YET)
    for hashes in (lambda: make_password("secret"), lambda: check_password("secret", stored)):
        with pytest.raises(TurnNeeded):
            hashes()
    turn(Turn.KNOWN)
    assert check_password("secret", stored)


@pytest.fixture
def threads(monkeypatch):
    """The names of the threads in which Django hashed."""
    names, hashed = [], HasherInTurn.__base__.encode

    def encode(*args):
        names.append(threading.current_thread().name)
        return hashed(*args)

    monkeypatch.setattr(HasherInTurn.__base__, "encode", encode)
    return names


def test_a_stranger_gets_the_same_hash_in_a_thread_behind_others(turn, threads):
    stored = make_password("secret", salt="pepper")
    turn(Turn.STRANGER)
    assert make_password("secret", salt="pepper") == stored
    assert threads[0] == threading.current_thread().name
    assert threads[1].startswith("hashes-of-strangers")


if sys.platform == "linux":

    def test_threads_that_hash_for_strangers_let_everything_else_go_first():
        niceness = BACKGROUND.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
        mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        assert niceness == min(LEAST_URGENT, mine + BEHIND)
