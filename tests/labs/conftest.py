"""The lab engine with a real runner: one runner for all tests here, and separate folders for output and queue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import caches
from kombu import pools

from labs import streams
from labs.runner.protocol import Client
from labs.watching import WatcherSlots
from tests.labs.lives import Live
from tests.runner.conftest import Starters
from tests.runner.stations import offered


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path) -> Iterator[None]:
    """Keep these tests away from the product's own data and queue."""
    settings.DATA = tmp_path
    before = {name: current_app.conf[name] for name in ("broker_url", "broker_transport_options")}
    for name in ("in", "control"):
        (tmp_path / "queue" / name).mkdir(parents=True)
    folders = {"data_folder_in": tmp_path / "queue" / "in", "data_folder_out": tmp_path / "queue" / "in"}
    options = {**folders, "control_folder": tmp_path / "queue" / "control"}
    current_app.conf.update(broker_url="file-queue://", broker_transport_options=options)
    forget_connections()
    caches["throttles"].clear()
    streams._silence.until = 0.0
    yield
    current_app.conf.update(before)
    forget_connections()


def forget_connections() -> None:
    pools.reset()
    current_app._pool = current_app.amqp._producer_pool = None


@pytest.fixture(autouse=True)
def own_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the event streams of one test alone; earlier tests may have left some open."""
    monkeypatch.setattr("labs.events.slots", WatcherSlots())


@pytest.fixture
def runner(starters: Starters, settings) -> Client:
    """The shared runner, configured for this process and its workers."""
    client = starters[offered()[0][0]].client
    settings.RUNNER_SOCKET = client.path
    return client


@pytest.fixture
def live(transactional_db, tmp_path: Path) -> Iterator[Live]:
    """Real worker processes on this test's database and folders."""
    with Live(tmp_path) as found:
        yield found
