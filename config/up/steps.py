"""What must be so before the programs start. Every step may be repeated and then does nothing."""

import fcntl
import os
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from portal.services import ensure_demo_accounts

COURSE = "deep-learning-with-tensorflow"


def lock_data() -> None:
    """One `up` per data folder: a second one would sweep and run labs twice. Held until the process ends."""
    lock = os.open(settings.DATA / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Finalcheck already runs on the data in {settings.DATA}. Stop it first, or use another folder:\n"
            "    FINALCHECK_DATA=var2 make run PORT=8001"
        ) from None
    os.set_inheritable(lock, True)  # the supervisor that replaces this process goes on holding it


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def load_course() -> None:
    """A folder with mistakes, which are printed, keeps no one from the course as it was."""
    folder: Path = settings.CONTENT / COURSE
    try:
        call_command("course", "load", str(folder), "--if-safe")
    except CommandError as problem:
        OutputWrapper(sys.stderr).write(f"{problem} The course stays as it was.")


def make_demo_accounts() -> None:
    ensure_demo_accounts(now=timezone.now())


def steps(*, is_demo: bool) -> list[tuple[str, Callable[[], None]]]:
    demo = [("demo accounts", make_demo_accounts)] if is_demo else []
    return [
        ("database", migrate),
        ("pages' files", collect_static),
        ("course", load_course),
        *demo,
    ]
