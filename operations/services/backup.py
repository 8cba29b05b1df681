"""One archive that brings a whole installation back: database, course folders, keys and other files (docs/operations.md)."""

import fcntl
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from course.selectors import course_folders
from operations.refusals import Refusal
from operations.services.database_copies import (
    CHECKSUM,
    CHECKSUM_OF_FORMAT_1,
    FILES,
    POSTGRESQL,
    SQLITE,
    Fingerprint,
    copy_database,
    database_files,
    has_other_users,
    is_empty,
    refuse_old_program,
    replace_database,
    sqlite_fingerprint,
)

FORMAT = 2
READABLE = {1: CHECKSUM_OF_FORMAT_1, 2: CHECKSUM}  # how PostgreSQL computes the checksums of tables, by format
LOCK = "up.lock"  # in the data folder; the supervisor holds it
MANIFEST, KEYS = "manifest.json", "keys.json"
# The parts of the data folder that processes write anew, and those that the archive holds elsewhere.
NOT_SAVED = {"queue", "log", "static", "metrics", "streams", "receipts", "restored", LOCK, "runner.sock"}
UNPACKED = ".restore-"  # the beginning of the name of a folder that a restore empties an archive into
PIECE = 1 << 20


@dataclass(frozen=True)
class BackupFacts:
    """What an archive holds: rows of all tables, and files."""

    made_at: datetime
    rows: int
    files: int


def write_backup(*, path: Path, now: datetime) -> BackupFacts:
    """Write an archive that only its owner can read. Learners can keep working while it runs.

    It gets its name when it is whole, so an interrupted backup is never taken for one. Raises Refusal
    backup_exists, backup_inside_data.
    """
    if path.exists():
        raise Refusal("backup_exists", file=str(path))
    if path.resolve().is_relative_to(Path(settings.DATA).resolve()):
        raise Refusal("backup_inside_data", folder=str(settings.DATA))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as made:
        folder = Path(made)
        copy, partial = copy_database(folder), folder / "archive"
        (folder / KEYS).write_text(json.dumps({"FINALCHECK_SECRET_KEY": settings.SECRET_KEY}))
        manifest = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "database": connection.vendor,
            "migrations": applied_migrations(),
            "tables": copy.fingerprint,
        }
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
                own = [(copy.path.name, copy.path), (KEYS, folder / KEYS)]
                digests = add_files(archive, [*own, *saved_files()], folder / "file")
                (folder / MANIFEST).write_text(json.dumps({**manifest, "files": digests}, indent=1))
                archive.add(folder / MANIFEST, arcname=MANIFEST, recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        if path.exists():  # another backup wrote it while this one ran
            raise Refusal("backup_exists", file=str(path))
        partial.rename(path)
    return BackupFacts(now, sum(count for count, _digest in copy.fingerprint.values()), len(digests))


def add_files(archive: tarfile.TarFile, files: Iterable[tuple[str, Path]], copy: Path) -> dict[str, str]:
    """Add files by name, and return the digests of exactly what was added.

    A file may change or vanish at any moment, so each is copied first. One that has vanished is left out.
    """
    digests = {}
    for name, file in files:
        try:
            shutil.copy2(file, copy)
        except FileNotFoundError:
            continue
        digests[name] = digest_of(copy)
        archive.add(copy, arcname=name, recursive=False)
        copy.unlink()
    return digests


def saved_files() -> Iterator[tuple[str, Path]]:
    """Yield the name in the archive and the path of each file beside the database: course folders, and data such as MovieLens."""
    for slug, folder in course_folders():
        for file in plain_files(Path(folder)):
            yield f"courses/{slug}/{file.relative_to(folder).as_posix()}", file
    data, copied_otherwise = Path(settings.DATA), database_files()
    for file in plain_files(data):
        inside = file.relative_to(data)
        is_ours = inside.parts[0] in NOT_SAVED or inside.parts[0].startswith(UNPACKED)
        if not is_ours and file.resolve() not in copied_otherwise:
            yield f"data/{inside.as_posix()}", file


def plain_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, in order; no links and no sockets."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield file


def digest_of(file: Path) -> str:
    with file.open("rb") as content:
        digest = sha256()
        while piece := content.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def restore_backup(*, path: Path, replaces: bool) -> BackupFacts:
    """Check everything in an archive, then put it in place of the database and the files. Nothing changes before all is checked.

    Raises Refusal backup_unreadable, backup_damaged, backup_too_new, backup_of_other_database, program_missing,
    program_too_old, target_in_use, target_not_empty.
    """
    with supervisor_kept_out(), files_of_ours_only():
        refuse_target(replaces)
        # In the data folder, because the archive may be on another file system, or on one that is read-only.
        with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=UNPACKED) as unpacked:
            return put_back(path, Path(unpacked))


