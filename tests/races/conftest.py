"""Races use committed rows, so their tables are emptied after each test. Only for that are the guards disabled."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

PATIENCE = 300  # seconds


@pytest.fixture(scope="session", autouse=True)
def middleware_is_loaded() -> None:
    """Load the middleware once. Clients that load it at the same time would register Prometheus's metrics twice."""
    Client().get("/healthz")


@pytest.fixture(autouse=True)
def patience(transactional_db) -> Iterator[None]:
    """Let racers wait for each other as long as a busy machine takes. The product's limits would refuse some of them."""
    options = connection.settings_dict["OPTIONS"]
    limits = {"timeout": PATIENCE} if connection.vendor == "sqlite" else {"connect_timeout": PATIENCE, "options": ""}
    before = {name: options[name] for name in limits}
    options.update(limits)
    connection.close()
    yield
    options.update(before)
    connection.close()


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
