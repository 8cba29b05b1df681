"""Go back to a point in time on PostgreSQL, by the steps of docs/operations.md."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bench.rig.ports import free_port
from tests.durability.rehearsal import drill, environ_of, run
from tests.labs.lives import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent.parent
BIN = Path(subprocess.check_output([ROOT / "ops/with-postgres", "--find"], text=True).strip())


class Cluster:
    """A PostgreSQL of our own that archives its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        is_root = os.geteuid() == 0
        self.owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []
        self.port = free_port()
        self.url = f"postgres://finalcheck@127.0.0.1:{self.port}/finalcheck"

    def call(self, program: str, *arguments: str) -> None:
        command = [*self.owner, str(BIN / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def create(self) -> None:
        if self.owner:
            shutil.chown(self.folder, "postgres")
        self.call("initdb", "--pgdata", "data", "--username", "finalcheck", "--auth", "trust")
        self.call("pg_ctl", "--version")
        self.owned_folder("wal")
        archive = f"test ! -f {self.folder}/wal/%f && cp %p {self.folder}/wal/%f"
        self.configure(f"wal_level = replica\narchive_mode = on\narchive_command = '{archive}'\n")
        self.start()
        self.call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "finalcheck", "finalcheck")

    def owned_folder(self, name: str) -> None:
        (self.folder / name).mkdir()
        if self.owner:
            shutil.chown(self.folder / name, "postgres")

    def configure(self, lines: str) -> None:
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(lines)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.call("pg_ctl", "--pgdata", "data", "--log", "log", "--wait", "--options", options, "start")

    def stop(self, mode: str) -> None:
        self.call("pg_ctl", "--pgdata", "data", "--wait", "--mode", mode, "stop")

    def base_backup(self) -> None:
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "finalcheck")
        self.call("pg_basebackup", *where, "--pgdata", "base", "--checkpoint=fast")

    def ask(self, query: str) -> object:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query).fetchone()[0]

    def go_back(self, instant: object) -> None:
        """Follow the steps of docs/operations.md."""
        self.stop("fast")
        shutil.rmtree(self.folder / "data")
        (self.folder / "base").rename(self.folder / "data")
        self.configure(
            f"restore_command = 'cp {self.folder}/wal/%f %p'\nrecovery_target_time = '{instant}'\n"
            "recovery_target_action = promote\n"
        )
        (self.folder / "data" / "recovery.signal").touch()
        if self.owner:
            shutil.chown(self.folder / "data" / "recovery.signal", "postgres")
        self.start()
        # it answers queries before it has replayed everything
        wait_until(lambda: not self.ask("SELECT pg_is_in_recovery()"))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="finalcheck-moments-"))
    found = Cluster(folder)
    try:
        found.create()
        yield found
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            found.stop("immediate")
        shutil.rmtree(folder)


def test_postgresql_goes_back_to_the_instant_that_was_named(cluster, tmp_path):
    environ = environ_of(tmp_path / "data", cluster.url)
    drill(environ, "prepare", "8")
    cluster.base_backup()
    drill(environ, "settle", "0")
    wanted, instant = drill(environ, "facts"), cluster.ask("SELECT clock_timestamp()")
    drill(environ, "settle", "120")  # the mistake that is to be undone
    assert drill(environ, "facts") != wanted
    cluster.ask("SELECT pg_switch_wal()")
    cluster.go_back(instant)
    assert drill(environ, "facts") == wanted
    assert "Every grade and certificate follows" in run(environ, "manage.py", "verify_grades")
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"sittings as at the named instant": len(wanted["sittings"]), "differences": 0}
    (folder / "point-in-time.json").write_text(json.dumps(figures))
