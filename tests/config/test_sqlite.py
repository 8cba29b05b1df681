"""SQLite takes one writer at a time. The writers of one process wait in a queue, those of several for the file's lock."""

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.utils import ConnectionHandler

from config.environment import ROOT, postgresql, sqlite
from config.sqlite import checkpoints
from config.sqlite.checkpoints import checkpoint_aside, copy_log, copy_until
from config.up.programs import counting, metrics_folder
from tests.pieces import without

PATIENCE = 300  # seconds after which a test fails instead of hanging
TABLE = (
    "CREATE TABLE number (value INTEGER PRIMARY KEY, parent INTEGER REFERENCES number DEFERRABLE INITIALLY DEFERRED)"
)


class Database:
    """A database in a file, with a connection for each thread. A connection waits `timeout` seconds for its turn."""

    def __init__(self, path, timeout=15):
        self.path, facts = str(path), sqlite(str(path))
        self.connections = ConnectionHandler(
            {"default": {**facts, "OPTIONS": {**facts["OPTIONS"], "timeout": timeout}}}
        )

    @property
    def connection(self):
        return self.connections["default"]

    def run(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    @contextmanager
    def transaction(self):
        """Do what `atomic` does. The real one only knows the connections of the settings."""
        self.connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        try:
            yield
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        finally:
            self.connection.set_autocommit(True)

    def numbers(self):
        return [value for (value,) in self.run("SELECT value FROM number ORDER BY value")]

    def close(self):
        self.connection.close()


@pytest.fixture(autouse=True)
def may_open_databases(django_db_blocker):
    """Allow connections to the databases that these tests make; they never open the test run's own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def database(tmp_path):
    with closing(Database(tmp_path / "numbers.sqlite3")) as found:
        found.run(TABLE)
        yield found


@contextmanager
def in_another_thread(act, *arguments):
    """Run `act` in a thread, and yield a future of what it returns."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(act, *arguments)


def insert(database, value):
    """Insert a number outside a transaction."""
    with closing(database):
        database.run(f"INSERT INTO number (value) VALUES ({value})")


def insert_in_transaction(database, *values):
    with closing(database), database.transaction():
        for value in values:
            database.run(f"INSERT INTO number (value) VALUES ({value})")


def test_a_commit_waits_for_the_disk_so_that_a_power_cut_loses_nothing_acknowledged(database):
    full = 2  # with a write-ahead log, SQLite then syncs it at each commit
    assert (database.run("PRAGMA journal_mode"), database.run("PRAGMA synchronous")) == ([("wal",)], [(full,)])


def test_a_transaction_that_raises_is_undone_and_lets_the_next_writer_in(database):
    with pytest.raises(IntegrityError):
        insert_in_transaction(database, 1, 1)
    with in_another_thread(insert, database, 2) as inserted:
        assert inserted.result(PATIENCE) is None
    assert database.numbers() == [2]


def test_a_transaction_that_cannot_be_committed_lets_the_next_writer_in(database):
    with pytest.raises(IntegrityError), database.transaction():
        database.run("INSERT INTO number (value, parent) VALUES (1, 99)")
    with in_another_thread(insert, database, 2) as inserted:
        assert inserted.result(PATIENCE) is None
    assert database.numbers() == [2]


def test_a_statement_that_is_refused_lets_the_next_writer_in(database):
    insert(database, 1)
    with pytest.raises(IntegrityError):
        insert(database, 1)
    with in_another_thread(insert, database, 2) as inserted:
        assert inserted.result(PATIENCE) is None


def test_a_connection_that_is_closed_in_its_transaction_lets_the_next_writer_in(database):
    database.connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    database.run("INSERT INTO number (value) VALUES (1)")
    database.close()
    with in_another_thread(insert, database, 2) as inserted:
        assert inserted.result(PATIENCE) is None
    assert database.numbers() == [2]


def test_reading_waits_for_nobody(database):
    with database.transaction():
        database.run("INSERT INTO number (value) VALUES (1)")
        with in_another_thread(numbers_then_close, database) as read:
            assert read.result(PATIENCE) == []


def numbers_then_close(database):
    with closing(database):
        return database.numbers()


@pytest.mark.parametrize("write", [insert, insert_in_transaction])
def test_writers_wait_in_the_queue_of_their_process_and_not_for_the_file(tmp_path, write):
    """After its patience, a writer that waited in the queue says so; one that waited for the file says that it is locked."""
    with closing(Database(tmp_path / "numbers.sqlite3", timeout=0.05)) as database:
        database.run(TABLE)
        with database.transaction(), in_another_thread(write, database, 2) as inserted:
            assert str(inserted.exception(PATIENCE)) == "database is locked: the queue of writers did not move"
        with in_another_thread(write, database, 3) as inserted:
            assert inserted.result(PATIENCE) is None
        assert database.numbers() == [3]


def test_a_writer_that_cannot_lock_the_file_lets_the_next_one_try(tmp_path):
    with closing(Database(tmp_path / "numbers.sqlite3", timeout=0.05)) as database:
        database.run(TABLE)
        with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(2):
                with pytest.raises(OperationalError, match=r"^database is locked$"), database.transaction():
                    pass
                with pytest.raises(OperationalError, match=r"^database is locked$"):
                    database.run("INSERT INTO number (value) VALUES (1)")
        database.run("INSERT INTO number (value) VALUES (2)")
        assert database.numbers() == [2]


PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from tests.config.test_sqlite import PATIENCE, Database, insert, insert_in_transaction
database, first = Database(sys.argv[1], timeout=PATIENCE), int(sys.argv[2])
with ThreadPoolExecutor(4) as pool:
    for write in (insert, insert_in_transaction):
        list(pool.map(write, [database] * 10, range(first, first + 10)))
        first += 10
"""


def test_no_write_of_several_processes_with_several_threads_is_lost(database):
    command = (sys.executable, "-c", PROCESS, database.path)
    writers = [subprocess.Popen((*command, str(first)), cwd=ROOT) for first in (0, 100, 200)]
    assert [writer.wait(PATIENCE) for writer in writers] == [0, 0, 0]
    assert database.numbers() == [first + value for first in (0, 100, 200) for value in range(20)]


MEGABYTES = 5  # more than the 1,000 pages at which a commit copies the log unless it is told otherwise


class Stop(threading.Event):
    """Is set after a few waits. At the end of each, something happens."""

    def __init__(self, *events):
        super().__init__()
        self.events = list(events)

    def wait(self, timeout=None):
        if self.events:
            self.events.pop(0)()
            return False
        return True


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A database as a web process opens it. Its thread ends at once; a test copies the log when it wants to."""
    with closing(Database(tmp_path / "served.sqlite3", timeout=0.05)) as found:
        monkeypatch.setattr(checkpoints, "copy_until", lambda stop: None)
        monkeypatch.setattr(checkpoints, "connections", found.connections)
        checkpoint_aside()
        found.run("CREATE TABLE blob (bytes)")
        copy_log(found.connection)
        yield found


@pytest.mark.parametrize("piece", ["log_copies", "writer_turns"])
def test_without_one_of_these_pieces_commits_go_on_copying_the_log(tmp_path, monkeypatch, piece):
    with closing(Database(tmp_path / "plain.sqlite3", timeout=0.05)) as found, without(piece):
        monkeypatch.setattr(checkpoints, "copy_until", lambda stop: pytest.fail("a thread began to copy"))
        monkeypatch.setattr(checkpoints, "connections", found.connections)
        checkpoint_aside()
        assert "wal_autocheckpoint" not in found.connections.settings["default"]["OPTIONS"]["init_command"]


def write_megabytes(database):
    for _ in range(MEGABYTES):
        database.run("INSERT INTO blob VALUES (zeroblob(1000000))")


def sizes(database):
    """Return how long the database and its log are."""
    return Path(database.path).stat().st_size, Path(f"{database.path}-wal").stat().st_size


def test_no_commit_of_a_web_process_copies_the_log_into_the_database(served):
    before, _ = sizes(served)
    write_megabytes(served)
    after, log = sizes(served)
    assert after == before
    assert log > MEGABYTES * 1_000_000


def test_when_the_log_is_copied_the_next_writer_begins_it_again(served):
    write_megabytes(served)
    copy_log(served.connection)
    copied, log = sizes(served)
    assert copied > MEGABYTES * 1_000_000
    write_megabytes(served)
    assert sizes(served) == (copied, log)


def test_most_of_the_log_is_copied_while_somebody_writes_and_the_rest_in_turn(served):
    write_megabytes(served)
    with served.transaction(), in_another_thread(copy_then_close, served) as copied:
        assert str(copied.exception(PATIENCE)) == "database is locked: the queue of writers did not move"
        assert sizes(served)[0] > MEGABYTES * 1_000_000


def copy_then_close(database):
    with closing(database):
        copy_log(database.connection)


def test_a_log_that_a_reader_needs_is_not_copied_as_a_whole(served):
    with closing(sqlite3.connect(served.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM blob").fetchone()
        write_megabytes(served)
        assert not copy_log(served.connection)
        reader.execute("COMMIT")
        assert copy_log(served.connection)


def write_often(database, times):
    for _ in range(times):
        database.run("INSERT INTO blob VALUES (1)")


def test_the_log_is_copied_after_many_turns_of_writers(served, monkeypatch):
    copies = []
    monkeypatch.setattr(checkpoints, "copy_log", lambda connection: copies.append(connection.writers.turns) or True)
    most = checkpoints.LEAST_TURNS
    writes = [partial(write_often, served, times) for times in (most - 1, 1, most - 1, 1)]
    copy_until(Stop(lambda: None, *writes))
    first, second = copies
    assert second - first == most


@pytest.mark.parametrize("outcome", [OperationalError("disk I/O error"), InterfaceError("closed"), False])
def test_a_copy_that_fails_or_is_not_whole_is_made_again(served, monkeypatch, caplog, outcome):
    outcomes = [outcome, outcome, True]

    def copied(connection):
        found = outcomes.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(checkpoints, "copy_log", copied)
    wait = [lambda: None] * 3
    copy_until(Stop(partial(write_often, served, checkpoints.LEAST_TURNS), *wait))
    assert outcomes == []
    assert len(caplog.records) == isinstance(outcome, Exception)


SERVER = """
import threading, config.asgi
from django.db import connection
(limit,) = connection.cursor().execute("PRAGMA wal_autocheckpoint").fetchone()
print(limit, "checkpoints" in {thread.name for thread in threading.enumerate()})
"""


def test_a_web_process_copies_the_log_in_a_thread(tmp_path):
    environ = counting({"PATH": os.environ["PATH"], "FINALCHECK_DATA": str(tmp_path)}, "web")
    metrics_folder(environ, "web").mkdir(parents=True)
    command = (sys.executable, "-c", SERVER)
    shown = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout
    assert shown.split() == [str(checkpoints.MOST_PAGES), "True"]


def test_on_postgresql_nothing_is_copied(monkeypatch):
    facts, same = (postgresql("postgres://somebody@nowhere/nothing") for _ in range(2))
    monkeypatch.setattr(checkpoints, "connections", ConnectionHandler({"default": facts}))
    monkeypatch.setattr(checkpoints, "copy_until", lambda stop: None)
    checkpoint_aside()
    assert facts["OPTIONS"] == same["OPTIONS"]
