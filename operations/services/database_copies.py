"""Copy a whole database to a file and back: SQLite by its backup API, PostgreSQL by pg_dump and psql.

A copy is one consistent state, taken while learners go on working. A fingerprint says what is in it, table by table.
"""

import os
import shutil
import sqlite3
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.db import DatabaseError, connection, connections, transaction

from operations.refusals import Refusal

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILES = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}
BITS = 256
# Sums do not depend on the order of the rows, and grow by a digit where a text of all rows would grow beyond the 1 GB that
# PostgreSQL allows, at 33 million rows. `line` is the MD5 of a row in hexadecimal; each half is a number of 64 bits.
CHECKSUM = " || ':' || ".join(
    f"coalesce(sum(('x' || {half})::bit(64)::bigint), 0)::text" for half in ("left(line, 16)", "right(line, 16)")
)
CHECKSUM_OF_FORMAT_1 = "md5(coalesce(string_agg(line, '' ORDER BY line COLLATE \"C\"), ''))"  # in older archives

type Fingerprint = dict[str, tuple[int, str]]
"""For each table, the number of its rows and a checksum of them in any order."""


@dataclass(frozen=True)
class DatabaseCopy:
    """A copy in a file, with the fingerprint of exactly the state that it holds."""

    path: Path
    fingerprint: Fingerprint


def copy_database(folder: Path) -> DatabaseCopy:
    """Copy the configured database into the folder."""
    path = folder / FILES[connection.vendor]
    return _copy_sqlite(path) if connection.vendor == SQLITE else _copy_postgresql(path)


def database_files() -> set[Path]:
    """Return every path at which SQLite or a restore may write the database. PostgreSQL's NAME is not a path."""
    if connection.vendor != SQLITE:
        return set()
    file = Path(str(connection.settings_dict["NAME"])).resolve()
    return {file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm", "-journal", ".restored")}


def _copy_sqlite(path: Path) -> DatabaseCopy:
    name = str(connection.settings_dict["NAME"])
    with (
        closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True, timeout=60)) as source,
        closing(sqlite3.connect(path)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    return DatabaseCopy(path, sqlite_fingerprint(path))


def sqlite_fingerprint(path: Path) -> Fingerprint:
    """Return the fingerprint of an SQLite file. Raises Refusal backup_damaged if the file is damaged."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise Refusal("backup_damaged", file=path.name)
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
            return {name: _rows_sum(database.execute(f'SELECT * FROM "{name}"')) for (name,) in names.fetchall()}  # noqa: S608 - its own names
        except sqlite3.DatabaseError:
            raise Refusal("backup_damaged", file=path.name) from None


def _rows_sum(rows: sqlite3.Cursor) -> tuple[int, str]:
    """Return the number of rows, and the sum of their digests, which does not depend on the order."""
    count = total = 0
    for row in rows:
        count += 1
        total += int.from_bytes(sha256(repr(row).encode()).digest())
    return count, f"{total % 2**BITS:064x}"


def _copy_postgresql(path: Path) -> DatabaseCopy:
    """Dump the state of one snapshot, and compute the fingerprint of the same snapshot."""
    with snapshot() as name:
        _run("pg_dump", "--format=custom", f"--snapshot={name}", "--no-owner", "--no-privileges", f"--file={path}")
        return DatabaseCopy(path, postgresql_fingerprint(CHECKSUM))


@contextmanager
def snapshot() -> Iterator[str]:
    """Yield the name of an exported snapshot; queries inside see its state however long they take."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone() or ("",)
        yield name


def postgresql_fingerprint(checksum: str) -> Fingerprint:
    """Return the fingerprint of the configured database, by CHECKSUM or by that of an older archive."""
    tables: Fingerprint = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for (name,) in cursor.fetchall():
            quoted = connection.ops.quote_name(name)
            cursor.execute(
                f"SELECT count(*), {checksum} "  # noqa: S608 - its own names
                f"FROM (SELECT md5(t::text) AS line FROM {quoted} AS t OFFSET 0) AS lines"  # computes each MD5 once
            )
            count, digest = cursor.fetchone() or (0, "")
            tables[name] = (int(count), str(digest))
    return tables


def is_empty() -> bool:
    """Return whether the configured database holds nobody and no course: it has no tables, or they are empty."""
    try:
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            for name in {"course_user", "course_course"} & set(tables):
                cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608 - one of two names
                if cursor.fetchone():
                    return False
    except DatabaseError:  # damaged: it may hold anything
        return False
    return True


def has_other_users() -> bool:
    """Return whether another process is connected to the PostgreSQL database."""
    if connection.vendor == SQLITE:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (count,) = cursor.fetchone() or (0,)
    return bool(count)


def refuse_old_program(path: Path) -> None:
    """Refuse a dump of a newer version of PostgreSQL than the pg_restore here, which could not read it."""
    wrote, here = written_by(path), _run("pg_restore", "--version", connects=False).split()[2]
    if int(wrote.split(".")[0]) > int(here.split(".")[0]):
        raise Refusal("program_too_old", program="pg_restore", here=here, wrote=wrote.split(" ")[0])


def written_by(path: Path) -> str:
    """Return the version of the pg_dump that wrote a dump, from the dump's header. Raises Refusal backup_damaged."""
    try:
        with path.open("rb") as file:
            magic, *version, _revision, width, _offset, _format = struct.unpack("5s6B", file.read(11))
            if magic != b"PGDMP":
                raise ValueError
            file.read(1 if version >= [1, 15] else 1 + width)  # the compression
            file.read(7 * (1 + width))  # the time of the dump
            _database, _server, program = (_dumped_text(file, width) for _ in range(3))
    except (ValueError, struct.error):
        raise Refusal("backup_damaged", file=path.name) from None
    return program


def _dumped_text(file: IO[bytes], width: int) -> str:
    file.read(1)  # the sign of the length
    return file.read(int.from_bytes(file.read(width), "little")).decode()


def replace_database(path: Path, *, checksum: str = CHECKSUM) -> Fingerprint:
    """Put a copy in the place of the configured database, all of it or nothing. Return the new fingerprint.

    `checksum` is how PostgreSQL computes that of a table.
    """
    connections.close_all()
    if connection.vendor == SQLITE:
        return _replace_sqlite(path)
    script = path.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(path), connects=False)
    empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    stops = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null")
    _run("psql", *stops, f"--command={empty}", f"--file={script}")
    with snapshot():  # without the limit of seconds per statement
        return postgresql_fingerprint(checksum)


