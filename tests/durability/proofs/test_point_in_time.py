"""Go back to a point in time on PostgreSQL, by the steps of docs/operations.md."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.clusters import Cluster, new_cluster
from tests.durability.rehearsal import drill, environ_of, run
from tests.labs.lives import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent.parent


class ArchivingCluster(Cluster):
    """A PostgreSQL that archives its log."""

    def prepare(self) -> None:
        super().prepare()
        (self.folder / "wal").mkdir()
        if self.owner:
            shutil.chown(self.folder / "wal", "postgres")
        archive = f"test ! -f {self.folder}/wal/%f && cp %p {self.folder}/wal/%f"
        self.configure(f"wal_level = replica\narchive_mode = on\narchive_command = '{archive}'\n")

    def base_backup(self) -> None:
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "finalcheck")
        self.call("pg_basebackup", *where, "--pgdata", "base", "--checkpoint=fast")

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
    with new_cluster(ArchivingCluster) as found:
        yield found


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
