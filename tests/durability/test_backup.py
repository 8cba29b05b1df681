"""Backup and restore: taken under load and in mid-exam, checked before anything changes, and equal afterwards."""

import json
import os
import signal
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command

from portal.operations.services import backup
from tests.durability.rehearsal import rehearse
from tests.factories import NOW

LEARNERS = 8  # two in each state


def test_a_restore_brings_back_every_row_deadline_and_certificate(tmp_path):
    found = rehearse(tmp_path, learners=LEARNERS, saves=40)
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


@pytest.fixture
def data(transactional_db, tmp_path, settings) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return settings.DATA


def test_a_backup_is_not_written_into_what_it_saves(data):
    with pytest.raises(backup.Refusal, match="Choose a place outside it"):
        backup.write_backup(path=data / "one.tar.gz", now=NOW)
    assert list(data.iterdir()) == []


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