def _replace_sqlite(path: Path) -> Fingerprint:
    target = Path(str(connection.settings_dict["NAME"]))
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.restored")
    shutil.copyfile(path, fresh)
    fresh.chmod(0o600)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    journals = [target.with_name(f"{target.name}{end}") for end in ("-wal", "-shm")]
    with _nobody_else(target):
        for journal in journals:
            journal.unlink(missing_ok=True)
        fresh.replace(target)
    return sqlite_fingerprint(target)


@contextmanager
def _nobody_else(target: Path) -> Iterator[None]:
    """Keep everybody else out of an SQLite file, and let its journal hold nothing. Raises Refusal target_in_use."""
    if not target.exists():
        yield
        return
    with closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as old:
        try:
            old.execute("PRAGMA journal_mode=DELETE")  # fails while another connection is open
            old.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise Refusal("target_in_use") from None
            # It is damaged: nobody can use it.
        yield


def _run(program: str, *arguments: str, connects: bool = True) -> str:
    """Run a program of PostgreSQL on the configured database, and return what it prints.

    The password is never an argument, which others can read.

    Raises Refusal program_missing, program_failed.
    """
    settings: Mapping[str, Any] = connection.settings_dict
    environ = {**os.environ, "PGPASSWORD": str(settings["PASSWORD"]), "PGOPTIONS": "-c statement_timeout=0"}
    tls = {f"PG{name.upper()}": str(value) for name, value in settings["OPTIONS"].items() if name.startswith("ssl")}
    where = {
        "--host": settings["HOST"],
        "--port": settings["PORT"],
        "--username": settings["USER"],
        "--dbname": settings["NAME"],
    }
    address: Sequence[str] = [f"{name}={value}" for name, value in where.items() if value] if connects else []
    try:
        done = subprocess.run(
            [program, *address, *arguments], env=environ | tls, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Refusal("program_missing", program=program) from None
    if done.returncode:
        raise Refusal("program_failed", program=program, said=done.stderr.strip()[:1000])
    return done.stdout
