"""Examine this host: what works, and what an operator must do about the rest."""

import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, InterfaceError, NotSupportedError, connection
from django.db.migrations.executor import MigrationExecutor

from course.selectors import courses
from foundation.fast.lazy import lazily
from foundation.fast.pieces import PIECES
from foundation.widening import narrow_columns
from labs.workbench import silent_labs
from operations.services.readiness import Readiness, TimeSource, impatient_redis, readiness

if TYPE_CHECKING:
    import redis

    from authoring import services as authoring
    from labs.services import enrolling
else:
    authoring = lazily("authoring.services")  # 6 MB, which workers and the sweeper never need
    redis = lazily("redis")
    enrolling = lazily("labs.services.enrolling")  # with cryptography 7 MB, which only the operator's commands need

PYTHONS = ((3, 12), (3, 13))
EXPIRES_SOON = timedelta(days=30)
DURABLE = ["fsync", "full_page_writes", "synchronous_commit"]  # in PostgreSQL, so that a power cut takes nothing back
# What to do about a part of /readyz that has a fault.
ADVICE = {
    "database": "Start the database server, let it write, and check FINALCHECK_DATABASE_URL.",
    "redis": "Start Redis, and check FINALCHECK_REDIS_URL. Answers are saved without it, and labs do not run.",
    "broker": "Start Finalcheck once, which makes the folder, or give Redis more memory. Labs do not run without it.",
    "mail": "Check FINALCHECK_EMAIL_URL, and that this host may connect to the mail server.",
    "disk": "Make room, or let the user that runs Finalcheck write there. FINALCHECK_DISK_FREE_MB is the limit.",
    "clock": "Let chrony or systemd-timesyncd set the clock of this host. Deadlines depend on it.",
    "workers": "Start Finalcheck on that host: manage.py up. If it runs, read log/finalcheck.log in the data folder.",
    "runners": "Read what the runner says, correct it, and start the runner again (docs/runner.md).",
    "sweeper": "Start Finalcheck: manage.py up. If it runs, read log/finalcheck.log in the data folder.",
}

EVICTION_ADVICE = "Set maxmemory 1gb and maxmemory-policy volatile-lru in redis.conf (docs/operations.md#operation)."
UNEXAMINED_ADVICE = (
    "Put right what the other findings name. If this stays, report it with what manage.py --version prints."
)
EXPOSED_ADVICE = (
    "Ask its instructors to show the answers when the exam has closed or is released, or to admit invited people only. "
    "Or set FINALCHECK_SIGN_UP=0. If it is meant to be so, let the course say it "
    "(docs/course-format.md#keys-and-throwaway-accounts)."
)


@dataclass(frozen=True)
class Finding:
    """One thing that was examined. `advice` says what to do, and is "" if nothing must be done."""

    name: str
    says: str
    advice: str = ""


def examine_host(*, now: datetime, clock: TimeSource) -> list[Finding]:
    """Return what was found about each thing that an installation needs. Writes nothing but a file that it deletes."""
    return list(chain.from_iterable(examined(name, examine) for name, examine in examinations(now=now, clock=clock)))


def examinations(*, now: datetime, clock: TimeSource) -> Iterator[tuple[str, Callable[[], Iterable[Finding]]]]:
    """Yield what is examined, by the name of its findings. Without a database, what needs none."""
    yield from [("python", python_version), ("settings", settings_checked), ("static files", static_files)]
    problem = database_problem()
    if problem:
        yield "database", lambda: [Finding("database", problem, ADVICE["database"])]
    else:
        yield from [("database", database_version), ("database", unsafe_settings), ("migrations", migrations_applied)]
    yield "redis", redis_evictions
    yield "parts", lambda: parts_and_runners_found(now, clock)
    yield "certificates", lambda: certificates_found(now)
    if not problem:
        yield from [
            ("exams", lambda: exposed_exams_found(now)),
            ("labs", silent_labs_found),
            ("dates", undated_items_found),
        ]


