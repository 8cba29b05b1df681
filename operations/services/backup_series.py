"""A series of archives in one folder: each has the time in its name, and the oldest ones are deleted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connections

from operations.refusals import Refusal
from operations.services.backup import BackupFacts, write_backup

NAME = "finalcheck-%Y%m%dT%H%M%SZ.tar.gz"
AGAIN = timedelta(hours=1)  # between two attempts if one fails
OURS = re.compile(r"finalcheck-\d{8}T\d{6}Z\.tar\.gz")


@dataclass(frozen=True)
class Written:
    """The archive that was written, what it holds, and the older ones that were deleted for it."""

    path: Path
    holds: BackupFacts
    deleted: list[Path]


def archives_in(folder: Path) -> list[Path]:
    """Return the archives of the series, the oldest first. Files with other names are not of the series."""
    return sorted(file for file in folder.iterdir() if OURS.fullmatch(file.name))


def write_next_backup(*, folder: Path, keep: int, now: datetime) -> Written:
    """Write the next archive, and then delete all but the newest `keep`. If writing fails, nothing is deleted.

    Raises Refusal no_backup_folder and those of `write_backup`.
    """
    if not folder.is_dir():
        raise Refusal("no_backup_folder", folder=str(folder))
    path = folder / now.astimezone(UTC).strftime(NAME)
    holds = write_backup(path=path, now=now)
    deleted = [file for file in archives_in(folder)[:-keep] if file != path]
    for file in deleted:
        file.unlink(missing_ok=True)
    return Written(path, holds, deleted)


def next_is_due_at(folder: Path, every: timedelta, now: datetime) -> datetime:
    """Return when the next archive is due: `every` after the newest one, so that a restart adds none; now without one."""
    if not folder.is_dir() or not (archives := archives_in(folder)):
        return now
    newest = datetime.strptime(archives[-1].name, NAME).replace(tzinfo=UTC)
    return max(now, min(newest, now) + every)


def write_for_ever(
    *,
    folder: Path,
    keep: int,
    every: timedelta,
    clock: Callable[[], datetime],
    wait: Callable[[float], None],
    say: Callable[[Written | Exception], None],
) -> None:
    """Write an archive whenever one is due. If that fails, `say` gets the reason, and the next attempt follows in an hour."""
    while True:
        due = next_is_due_at(folder, every, clock())
        wait((due - clock()).total_seconds())
        try:
            say(write_next_backup(folder=folder, keep=keep, now=clock()))
            failure = None
        except (Refusal, DatabaseError, OSError) as error:
            say(failure := error)
        connections.close_all()  # one that waits for a day may be lost by then, and Django would use it again
        if failure is not None:
            wait(min(every, AGAIN).total_seconds())
