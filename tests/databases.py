"""One migrated database per test run, and a copy of it for each process. To migrate takes seconds of processor time."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from config.sqlite.schema import create_tables

NOTE = "migrated"  # the file in the run's folder that names the migrated database


@contextmanager
def copy_of_migrated(folder: Path, worker: str) -> Iterator[None]:
    """Connect to a copy of the database that the first process of this run has migrated. `folder` is the run's own."""
    configured = connection.settings_dict["NAME"]
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        migrated = use_migrated(folder / NOTE)
        connection.creation.clone_test_db(worker, verbosity=0)
    connection.settings_dict["NAME"] = connection.creation.get_test_db_clone_settings(worker)["NAME"]
    yield
    connection.close()
    connection.settings_dict["NAME"] = migrated
    connection.creation.destroy_test_db(verbosity=0, suffix=worker)
    connection.settings_dict["NAME"] = configured


def use_migrated(done: Path) -> str:
    """Connect to the migrated database, made now if `done` does not yet exist. Return its name."""
    if done.exists():
        connection.settings_dict["NAME"] = done.read_text()
    else:
        create_migrated()
        done.write_text(connection.settings_dict["NAME"])
    name: str = connection.settings_dict["NAME"]
    return name


def create_migrated() -> None:
    """Create the migrated database as the product creates a new one: SQLite's tables come from the script.

    tests/config/test_schema.py compares these with the tables that every migration makes.
    """
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        with closing(sqlite3.connect(connection.settings_dict["TEST"]["NAME"])) as database:
            create_tables(database)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=is_sqlite)
    connection.close()


def migrated_name(folder: Path) -> str:
    """Return the name of this run's migrated database, for more copies of it."""
    return (folder / NOTE).read_text()


FROM_MIGRATIONS = ("django_content_type", "auth_permission")


def statements_that_empty(
    style: Any, tables: list[str], *, reset_sequences: bool = False, allow_cascade: bool = False
) -> list[str]:
    """Return statements that delete all rows of these PostgreSQL tables, but for what migrations made. For `sql_flush`.

    Django truncates all hundred tables after each test with real commits, which takes a quarter of a second. A test fills
    only a few. As a replica, a session runs neither the triggers that refuse to delete records nor foreign keys.
    """
    found = " UNION ALL ".join(
        f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables if name not in FROM_MIGRATIONS
    )
    with connection.cursor() as cursor:
        cursor.execute(found)
        filled = [name for (name,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *(f'DELETE FROM "{name}"' for name in filled)]


@contextmanager
def connected_to(url: str) -> Iterator[None]:
    """Let this process use the database at that address, as a web server does that was started with it."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        chosen = {"NAME": url.removeprefix("sqlite:///")}
    else:
        found = urlsplit(url)
        chosen = {"HOST": found.hostname, "PORT": found.port, "NAME": found.path.removeprefix("/")}
    configured = {name: settings[name] for name in chosen}
    connection.close()
    settings.update(chosen)
    try:
        yield
    finally:
        connection.close()
        settings.update(configured)