def examined(name: str, examine: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield the findings, and one instead of a traceback where it could not be examined."""
    try:
        yield from examine()
    except Exception as error:  # noqa: BLE001 - whatever is broken on this host, the rest is still worth knowing
        says = f"It could not be examined ({type(error).__name__}: {' '.join(str(error).split())})."
        yield Finding(name, says, UNEXAMINED_ADVICE)


def redis_evictions() -> Iterator[Finding]:
    """Warn of a Redis that refuses every write once it is full, and of one that may grow until the kernel ends a program."""
    if not settings.REDIS_URL:
        return
    try:
        with impatient_redis() as server:
            memory = server.info("memory")
    except redis.RedisError:
        return  # the part of /readyz says that it does not answer
    policy, most = memory.get("maxmemory_policy", ""), int(memory.get("maxmemory", 0))
    if not most:
        says = "Its memory has no limit. It can grow until the kernel ends a program."
        yield Finding("redis", says, EVICTION_ADVICE)
    elif policy == "noeviction":
        says = f"It has at most {most >> 20} MB and the policy noeviction. Once that is full, it refuses every write, and labs stop."
        yield Finding("redis", says, EVICTION_ADVICE)


def parts_and_runners_found(now: datetime, clock: TimeSource) -> Iterator[Finding]:
    state = readiness(now, clock)
    yield from parts_found(state)
    yield from runners_found(state)


def python_version() -> Iterator[Finding]:
    here = sys.version_info[:2]
    says = f"Python {platform.python_version()} runs."
    yield Finding("python", says, "" if here in PYTHONS else "Install Python 3.12 or 3.13, then: make setup")


def settings_checked() -> Iterator[Finding]:
    """Run Django's checks, with those of a production host if this is one. A wrong variable stops every program before.

    No check asks the database, which may be away.
    """
    messages = run_checks(include_deployment_checks=bool(settings.PUBLIC_URL), databases=[])
    problems = [
        message for message in messages if not message.is_silenced() and (message.level >= ERROR or settings.PUBLIC_URL)
    ]
    for message in problems:
        yield Finding("settings", str(message.msg), str(message.hint or "Correct this setting (docs/operations.md)."))
    if not problems:
        kind = "a production host" if settings.PUBLIC_URL else "a demo: FINALCHECK_PUBLIC_URL is not set"
        yield Finding("settings", f"The settings fit together. This is {kind}.")
    if off := [name for name in PIECES if name not in settings.FAST]:
        says = f"FINALCHECK_FAST switches off: {', '.join(off)}. Pages are the same, and take longer."
        yield Finding("settings", says, "Delete FINALCHECK_FAST once you have found what you look for.")


def database_problem() -> str:
    """Return why the database cannot be reached, or ""."""
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError) as error:
        return f"{connection.display_name} cannot be reached ({type(error).__name__})."
    return ""


def database_version() -> Iterator[Finding]:
    try:
        connection.check_database_version_supported()
    except NotSupportedError as error:
        yield Finding("database", str(error), "Upgrade the database server, after a backup.")
        return
    version = ".".join(map(str, connection.get_database_version()))
    yield Finding("database", f"{connection.display_name} {version} answers.")


def unsafe_settings() -> Iterator[Finding]:
    """Name the settings of a PostgreSQL server that let a crash take back what was confirmed (I10). SQLite's are ours."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        query = "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off' ORDER BY name"
        cursor.execute(query, [DURABLE])
        off = [f"{name} = off" for (name,) in cursor.fetchall()]
    if off:
        says = f"The server has {', '.join(off)}. If it loses power, answers that were confirmed can be lost."
        yield Finding("database", says, "Set this to on in postgresql.conf, and restart the database server.")


def waiting_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrations_applied() -> Iterator[Finding]:
    waiting = waiting_migrations()
    if waiting:
        more = f", and {len(waiting) - 1} after it" if waiting[1:] else ""
        yield Finding("migrations", f"{waiting[0]} is not applied{more}.", "Back up, then: manage.py migrate")
    elif narrow := [f"{table}.{field.column}" for table, field in narrow_columns()]:
        yield Finding("migrations", f"{' and '.join(narrow)} hold too few digits.", "Type: manage.py prepare")
    else:
        yield Finding("migrations", "Every migration is applied.")


def static_files() -> Iterator[Finding]:
    if settings.WHITENOISE_USE_FINDERS:
        yield Finding("static files", "They are served from the source, because FINALCHECK_DEBUG is set.")
        return
    collected: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    wanted = {name.replace("\\", "/") for finder in get_finders() for name, _storage in finder.list([])}
    missing = sorted(wanted - collected.keys())
    if missing:
        more = f", and {len(missing) - 1} more" if missing[1:] else ""
        says = f"{missing[0]} is not collected{more}. Pages that need such files cannot be shown."
        yield Finding("static files", says, "Type: manage.py collectstatic")
    else:
        yield Finding("static files", f"All {len(wanted)} files are collected.")


def parts_found(state: Readiness) -> Iterator[Finding]:
    """Yield a sentence on each part of /readyz, except the database, which is examined earlier."""
    for part in state.parts:
        if part.name == "database":
            continue
        says = f"{part.says.removesuffix('.')}." if part.says else "It works." if part.state == "works" else ""
        if part.state == "not used":
            says = f"It is not used{f': {part.says}' if part.says else ''}."
        elif part.state == "unknown":
            says = f"It cannot be told{f': {part.says}' if part.says else ', because the tables cannot be read'}."
        yield Finding(part.name, says, ADVICE[part.name] if part.state == "fault" else "")


def runners_found(state: Readiness) -> Iterator[Finding]:
    """Say which sandbox runs code, and which versions of TensorFlow it offers, as workers and runner hosts report it."""
    if state.labs is None:
        return
    for name, worker in state.labs.workers.items():
        if worker.get("tier"):
            offered = " and ".join(worker.get("runtimes") or ("unknown",))
            yield Finding("runner", f"{name} runs code in the sandbox {worker['tier']}, with the runtimes {offered}.")
            yield from gpu_found(name, str(worker.get("gpu", "off")))
    for name, host in state.labs.hosts.items():
        if host.is_ready:
            yield Finding("runner", f"The host {name} offers the runtimes {' and '.join(host.runtimes) or 'unknown'}.")


def gpu_found(name: str, says: str) -> Iterator[Finding]:
    """Say whether code may use the runner's GPU, if the operator asked for that."""
    if says.startswith("offered: "):
        yield Finding("gpu", f"{name} lets code use the GPU ({says.removeprefix('offered: ')}).")
    elif says != "off":
        advice = "Correct that (docs/runner.md#gpu), or set FINALCHECK_RUNNER_GPU=0; labs run without it."
        yield Finding("gpu", f"{name}: {says}", advice)


def certificates_found(now: datetime) -> Iterator[Finding]:
    """Name certificates of runner hosts that are missing, have expired or soon will."""
    if not settings.RUNNERS:
        return
    keys = Path(settings.DATA) / "runners"
    names = list(settings.RUNNERS)
    expiring = enrolling.expiring_certificates(keys=keys, names=names, before=now + EXPIRES_SOON)
    for path, until in expiring.items():
        says = f"{path} is missing." if until is None else f"{path} is valid until {until:%Y-%m-%d} only."
        host = path.parent.name if path.parent != keys else names[0]
        yield Finding("certificates", says, f"Type: manage.py runner enroll {host}, and follow its instructions.")
    if not expiring:
        yield Finding("certificates", f"Those of {', '.join(names)} are valid for more than {EXPIRES_SOON.days} days.")


def exposed_exams_found(now: datetime) -> Iterator[Finding]:
    """Name exams that count and whose keys anybody could read by throwaway accounts, course by course."""
    if waiting_migrations():
        return  # the tables cannot be read yet
    for course in courses():
        exams = authoring.exams_by_exposure(course=course, joins_by=course.joins_by, now=now)
        if exams["chosen"]:
            titles = authoring.in_quotes(exams["chosen"])
            says = f"In {course.slug}, anyone can read the correct answers of {titles} before others sit it."
            yield Finding("exams", f"{says} The course says so itself.")
        if exams["exposed"]:
            titles = authoring.in_quotes(exams["exposed"])
            says = f"In {course.slug}, anyone can sign up, join and read the correct answers of {titles} before others sit it."
            yield Finding("exams", f"{says} Grades and records stay as they are.", EXPOSED_ADVICE)


def silent_labs_found() -> Iterator[Finding]:
    """Name labs that count and do not say when learners may open their model solutions, course by course (D37)."""
    if waiting_migrations():
        return  # the tables cannot be read yet
    for course in courses():
        titles = authoring.in_quotes(lab.title for lab in silent_labs(course.pk))
        if titles:
            says = (
                f"In {course.slug}, these labs count toward the grade and do not say when learners may open their model"
            )
            yield Finding(
                "labs", f"{says} solutions: {titles}. Each stays closed until its lab has closed for the learner."
            )


def undated_items_found() -> Iterator[Finding]:
    """Name items that have a due date for some groups of a course only, course by course (D39)."""
    if waiting_migrations():
        return  # the tables cannot be read yet
    for course in courses():
        for item in authoring.items_without_due(course.pk):
            says = f"In {course.slug}, “{item.title}” is due for some groups, but never for {', '.join(item.groups)}."
            yield Finding("dates", f"{says} Learners of these groups cannot be late there.")