def put_back(path: Path, folder: Path) -> BackupFacts:
    """Unpack an archive into an empty folder, check it, and put it in place."""
    manifest = checked_manifest(unpack(path, folder), folder)
    refuse_unfit(manifest)
    tables: Fingerprint = {name: (count, digest) for name, (count, digest) in manifest["tables"].items()}
    database = folder / FILES[connection.vendor]
    if connection.vendor == SQLITE and sqlite_fingerprint(database) != tables:
        raise Refusal("backup_damaged", file=database.name)
    if connection.vendor == POSTGRESQL:
        refuse_old_program(database)
    restored = replace_database(database, checksum=READABLE[manifest["format"]])
    if restored != tables:
        wrong = sorted(name for name in {*restored, *tables} if restored.get(name) != tables.get(name))
        raise Refusal("restored_otherwise", tables=", ".join(wrong))
    restore_files(manifest["files"], folder)
    rows = sum(count for count, _digest in tables.values())
    return BackupFacts(datetime.fromisoformat(manifest["made_at"]), rows, len(manifest["files"]))


def refuse_target(replaces: bool) -> None:
    if has_other_users():
        raise Refusal("target_in_use")
    if not replaces and not is_empty():
        raise Refusal("target_not_empty")


@contextmanager
def supervisor_kept_out() -> Iterator[None]:
    """Keep `up` from starting on the data folder inside the block. Raises Refusal target_in_use if it already runs."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    lock = os.open(Path(settings.DATA) / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        refuse_second(lock)
        yield
    finally:
        os.close(lock)


@contextmanager
def files_of_ours_only() -> Iterator[None]:
    """Make new files inside the block readable by their owner only, as `up` does, and as the archive has them."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def refuse_second(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refusal("target_in_use") from None


def unpack(path: Path, folder: Path) -> list[str]:
    """Unpack an archive, and return its names. Raises Refusal backup_unreadable."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            names = archive.getnames()
            archive.extractall(folder, filter="data")  # refuses links out of the folder and absolute names
    except (OSError, EOFError, tarfile.TarError):
        raise Refusal("backup_unreadable", file=str(path)) from None
    return names


def checked_manifest(names: list[str], folder: Path) -> dict[str, Any]:
    """Return the manifest, after comparing the checksum of every file. Raises Refusal backup_unreadable, backup_damaged."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        files: Mapping[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError):
        raise Refusal("backup_unreadable", file=MANIFEST) from None
    for name in sorted({*names, *files} - {MANIFEST}):
        file = folder / PurePosixPath(name)
        if name not in files or not file.is_file() or digest_of(file) != files[name]:
            raise Refusal("backup_damaged", file=name)
    return manifest


def refuse_unfit(manifest: Mapping[str, Any]) -> None:
    """Refuse an archive of another database, or of a newer version of Finalcheck."""
    if manifest["database"] != connection.vendor:
        raise Refusal("backup_of_other_database", found=manifest["database"], here=connection.vendor)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    if manifest["format"] not in READABLE:
        raise Refusal("backup_too_new", migration="format")
    if unknown := set(manifest["migrations"]) - known:
        raise Refusal("backup_too_new", migration=min(unknown))


def restore_files(files: Mapping[str, str], folder: Path) -> None:
    """Put files of the data folder back, and course folders into restored/ there. Existing files of other content stay."""
    data = Path(settings.DATA)
    for name in files:
        top, _slash, rest = name.partition("/")
        if top not in ("data", "courses"):
            continue
        target = data / rest if top == "data" else data / "restored" / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder / name, target)


def has_other_key(path: Path) -> bool:
    """Return whether an archive was made with another FINALCHECK_SECRET_KEY than the one set here."""
    with tarfile.open(path, "r:gz") as archive:
        kept = archive.extractfile(KEYS)
        return kept is None or json.load(kept)["FINALCHECK_SECRET_KEY"] != settings.SECRET_KEY
