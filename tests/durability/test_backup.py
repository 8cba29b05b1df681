"""Backup and restore: taken under load and in mid-exam, checked before anything changes, and equal afterwards."""

import json
import os
import shutil
import signal
import sqlite3
import tarfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.environment import DEMO_KEY
from operations.services import backup, database_copies
from tests.durability.rehearsal import ROOT, databases, drill, rehearse, run
from tests.factories import NOW
from tests.portal.rights.verifying import problems
from tests.rounds import second_round

pytestmark = second_round

LEARNERS = 8  # two in each state
NASTY = ROOT / "tests" / "nasty-course"
ANOTHER_KEY = "The backup was made with another FINALCHECK_SECRET_KEY."


def test_a_restore_brings_back_every_row_deadline_and_certificate(tmp_path, migrated):
    found = rehearse(tmp_path, migrated, learners=LEARNERS, saves=40)
    assert found["after"] == found["before"]
    assert found["before"]["valid"] == found["before"]["certificates"] != []
    # two were handed in and two had expired; two ran, and expire an hour later
    assert found["settled"] == {
        "settled": 2, "ended": {"deadline": 2, "learner": 2, "": 2}, "differences": [], "certificates": 4,
    }  # fmt: skip
    assert found["later"] == {
        "settled": 2, "ended": {"deadline": 4, "learner": 2, "": 0}, "differences": [], "certificates": 6,
    }  # fmt: skip
    assert (found["lost"], found["invented"]) == (0, 0)


def test_course_files_and_keys_come_back_and_statements_from_before_and_after_verify(tmp_path, migrated):
    folder, archive, figure = tmp_path / "course", tmp_path / "one.tar.gz", "figures/pixels.png"
    shutil.copytree(NASTY, folder)
    with databases(tmp_path, migrated, "first", "second") as (first, second):
        drill(first, "teach", str(folder))
        before = drill(first, "served", figure)
        run(first, "manage.py", "backup", str(archive))
        with tarfile.open(archive) as found:
            kept = {name.removeprefix("courses/nasty/") for name in found.getnames() if name.startswith("courses/")}
            secret = json.load(found.extractfile("keys.json"))["FINALCHECK_SECRET_KEY"]
        assert kept == {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
        shutil.rmtree(folder)
        assert ANOTHER_KEY not in run(second, "manage.py", "restore", str(archive))
        after = drill(second, "served", figure)
        restored = Path(second["FINALCHECK_DATA"]) / "restored" / "courses" / "nasty"
        picture = (NASTY / figure).read_bytes()
        assert (before["file"], after["file"], (restored / figure).read_bytes()) == (
            picture.hex(),
            picture.hex(),
            picture,
        )
        assert before["statement"]["key_id"] == after["statement"]["key_id"]

        other = {**second, "FINALCHECK_SECRET_KEY": "another" * 10}
        assert ANOTHER_KEY in run(other, "manage.py", "restore", "--replace", str(archive))
        later = drill(other, "served", figure)
        assert later["statement"]["key_id"] != before["statement"]["key_id"]
    assert secret == DEMO_KEY
    for known in (after["keys"], later["keys"]):
        assert [problems(found["statement"], known) for found in (before, after)] == [[], []]
    assert problems(later["statement"], later["keys"]) == []


OF_FORMAT_1 = """
import pathlib, sys
import django
django.setup()
from django.utils import timezone
from operations.services import backup, database_copies
backup.FORMAT, database_copies.CHECKSUM = 1, database_copies.CHECKSUM_OF_FORMAT_1
backup.write_backup(path=pathlib.Path(sys.argv[1]), now=timezone.now())
"""


def test_an_archive_of_the_first_format_can_be_restored_and_one_of_a_later_format_cannot(tmp_path, migrated):
    archive, later = tmp_path / "one.tar.gz", tmp_path / "later.tar.gz"
    with databases(tmp_path, migrated, "first", "second") as (first, second):
        drill(first, "teach", str(NASTY))
        run(first, "-c", OF_FORMAT_1, str(archive))
        with tarfile.open(archive) as found:
            assert json.load(found.extractfile("manifest.json"))["format"] == 1
        assert "restored" in run(second, "manage.py", "restore", str(archive)).lower()
        run(first, "-c", OF_FORMAT_1.replace("= 1,", "= 3,"), str(later))
        with pytest.raises(AssertionError, match="made by a newer version of Finalcheck"):
            run(second, "manage.py", "restore", "--replace", str(later))


def fingerprint_of(rows, folder):
    """Return the number of rows and their checksum, if these are the rows of a table of this run's database."""
    if connection.vendor == "sqlite":
        file = folder / "checked.sqlite3"
        file.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as database, database:
            fill(database, rows, "?")
        return database_copies.sqlite_fingerprint(file)["checked"]
    with connection.cursor() as cursor:
        fill(cursor, rows, "%s")
    with CaptureQueriesContext(connection) as asked:
        found = database_copies.postgresql_fingerprint(database_copies.CHECKSUM)["checked"]
    assert not any("string_agg" in query["sql"] for query in asked)  # a text of all rows may be too long
    return found


def fill(cursor, rows, place):
    cursor.execute("DROP TABLE IF EXISTS checked")
    cursor.execute("CREATE TABLE checked (number integer, said text)")
    cursor.executemany(f"INSERT INTO checked VALUES ({place}, {place})", rows)


@pytest.mark.django_db
def test_the_checksum_of_a_table_tells_any_changed_missing_or_doubled_row_and_no_order(tmp_path):
    def checksum(*rows):
        return fingerprint_of(rows, tmp_path)

    whole = checksum((1, "a"), (2, "b"), (3, None))
    assert whole == checksum((3, None), (1, "a"), (2, "b"))
    others = [
        checksum((1, "a"), (2, "c"), (3, None)),
        checksum((1, "a"), (2, "b"), (3, "")),
        checksum((1, "b"), (2, "a"), (3, None)),
        checksum((1, "a"), (2, "b")),
        checksum((1, "a"), (2, "b"), (3, None), (3, None)),
        checksum((1, "a"), (1, "a"), (3, None)),
        checksum(),
    ]
    assert len({digest for _count, digest in (whole, *others)}) == 1 + len(others)
    assert others[-1][0] == 0


@pytest.fixture
def data(transactional_db, tmp_path, settings) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


def test_a_backup_is_not_written_into_what_it_saves(data):
    with pytest.raises(backup.Refusal, match="Choose a place outside it"):
        backup.write_backup(path=data / "one.tar.gz", now=NOW)
    assert list(data.iterdir()) == []


def test_files_that_only_look_like_the_database_are_saved(data, settings, monkeypatch):
    """On PostgreSQL, the data is below a folder of the working folder with the name of the database."""
    look_alike = ["kept", "kept-journal", "kept-shm", "kept-wal", "kept.restored"]
    others = ["deep/kept", "kept-walks", "kept.txt"]
    is_sqlite = connection.vendor == "sqlite"
    if not is_sqlite:
        settings.DATA = data / connection.settings_dict["NAME"] / "var"
    for name in (*look_alike, *others):
        file = Path(settings.DATA, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    monkeypatch.chdir(data)
    with monkeypatch.context() as meanwhile:
        if is_sqlite:
            meanwhile.setitem(connection.settings_dict, "NAME", str(data / "kept"))
        saved = [name.removeprefix("data/") for name, _ in backup.saved_files() if name.startswith("data/")]
    assert sorted(saved) == sorted(others if is_sqlite else look_alike + others)


def test_files_that_change_or_vanish_meanwhile_leave_the_archive_whole(data, tmp_path, monkeypatch):
    notes, archive = data / "notes.txt", tmp_path / "one.tar.gz"
    notes.write_text("as it was")
    listed, add = backup.saved_files, tarfile.TarFile.add
    monkeypatch.setattr(backup, "saved_files", lambda: [*listed(), ("data/gone.txt", data / "gone.txt")])

    def write_and_add(self, *args, **facts):
        notes.write_text("changed")
        return add(self, *args, **facts)

    monkeypatch.setattr(tarfile.TarFile, "add", write_and_add)
    backup.write_backup(path=archive, now=NOW)
    with tarfile.open(archive) as found:
        digests = json.load(found.extractfile("manifest.json"))["files"]
        contents = {name: found.extractfile(name).read() for name in found.getnames() if name != "manifest.json"}
    assert {name: sha256(content).hexdigest() for name, content in contents.items()} == digests
    assert ("data/notes.txt" in digests, "data/gone.txt" in digests) == (True, False)


def dumped(tmp_path, version, wrote):
    """Write the header of a dump as pg_dump does, and return its file."""
    written = [b"PGDMP", bytes([1, *version, 0, 4, 8, 1]), bytes(1 if version >= (15,) else 5), bytes(7 * 5)]
    for text in (b"finalcheck", b"17.2", wrote):
        written += [b"\0", len(text).to_bytes(4, "little"), text]
    path = tmp_path / "database.dump"
    path.write_bytes(b"".join(written))
    return path


@pytest.fixture
def pg_restore(tmp_path, monkeypatch):
    """A pg_restore of version 16, which only says so."""
    program = tmp_path / "bin" / "pg_restore"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'pg_restore (PostgreSQL) 16.4 (Debian 16.4-1)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


def test_a_dump_of_a_newer_postgresql_is_refused_before_anything_changes(tmp_path, pg_restore):
    said = (
        "PostgreSQL 17.2 wrote the backup, and pg_restore here is version 16.4. Nothing was changed. Install "
        "PostgreSQL's client programs of version 17.2, or of a newer one."
    )
    for version in ((14,), (16,)):
        path = dumped(tmp_path, version, b"17.2 (Debian 17.2-1)")
        with pytest.raises(backup.Refusal) as refused:
            database_copies.refuse_old_program(path)
        assert str(refused.value) == said
    for wrote in (b"16.9", b"9.6.1"):
        database_copies.refuse_old_program(dumped(tmp_path, (14,), wrote))
    path.write_bytes(b"PGDMP")
    with pytest.raises(backup.Refusal, match=r"The checksum of database\.dump in the backup is wrong"):
        database_copies.refuse_old_program(path)


def test_a_backup_that_is_told_to_end_leaves_nothing_behind(data, tmp_path, monkeypatch):
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))
    monkeypatch.setattr(backup, "applied_migrations", lambda: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with pytest.raises(SystemExit) as ended:
            call_command("backup", str(tmp_path / "one.tar.gz"))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == [data]
