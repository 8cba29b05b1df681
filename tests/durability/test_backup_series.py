"""Archives that are written one after the other into a folder, of which the newest are kept."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from operations.services import backup_series
from operations.services.backup import BackupFacts
from operations.services.backup_series import archives_in, next_is_due_at, write_for_ever, write_next_backup

NOW = datetime(2026, 12, 3, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Enough(Exception):
    """Ends a loop that never ends."""


@pytest.fixture
def written(monkeypatch):
    """Write files in place of archives. The writing of archives has its own tests (test_backup.py)."""

    def write(*, path: Path, now: datetime) -> BackupFacts:
        path.write_text("an archive")
        return BackupFacts(now, 1, 1)

    monkeypatch.setattr(backup_series, "write_backup", write)


def test_each_archive_has_its_time_in_its_name_and_only_the_newest_are_kept(tmp_path, written):
    (tmp_path / "finalcheck-of-mine.tar.gz").write_text("not of the series")
    for day in range(4):
        last = write_next_backup(folder=tmp_path, keep=2, now=NOW + day * DAY)
    assert [file.name for file in archives_in(tmp_path)] == [
        "finalcheck-20261205T040000Z.tar.gz",
        "finalcheck-20261206T040000Z.tar.gz",
    ]
    assert [file.name for file in last.deleted] == ["finalcheck-20261204T040000Z.tar.gz"]
    assert (tmp_path / "finalcheck-of-mine.tar.gz").exists()


def test_a_backup_that_fails_deletes_no_older_one(tmp_path, written, monkeypatch):
    write_next_backup(folder=tmp_path, keep=1, now=NOW)

    def fail(**_: object) -> BackupFacts:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup_series, "write_backup", fail)
    with pytest.raises(OSError, match="No space left"):
        write_next_backup(folder=tmp_path, keep=1, now=NOW + DAY)
    assert len(archives_in(tmp_path)) == 1


def test_a_restart_writes_nothing_before_the_next_one_is_due(tmp_path, written):
    assert next_is_due_at(tmp_path, DAY, NOW) == NOW
    write_next_backup(folder=tmp_path, keep=14, now=NOW)
    assert next_is_due_at(tmp_path, DAY, NOW + timedelta(hours=5)) == NOW + DAY
    assert next_is_due_at(tmp_path, DAY, NOW + 3 * DAY) == NOW + 3 * DAY


def test_a_clock_that_was_ahead_keeps_no_backup_waiting_for_longer_than_usual(tmp_path, written):
    write_next_backup(folder=tmp_path, keep=14, now=NOW + 300 * DAY)
    assert next_is_due_at(tmp_path, DAY, NOW) == NOW + DAY


@pytest.mark.parametrize("error", [OperationalError("the server is away"), OSError(28, "No space left on device")])
def test_an_attempt_that_fails_is_repeated_in_an_hour(tmp_path, monkeypatch, error):
    waits, said, attempts = [], [], iter([error, BackupFacts(NOW, 1, 1)])

    def write(*, path: Path, now: datetime) -> BackupFacts:
        match next(attempts):
            case BackupFacts() as facts:
                path.write_text("an archive")
                return facts
            case failure:
                raise failure

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 4:
            raise Enough

    monkeypatch.setattr(backup_series, "write_backup", write)
    with pytest.raises(Enough):
        write_for_ever(folder=tmp_path, keep=14, every=DAY, clock=lambda: NOW, wait=wait, say=said.append)
    assert waits == [0, 3600, 0, DAY.total_seconds()]
    assert said[0] is error
    assert [file.name for file in archives_in(tmp_path)] == ["finalcheck-20261203T040000Z.tar.gz"]


@pytest.mark.parametrize("fails", [False, True])
def test_no_connection_to_the_database_waits_for_the_next_backup(tmp_path, monkeypatch, fails):
    closed = []
    monkeypatch.setattr(connections, "close_all", lambda: closed.append("all"))

    def write(*, path: Path, now: datetime) -> BackupFacts:
        path.write_text("an archive")
        if fails:
            raise OperationalError("the server is away")
        return BackupFacts(now, 1, 1)

    def wait(seconds: float) -> None:
        if seconds:
            assert closed == ["all"]
            raise Enough

    monkeypatch.setattr(backup_series, "write_backup", write)
    with pytest.raises(Enough):
        write_for_ever(folder=tmp_path, keep=14, every=DAY, clock=lambda: NOW, wait=wait, say=lambda _: None)


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_a_real_archive_into_the_folder(tmp_path, settings):
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    folder, output = tmp_path / "backups", io.StringIO()
    folder.mkdir()
    call_command("backup", "--into", str(folder), stdout=output)
    (archive,) = archives_in(folder)
    assert output.getvalue().startswith(f"{archive}: ")
    assert archive.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--into", "/nowhere/at/all"), "There is no folder /nowhere/at/all. Nothing was written."),
        (("--into", "/tmp", "--keep", "0"), "--keep is a whole number from 1"),
        (("one.tar.gz", "--every", "24"), "--every needs --into"),
        ((), "one of the arguments path --into is required"),
    ],
)
def test_a_wrong_argument_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("backup", *arguments)
