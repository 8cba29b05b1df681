"""What tests need of the machine: which of them run here, a database of their own, Redis when one is asked for.

A test is run or left out at collection, with the reason in the header; none is skipped while running.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

TESTS = Path(__file__).parent
# Whatever asks no database: once is enough, so the PostgreSQL run leaves it out.
WITHOUT_DATABASE = ("browser", "clients", "config", "content", "journey", "laws", "rules", "runner", "types")

hypothesis_settings.register_profile("test", deadline=None, max_examples=100)
hypothesis_settings.register_profile("proofs", deadline=None, max_examples=5_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", action="store_true", help="also collect the folders named proofs: the long forms")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis_settings.load_profile("proofs" if config.getoption("proofs") else "test")


def on_postgresql() -> bool:
    return os.environ.get("FINALCHECK_DATABASE_URL", "").startswith("postgres")


def find_chromium() -> str | None:
    return shutil.which(os.environ.get("FINALCHECK_CHROMIUM", "chromium"))


def reasons_to_leave_out(config: pytest.Config) -> dict[str, str]:
    """Folder name to why its tests are not collected in this run."""
    reasons = {}
    if not config.getoption("proofs"):
        reasons["proofs"] = "only with --proofs"
    if not find_chromium():
        reasons["browser"] = "no Chromium on this machine (name one in FINALCHECK_CHROMIUM)"
    if on_postgresql():
        reasons |= dict.fromkeys(WITHOUT_DATABASE, "asks no database; the SQLite run has it")
    return reasons


def pytest_report_header(config: pytest.Config) -> list[str]:
    database = "PostgreSQL" if on_postgresql() else "SQLite"
    left_out = [f"left out: {name}/ ({reason})" for name, reason in sorted(reasons_to_leave_out(config).items())]
    return [f"database: {database}", *left_out]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if collection_path.name in reasons_to_leave_out(config) and TESTS in collection_path.parents:
        return True
    return None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as in the product: in memory there is no WAL and nothing to race for."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "finalcheck.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """A tenth of a second for each person made would be most of the run; what is hashed is tested by Django."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def staff_without_second_factor() -> None:
    """As in a demo; the tests of the second factor ask for it."""
    from django.conf import settings

    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; tests/browser is collected only where there is one."""
    path = find_chromium()
    assert path
    return path


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Redis of this run's own, empty, on a free port."""
    port = free_port()
    command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    folder = tmp_path_factory.mktemp("redis")
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server:
        try:
            wait_for_port(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # another program's start is not ours to be told of
    raise RuntimeError(f"{server.args} did not start on port {port}")


@pytest.fixture(scope="session", autouse=True)
def plain_assets() -> Iterator[None]:
    """Pages name their files as they are; only the browser tests collect and hash them, as `up` does."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield
