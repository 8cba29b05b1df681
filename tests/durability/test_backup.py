"""Backup and restore: taken under load and in mid-exam, checked before anything changes, and equal afterwards."""

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.durability.rehearsal import ROOT, databases, drill, rehearse, run

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


def refused(environ, *command):
    with pytest.raises(AssertionError) as failed:
        run(environ, "manage.py", *command)
    return str(failed.value)


def rewritten(archive: Path, target: Path, change) -> Path:
    """Copy an archive, with its members changed."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        members = {member.name: old.extractfile(member).read() for member in old.getmembers()}
        change(members)
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
    return target


def test_a_restore_checks_everything_first_and_refuses_without_a_change(tmp_path):
    archive = tmp_path / "one.tar.gz"
    with databases(tmp_path, "first", "second") as (first, second):
        drill(first, "prepare", "4")
        notes = Path(first["FINALCHECK_DATA"]) / "notes.txt"
        notes.write_text("kept")
        run(first, "manage.py", "backup", str(archive))
        assert archive.stat().st_mode & 0o777 == 0o600
        assert "exists" in refused(first, "backup", str(archive))
        before = drill(first, "facts")

        def damage(members):
            name = next(name for name in members if name.startswith("database"))
            members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])

        def age(members):
            manifest = json.loads(members["manifest.json"])
            manifest["migrations"].append("course.9999_later")
            members["manifest.json"] = json.dumps(manifest).encode()

        def swap(members):
            manifest = json.loads(members["manifest.json"])
            manifest["database"] = "oracle"
            members["manifest.json"] = json.dumps(manifest).encode()

        def smuggle(members):
            members["data/extra.txt"] = b"x"

        for change, says in [
            (damage, "checksum"), (age, "course.9999_later"), (swap, "oracle"), (smuggle, "data/extra.txt"),
        ]:  # fmt: skip
            bad = rewritten(archive, tmp_path / f"{change.__name__}.tar.gz", change)
            assert says in refused(second, "restore", str(bad))
        half = tmp_path / "half.tar.gz"
        half.write_bytes(archive.read_bytes()[:-100])
        assert "not whole" in refused(second, "restore", str(half))
        assert "--replace" in refused(first, "restore", str(archive))
        assert drill(first, "facts") == before
        run(second, "manage.py", "restore", str(archive))
        assert drill(second, "facts") == before
        assert (Path(second["FINALCHECK_DATA"]) / "notes.txt").read_text() == "kept"
        drill(second, "settle", "120")
        run(second, "manage.py", "restore", "--replace", str(archive))
        assert drill(second, "facts") == before


def test_a_database_in_use_is_not_replaced(tmp_path):
    archive = tmp_path / "one.tar.gz"
    with databases(tmp_path, "first") as (first,):
        drill(first, "prepare", "1")
        run(first, "manage.py", "backup", str(archive))
        holder = (
            "import fcntl, os, sys; lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); fcntl.flock(lock, fcntl.LOCK_EX); "
            "print('held', flush=True); sys.stdin.read()"
        )
        command = [sys.executable, "-c", holder, str(Path(first["FINALCHECK_DATA"]) / "up.lock")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
            try:
                assert process.stdout.readline() == "held\n"
                assert "Stop every process" in refused(first, "restore", "--replace", str(archive))
            finally:
                process.kill()
