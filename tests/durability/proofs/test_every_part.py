"""/readyz of a whole installation turns red for each part that is really killed, and green once it is back."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from bench.rig.ports import free_port
from config.up.address import Address
from config.up.greeting import is_healthy
from config.up.programs import ROOT, web
from tests.durability.installation import Installation, MailHost
from tests.durability.test_database_away import Wire
from tests.labs.lives import Redis, end, wait_until

CLOCK_AHEAD = """
from datetime import datetime, timedelta, UTC
import time_machine
time_machine.travel(datetime.now(UTC) + timedelta(seconds=10), tick=True).start()
"""


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Redis]:
    with Redis(tmp_path) as found:
        yield found


@pytest.fixture
def mail_host() -> Iterator[MailHost]:
    found = MailHost()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def wire(empty_database: str) -> Iterator[Wire | None]:
    """A proxy in front of PostgreSQL that can be cut; None on SQLite, which has no server."""
    url = urlsplit(empty_database)
    if url.scheme == "sqlite":
        yield None
        return
    found = Wire(url.hostname or "", str(url.port))
    found.restore()
    yield found
    found.cut()


@pytest.fixture
def installation(tmp_path, queue, mail_host, wire, empty_database) -> Iterator[Installation]:
    database = empty_database
    if wire is not None:
        database = database.replace(f":{urlsplit(database).port}/", f":{wire.port}/")
    (tmp_path / "data").mkdir()
    mail = f"smtp://user:password@127.0.0.1:{mail_host.port}"
    environ = {"REDIS_URL": queue.url, "DATABASE_URL": database, "EMAIL_URL": mail, "DISK_FREE_MB": "1"}
    with Installation(tmp_path / "data", environ) as found:
        found.start("web", "worker", "sweeper", "runner")
        wait_until(lambda: found.faults() == set())
        yield found


def names_a_clock_ahead(installation: Installation, folder: Path) -> None:
    """Start a second web server whose clock is ten seconds ahead. It says so, and the first one does not."""
    (folder / "sitecustomize.py").write_text(CLOCK_AHEAD)
    address = Address("127.0.0.1", free_port())
    program = web(address, {**installation.environ, "PYTHONPATH": str(folder)})
    with subprocess.Popen(
        program.argv, cwd=ROOT, env=program.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_until(lambda: is_healthy(address))
            wait_until(lambda: "clock" in installation.faults(address.port))
            assert "clock" not in installation.faults()
        finally:
            process.kill()


def test_every_part_that_is_killed_is_named_and_every_part_that_is_back_is_not(
    installation, queue, mail_host, wire, tmp_path
):
    names_a_clock_ahead(installation, tmp_path)
    end(queue.process)
    wait_until(lambda: installation.faults() == {"redis", "broker"})
    queue.start()
    wait_until(lambda: installation.faults() == set())

    with redis.Redis.from_url(queue.url) as server:  # full: it answers, but stores nothing
        server.config_set("maxmemory", 1)
        wait_until(lambda: installation.faults() == {"broker"})
        server.config_set("maxmemory", 0)
    wait_until(lambda: installation.faults() == set())

    mail_host.stop()
    wait_until(lambda: installation.faults() == {"mail"})
    mail_host.start()
    wait_until(lambda: installation.faults() == set())

    installation.data.rename(tmp_path / "away")  # as if its disk had been unmounted
    wait_until(lambda: "disk" in installation.faults())
    (tmp_path / "away").rename(installation.data)
    wait_until(lambda: installation.faults() == set())

    if wire is not None:
        wire.cut()
        wait_until(lambda: installation.faults() == {"database"})
        wire.restore()
        wait_until(lambda: installation.faults() == set())

    installation.kill("runner")
    wait_until(lambda: installation.faults() == {"runners"})
    installation.kill("sweeper")
    installation.kill("worker")
    wait_until(lambda: installation.faults() == {"workers", "sweeper"})
