"""One migrated database per test run, and a copy of it for each process. To migrate takes seconds of processor time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

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
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        connection.close()
        done.write_text(connection.settings_dict["NAME"])
    name: str = connection.settings_dict["NAME"]
    return name


def migrated_name(folder: Path) -> str:
    """Return the name of this run's migrated database, for more copies of it."""
    return (folder / NOTE).read_text()
