"""I10: acknowledged saves survive when the process, or the database, is killed in the middle of saving."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SAVES = 500
BIN = Path(subprocess.check_output([ROOT / "ops/with-postgres", "--find"], text=True).strip())


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
def cluster():
    """Yield (url, control) of a PostgreSQL with all durability settings of a real one."""
    folder = Path(tempfile.mkdtemp(prefix="finalcheck-durable-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def control(*command):
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder, "check": True}
        options = ["--options", f"-p {port} -k {folder}"] if command[0] == "start" else []
        arguments = ["--pgdata", "data", "--log", "log", "--wait", *options, *command]
        subprocess.run([*as_owner, str(BIN / "pg_ctl"), *arguments], **quiet)

    initdb = [str(BIN / "initdb"), "--pgdata", "data", "--username", "finalcheck", "--auth", "trust"]
    subprocess.run([*as_owner, *initdb], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    control("start")
    create = [str(BIN / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "finalcheck", "finalcheck"]
    subprocess.run(create, check=True)
    yield f"postgres://finalcheck@127.0.0.1:{port}/finalcheck", control
    control("stop", "--mode", "immediate")
    shutil.rmtree(folder)


def test_on_postgresql_nothing_acknowledged_is_lost_when_the_database_is_stopped_at_once(cluster, tmp_path):
    url, control = cluster
    environ = environ_with(url, tmp_path)
    run(environ, "prepare", check=True)
    acknowledged, saves = save_until(environ, SAVES, lambda _: control("stop", "--mode", "immediate"))
    control("start")
    lost = lost_saves(acknowledged, stored(environ))
    report("postgresql-stopped-at-once", saves, lost)
    assert (len(acknowledged), lost) == (8, 0)
