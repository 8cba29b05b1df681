"""Work for many: an error keeps nobody else waiting, and is raised once the others are done."""

import pytest
from django.db import OperationalError, connection

from foundation.one_by_one import one_by_one

pytestmark = pytest.mark.django_db


def do(pieces, errors, done):
    with one_by_one() as alone:
        for piece in pieces:
            with alone(f"account {piece}"):
                if piece in errors:
                    raise errors[piece]
                done.append(piece)


def test_an_error_ends_one_piece_and_all_errors_are_raised_at_the_end_with_what_they_are_about():
    done, errors = [], {2: ValueError("two"), 4: KeyError("four")}
    with pytest.raises(ExceptionGroup, match="all was done except: account 2, account 4") as raised:
        do(range(1, 6), errors, done)
    assert done == [1, 3, 5]
    assert raised.value.exceptions == (errors[2], errors[4])
    assert [error.__notes__ for error in raised.value.exceptions] == [["account 2"], ["account 4"]]


def test_a_lost_connection_is_raised_at_once(monkeypatch):
    monkeypatch.setattr(connection, "is_usable", lambda: False)
    done: list[int] = []
    with pytest.raises(OperationalError, match="closed"):
        do([1, 2], {1: OperationalError("the connection is closed")}, done)
    assert done == []
