"""Races run on committed rows, so their tables are emptied after each test: for that alone the guards stand aside."""

import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def guards_stand_aside_for_the_flush(transactional_db, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite empties tables by DELETE, which the append-only triggers refuse; PostgreSQL truncates."""
    if connection.vendor == "sqlite":
        flush = connection.ops.sql_flush
        guards = triggers()
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in guards]
        monkeypatch.setattr(
            connection.ops, "sql_flush", lambda *args, **kwargs: [*drops, *flush(*args, **kwargs), *guards.values()]
        )


def triggers() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())
