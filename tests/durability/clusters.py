"""A PostgreSQL of a test's own, with the durability of a real one, that the test stops and starts again."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.rig.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Cluster:
    """A PostgreSQL in a folder, with one empty database at `url`. It keeps its port when it starts again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        is_root = os.geteuid() == 0
        self.owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []
        self.programs = Path(subprocess.check_output([ROOT / "ops/with-postgres", "--find"], text=True).strip())
        self.port = free_port()
        self.url = f"postgres://finalcheck@127.0.0.1:{self.port}/finalcheck"

    def call(self, program: str, *arguments: str) -> None:
        command = [*self.owner, str(self.programs / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def create(self) -> None:
        if self.owner:
            shutil.chown(self.folder, "postgres")
        self.call("initdb", "--pgdata", "data", "--username", "finalcheck", "--auth", "trust", "--encoding", "UTF8")
        self.prepare()
        self.start()
        self.call("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "finalcheck", "finalcheck")

    def prepare(self) -> None:
        """Configure the server before its first start."""
        self.configure("max_connections = 200\n")

    def configure(self, lines: str) -> None:
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write(lines)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.call("pg_ctl", "--pgdata", "data", "--log", "log", "--wait", "--options", options, "start")

    def stop(self, mode: str) -> None:
        """Stop the server. The mode "immediate" stops it as a crash would."""
        self.call("pg_ctl", "--pgdata", "data", "--wait", "--mode", mode, "stop")

    def ask(self, query: str) -> object:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query).fetchone()[0]


@contextmanager
def new_cluster(kind: type[Cluster] = Cluster) -> Iterator[Cluster]:
    """Yield a running cluster, and delete it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="finalcheck-cluster-"))
    cluster = kind(folder)
    try:
        cluster.create()
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop("immediate")
        shutil.rmtree(folder)
