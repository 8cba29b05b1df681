"""Preparations before the programs start. Every step can be repeated, and then does nothing."""

import fcntl
import hashlib
import os
import re
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import django
import whitenoise
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from accounts.services import renew_factors
from authoring.services import refresh_searches
from config import assets
from config.sqlite.schema import create_tables
from foundation.fast.pieces import ON
from foundation.mailers import sends_mail
from foundation.widening import widen_columns
from operations.services import ensure_demo_accounts

MOST_TRIES, BETWEEN_TRIES = 30, 2.0  # seconds: requests go on between two tries
# Waiting does not help with these: a wrong name, password, address or setting of TLS.
PERMANENT = re.compile(
    r"authentication failed|no password supplied|(role|database) \".*\" (does not exist|is not permitted)|no pg_hba.conf entry"
    r"|does not support SSL|invalid sslmode|invalid port|root certificate file|certificate verify failed|server certificate for"
)
WAIT_FOR_DATABASE = 600.0  # seconds: after a power failure, PostgreSQL may need minutes to recover
OURS_ALONE = (
    0o077  # the mask for creating logs and data, here and in all programs except the runner, which sets its own
)


def lock_data() -> None:
    """Allow one `up` per data folder, because a second one would sweep and run labs twice. Held until the process ends."""
    lock = os.open(settings.DATA / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError(
            f"Finalcheck already runs on the data in {settings.DATA}. Stop it first, or use another folder:\n"
            "    FINALCHECK_DATA=var2 make run PORT=8001"
        ) from None
    os.set_inheritable(lock, True)  # the supervisor that replaces this process keeps holding it


def close_to_others() -> None:
    """Restrict database and logs that an earlier version created to this user."""
    files = list(settings.DATA.glob("log/*"))
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        files += database.parent.glob(f"{database.name}*")
    for file in files:
        if file.is_file() and file.stat().st_uid == os.getuid():
            file.chmod(file.stat().st_mode & 0o700)


def wait_for_database(say: Callable[[str], object]) -> None:
    """Wait until PostgreSQL accepts connections: when a machine boots, it may be ready later than we are.

    Return after WAIT_FOR_DATABASE in any case, and at once if waiting cannot help. The first step that needs the database
    then says what is wrong.
    """
    give_up_at, printed = time.monotonic() + WAIT_FOR_DATABASE, ""
    while (problem := connection_problem()) and not PERMANENT.search(problem) and time.monotonic() < give_up_at:
        if problem != printed:
            say(f"Waiting for the database, at most {WAIT_FOR_DATABASE / 60:g} minutes: {problem}")
        printed = problem
        time.sleep(BETWEEN_TRIES)


def connection_problem() -> str:
    """Return why PostgreSQL accepts no connection, or "" if it does. SQLite has nothing to wait for."""
    if connection.vendor == "sqlite":
        return ""
    try:
        connection.ensure_connection()
    except DatabaseError as problem:
        return str(problem).strip()
    connection.close()  # the process that collects the static files must not inherit it
    return ""


def make_database() -> None:
    """Create the tables of a new database, and migrate an old one."""
    if ON.schema_script and connection.vendor == "sqlite" and not connection.introspection.table_names():
        create_tables(connection.connection)
    migrate()


def migrate() -> None:
    """Migrate the database, all of it. If a table is locked, for example by a backup, try again until it is free."""
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            call_command("migrate", interactive=False, verbosity=0)
            widen_columns()
            return
        except OperationalError as problem:
            if not tries_left or not isinstance(problem.__cause__, LockNotAvailable):
                raise
        time.sleep(BETWEEN_TRIES)


def collect_static() -> None:
    """Collect the static files, unless neither they nor what was collected last have changed since then."""
    stamp = settings.DATA / "static.collected"
    if stamp.is_file() and stamp.read_text() == static_state():
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(static_state())


def wait_for(collecting: BaseProcess) -> None:
    collecting.join()
    if collecting.exitcode:
        raise CommandError("The static files cannot be collected. The lines above say why.")


def static_state() -> str:
    """Return a digest that changes with each static file, with the code that processes them, and when they are collected."""
    files = [storage.path(path) for finder in get_finders() for path, storage in finder.list([])]
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    code = (assets.__file__, django.__file__, whitenoise.__file__)
    states = [(str(file), *time_and_size(Path(file))) for file in (*files, *code, manifest)]
    return hashlib.sha256(repr(sorted(states)).encode()).hexdigest()


def time_and_size(file: Path) -> tuple[int, int]:
    """Return the time of a file's last change and its size, or zeros if it is missing."""
    status = file.stat() if file.is_file() else None
    return (status.st_mtime_ns, status.st_size) if status else (0, 0)


def folders_in(content: Path) -> list[Path]:
    """Return the course folders directly under a folder, by name. Leaves out samples, which are in deeper folders."""
    return sorted(head.parent for head in content.glob("*/course.yaml"))


def load_courses() -> None:
    """Load every course under the content folder. If a folder has mistakes, print them, keep the earlier course and go on."""
    for folder in folders_in(settings.CONTENT):
        try:
            call_command("course", "load", str(folder), "--if-safe")
        except CommandError as problem:
            OutputWrapper(sys.stderr).write(f"{problem} The course stays as it was.")


def index_courses() -> None:
    """Bring the search up to date after an upgrade."""
    refresh_searches()


def encrypt_second_factors() -> None:
    """Encrypt what an earlier version stored in clear, and what an old key encrypted."""
    renew_factors()


def make_demo_accounts() -> None:
    ensure_demo_accounts(now=timezone.now())


def warning_without_mail() -> str:
    """Return what to say if people may sign up and this host cannot send them mail, or ""."""
    if not settings.SIGN_UP or sends_mail():
        return ""
    return (
        "! FINALCHECK_EMAIL_URL names no mail server. People who sign up cannot confirm an address, reset a password or "
        "get announcements. Set it, or close sign-up with FINALCHECK_SIGN_UP=0."
    )


def take_steps(say: Callable[[str], object], *, is_demo: bool) -> None:
    """Take every step. Raises CommandError if the database does not answer."""
    try:
        for name, step in steps(is_demo=is_demo):
            say(f"· {name}")
            step()
        if not is_demo and (warning := warning_without_mail()):
            say(warning)
    except OperationalError as problem:
        raise CommandError(
            f"The database does not answer: {problem}. Nothing was changed. "
            "Check FINALCHECK_DATABASE_URL and that the database is running, then start again."
        ) from None


def steps(*, is_demo: bool) -> list[tuple[str, Callable[[], None]]]:
    demo = [("demo accounts", make_demo_accounts)] if is_demo else []
    # beside the other steps, and started before they use the database
    collecting = get_context("fork").Process(target=collect_static)
    return [
        ("pages' files", collecting.start),
        ("database", make_database),
        ("courses", load_courses),
        ("search", index_courses),
        ("second factors", encrypt_second_factors),
        *demo,
        ("the rest of the pages' files", lambda: wait_for(collecting)),
    ]
