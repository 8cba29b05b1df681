"""What a restore checks and refuses, each in separate programs, which take long to start."""

import io
import json
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.rehearsal import ROOT, databases, drill, environ_of, run


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


def test_a_restore_checks_everything_first_and_refuses_without_a_change(tmp_path, migrated):
    archive = tmp_path / "one.tar.gz"
    with databases(tmp_path, migrated, "first", "second") as (first, second):
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


def test_a_database_in_use_is_not_replaced(tmp_path, migrated):
    archive = tmp_path / "one.tar.gz"
    with databases(tmp_path, migrated, "first") as (first,):
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


def test_an_archive_is_restored_from_a_folder_that_cannot_be_written(tmp_path, migrated):
    archive = tmp_path / "one.tar.gz"
    with databases(tmp_path, migrated, "first", "second") as (first, second):
        drill(first, "prepare", "1")
        (Path(first["FINALCHECK_DATA"]) / "notes.txt").write_text("kept")
        run(first, "manage.py", "backup", str(archive))
        command = [sys.executable, "manage.py", "restore", "/proc/self/fd/0"]  # nobody can make a file beside it
        with archive.open("rb") as content:
            done = subprocess.run(
                command, cwd=ROOT, env=second, stdin=content, capture_output=True, text=True, check=False
            )
        assert (done.returncode, done.stderr) == (0, "")
        assert (Path(second["FINALCHECK_DATA"]) / "notes.txt").read_text() == "kept"
        assert list(Path(second["FINALCHECK_DATA"]).glob(".restore-*")) == []


def on_sqlite(folder: Path) -> tuple[dict[str, str], Path]:
    """Return the environment of an SQLite database, and where it is."""
    return environ_of(folder / "own", f"sqlite:///{folder / 'own.sqlite3'}"), folder / "own.sqlite3"


def test_a_damaged_database_is_replaced_only_on_request(tmp_path):
    archive, (own, database) = tmp_path / "one.tar.gz", on_sqlite(tmp_path)
    drill(own, "prepare", "1")
    before = drill(own, "facts")
    run(own, "manage.py", "backup", str(archive))
    database.write_bytes(b"no database at all" * 1000)
    assert "--replace" in refused(own, "restore", str(archive))
    database.unlink()
    run(own, "manage.py", "restore", "--replace", str(archive))
    assert database.stat().st_mode & 0o777 == 0o600
    assert drill(own, "facts") == before


def test_an_sqlite_database_that_another_program_has_open_is_not_replaced(tmp_path):
    archive, (own, database) = tmp_path / "one.tar.gz", on_sqlite(tmp_path)
    drill(own, "prepare", "1")
    run(own, "manage.py", "backup", str(archive))
    with closing(sqlite3.connect(database)) as other:
        other.execute("SELECT count(*) FROM course_user").fetchone()
        assert "Stop every process" in refused(own, "restore", "--replace", str(archive))
    run(own, "manage.py", "restore", "--replace", str(archive))
