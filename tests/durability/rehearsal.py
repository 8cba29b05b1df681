"""One drill: back up under load and in mid-exam, restore into an empty database, and compare."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent


WITH_TABLES = ("first", "busy")  # to migrate takes ten seconds; the other databases are restored into


@contextmanager
def databases(folder: Path, migrated: str, *names: str) -> Iterator[list[dict[str, str]]]:
    """Yield the environments of new databases, of the kind that the tests use.

    They have no rows. Those of `WITH_TABLES` are copies of `migrated`, this run's migrated database; others are empty.
    """
    url = os.environ.get("FINALCHECK_DATABASE_URL", "")
    if not url.startswith("postgres"):
        found = [environ_of(folder / name, f"sqlite:///{folder / name / 'data.sqlite3'}") for name in names]
        for name in set(names) & set(WITH_TABLES):
            shutil.copy(migrated, folder / name / "data.sqlite3")
        yield found
        return
    own = [f"drill_{os.getpid()}_{name}" for name in names]
    with psycopg.connect(url, autocommit=True) as server:
        for name, new in zip(names, own, strict=True):
            template = migrated if name in WITH_TABLES else "template1"
            parts = map(sql.Identifier, (new, template))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*parts))
        try:
            at = [urlunsplit(urlsplit(url)._replace(path=f"/{name}")) for name in own]
            yield [environ_of(folder / name, where) for name, where in zip(names, at, strict=True)]
        finally:
            for name in own:
                server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environ_of(data: Path, url: str) -> dict[str, str]:
    data.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(data), "FINALCHECK_DATABASE_URL": url}
    return kept | own


def run(environ: dict[str, str], *command: str) -> str:
    """Run a Python program of the checkout and return what it printed."""
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drill(environ: dict[str, str], *command: str) -> Any:
    said = run(environ, "-m", "tests.durability.drill", *command)
    return json.loads(said) if said else None


def saved_while(environ: dict[str, str], enough: int, act: Any) -> tuple[dict[str, int], dict[str, int]]:
    """Call `act` while learners save, and return what was acknowledged before and after it, by learner."""
    command = [sys.executable, "-m", "tests.durability.saver", "save"]
    acknowledged: dict[str, int] = {}
    before: dict[str, int] = {}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            for count, line in enumerate(process.stdout, 1):
                learner, revision = line.split()
                acknowledged[learner] = int(revision)
                if count == enough:
                    before = dict(acknowledged)
                    act()
                    break
        finally:
            process.kill()
        rest, _ = process.communicate()
    assert before, "the learners saved too little"
    for line in rest.splitlines():
        if line.count(" ") == 1:
            learner, revision = line.split()
            acknowledged[learner] = int(revision)
    return before, acknowledged


def rehearse(folder: Path, migrated: str, learners: int, saves: int) -> dict[str, Any]:
    """Take one backup under load and in mid-exam, restore it elsewhere, and return the figures."""
    archive = folder / "backup.tar.gz"
    with databases(folder, migrated, "first", "second", "busy", "copy") as (first, second, busy, copy):
        drill(first, "prepare", str(learners))
        before = drill(first, "facts")
        began = time.monotonic()
        run(first, "manage.py", "backup", str(archive))
        took = time.monotonic() - began
        said = run(second, "manage.py", "restore", str(archive))
        assert "Every checksum is right." in said
        after, settled = drill(second, "facts"), drill(second, "settle", "0")
        later = drill(second, "settle", "120")
        run(busy, "-m", "tests.durability.saver", "prepare")
        moving = folder / "moving.tar.gz"
        known, acknowledged = saved_while(busy, saves, lambda: run(busy, "manage.py", "backup", str(moving)))
        run(copy, "manage.py", "restore", str(moving))
        found = dict(line.split() for line in run(copy, "-m", "tests.durability.saver", "show").splitlines())
    return {
        "before": before,
        "after": after,
        "settled": settled,
        "later": later,
        "lost": sum(int(found.get(learner, 0)) < revision for learner, revision in known.items()),
        "invented": sum(int(revision) > acknowledged.get(learner, 0) + 1 for learner, revision in found.items()),
        "saves": sum(acknowledged.values()),
        "seconds": took,
        "size": archive.stat().st_size,
    }
