"""I10: acknowledged saves survive when the process, or the database, is killed in the middle of saving."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.clusters import Cluster, new_cluster

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SAVES = 500


def run(environ, *command, **options):
    return subprocess.run([sys.executable, "-m", "tests.durability.saver", *command], cwd=ROOT, env=environ, **options)


def save_until(environ, enough, stop):
    """Return the last acknowledged revision by learner, after `stop(process)` was called in mid-flight."""
    command = [sys.executable, "-m", "tests.durability.saver", "save"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    acknowledged, count = {}, 0
    for line in process.stdout:
        learner, revision = line.split()
        acknowledged[learner], count = int(revision), count + 1
        if count == enough:
            stop(process)
    process.stdout.close()
    process.wait(timeout=120)
    return acknowledged, count


def stored(environ):
    shown = run(environ, "show", check=True, capture_output=True, text=True).stdout
    return {learner: int(revision) for learner, revision in (line.split() for line in shown.splitlines())}


def environ_with(database, folder):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "FINALCHECK_DATA": str(folder)}
    return kept | own | {"FINALCHECK_DATABASE_URL": database}


def report(name, saves, lost):
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"durable-{name}.json").write_text(json.dumps({"acknowledged saves": saves, "lost": lost}))


def lost_saves(acknowledged, found):
    return sum(max(revision - found.get(learner, 0), 0) for learner, revision in acknowledged.items())


def test_on_sqlite_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path):
    environ = environ_with(f"sqlite:///{tmp_path / 'data.sqlite3'}", tmp_path)
    run(environ, "prepare", check=True)
    acknowledged, saves = save_until(environ, SAVES, lambda process: process.send_signal(signal.SIGKILL))
    lost = lost_saves(acknowledged, stored(environ))
    report("sqlite-process-killed", saves, lost)
    assert (len(acknowledged), lost) == (8, 0)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with new_cluster() as found:
        yield found


def test_on_postgresql_nothing_acknowledged_is_lost_when_the_database_is_stopped_at_once(cluster, tmp_path):
    environ = environ_with(cluster.url, tmp_path)
    run(environ, "prepare", check=True)
    acknowledged, saves = save_until(environ, SAVES, lambda _: cluster.stop("immediate"))
    cluster.start()
    lost = lost_saves(acknowledged, stored(environ))
    report("postgresql-stopped-at-once", saves, lost)
    assert (len(acknowledged), lost) == (8, 0)
