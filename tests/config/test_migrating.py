"""`up` and `prepare` try a migration again while a table is locked."""

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable, UndefinedTable

from config.up import steps


def failing(*causes):
    """Return a command that fails with each of these causes in turn, and then works; and the list of its calls."""
    calls, left = [], list(causes)

    def call_command(*arguments, **options):
        calls.append(arguments)
        if left:
            raise OperationalError("failed") from left.pop(0)

    return call_command, calls


def test_a_locked_table_is_tried_again_until_it_is_free(monkeypatch):
    command, calls = failing(LockNotAvailable(), LockNotAvailable())
    monkeypatch.setattr(steps, "call_command", command)
    monkeypatch.setattr(steps, "BETWEEN_TRIES", 0)
    steps.migrate()
    assert calls == [("migrate",)] * 3


@pytest.mark.parametrize(("causes", "tries"), [([LockNotAvailable()] * 99, steps.MOST_TRIES), ([UndefinedTable()], 1)])
def test_a_table_that_stays_locked_and_any_other_failure_are_reported(monkeypatch, causes, tries):
    command, calls = failing(*causes)
    monkeypatch.setattr(steps, "call_command", command)
    monkeypatch.setattr(steps, "BETWEEN_TRIES", 0)
    with pytest.raises(OperationalError):
        steps.migrate()
    assert len(calls) == tries
