"""What tests need from the machine: which of them run here, a separate database, Redis on request.

Collection decides which tests run and prints the reason in the header; no test is skipped while running.
"""

import gc
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings

from bench.rig.chromium import find_chromium
from bench.rig.ports import free_port
from labs.runner.gpu import NotOffered, find_gpu
from tests.databases import copy_of_migrated, migrated_name, statements_that_empty
from tests.durability.disks import may_mount
from tests.firefox.finding import find_firefox
from tests.nginx import find_nginx
from tests.product import Product
from tests.rounds import FIRST, SECOND, is_for_one_database, is_second, keep_round

TESTS = Path(__file__).parent
# `make test` tries the same examples every time, so that it fails only because of a change; `make proofs` tries new ones.
hypothesis_settings.register_profile("test", deadline=None, max_examples=100, derandomize=True)
hypothesis_settings.register_profile("proofs", deadline=None, max_examples=5_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", action="store_true", help="also collect the folders named proofs: the long forms")
    parser.addoption("--shots", action="store_true", help="save a picture of every page that browser tests look at")
    parser.addoption("--round", choices=(FIRST, SECOND), help="run one round only (tests/rounds.py)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: only the SQLite run has it (tests/rounds.py)")
    config.addinivalue_line("markers", "second_round: only the second round tries it (tests/rounds.py)")
    # For the processes of pytest-xdist and for programs that tests start. A lab's judge has one thread too. A second thread
    # of OpenBLAS would keep a processor busy while it waits, and several such processes would slow each other down.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    hypothesis_settings.load_profile("proofs" if config.getoption("proofs") else "test")


def on_postgresql() -> bool:
    return os.environ.get("FINALCHECK_DATABASE_URL", "").startswith("postgres")


def reasons_to_leave_out(config: pytest.Config) -> dict[str, str]:
    """Return, by name or path of a folder or file, why its tests are not collected in this run."""
    reasons = {}
    if not config.getoption("proofs"):
        reasons["proofs"] = "only with --proofs"
    if not find_chromium():
        reasons["browser"] = "no Chromium on this machine (name one in FINALCHECK_CHROMIUM)"
    if not find_firefox():
        reasons["firefox"] = "no Firefox on this machine (ops/packages firefox)"
    if not shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        reasons["topology"] = "no HAProxy on this machine (ops/packages haproxy)"
    if not find_nginx():
        for name in ("config/test_nginx.py", "attacks/proofs"):
            reasons[name] = "no nginx on this machine (ops/packages nginx)"
    if not may_mount():
        reasons["durability/test_full_disk.py"] = "this user may not mount a file system"
    if not (may_mount() and shutil.which("debootstrap", path=f"{os.environ.get('PATH', '')}:/usr/sbin")):
        reasons["config/proofs/test_image.py"] = "needs root and debootstrap (ops/packages debootstrap)"
    try:
        find_gpu()
    except NotOffered as reason:
        reasons["gpu"] = str(reason).removesuffix(".")
    return reasons


def pytest_report_header(config: pytest.Config) -> list[str]:
    database = "PostgreSQL" if on_postgresql() else "SQLite"
    left_out = [f"left out: {name} ({reason})" for name, reason in sorted(reasons_to_leave_out(config).items())]
    left_out += ["left out: tests marked one_database (the SQLite run has them)"] * on_postgresql()
    chosen = config.getoption("round")
    return [f"database: {database}", f"round: {chosen or 'both'} (tests/rounds.py)", *left_out]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if TESTS not in collection_path.parents:
        return None
    names = {collection_path.name, str(collection_path.relative_to(TESTS))}
    if names & reasons_to_leave_out(config).keys() or (on_postgresql() and is_for_one_database(collection_path)):
        return True
    # Files of the second round are not even imported, which takes seconds in each process.
    is_later = config.getoption("round") == FIRST and collection_path.is_file() and in_second(collection_path)
    return True if is_later else None


def in_second(path: Path) -> bool:
    return is_second(path, on_postgresql=on_postgresql())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    keep_round(config, items, {path: in_second(path) for path in {item.path for item in items}})


def pytest_collection_finish() -> None:
    """Let no later garbage collection look at the thousands of tests that were collected."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all processes of this run share, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
    run_folder: Path,
    worker_id: str,
) -> Iterator[None]:
    with django_db_blocker.unblock(), copy_of_migrated(run_folder, worker_id):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(run_folder: Path) -> None:
    """Use SQLite in a file, as the product does. An in-memory database has no WAL, so no races could happen.

    Commits do not wait for the disk, because the file is deleted afterwards. Each request closes its connection, because
    the threads of tests end at any moment and would leave theirs open.
    """
    from django.db import connection

    connection.settings_dict["CONN_MAX_AGE"] = 0
    if connection.vendor == "postgresql":
        connection.ops.sql_flush = statements_that_empty
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(run_folder / "finalcheck.sqlite3")
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Start each test without kept parts of pages: browser tests have other addresses of static files."""
    from foundation.fast.keeping import fragments

    fragments.clear()


@pytest.fixture(autouse=True)
def fresh_throttles() -> None:
    """Reset throttles for each test, because many tests use the same travelled time and the same ids."""
    from django.core.cache import caches

    caches["throttles"].clear()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Make password hashing cheap. It would otherwise take a tenth of a second per account; Django tests the hashing."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Reset allauth's limits. Some count by the account's id, which the next test may use again."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def staff_without_second_factor() -> None:
    """Require no second factor of staff, as in a demo; the tests of the second factor turn it on."""
    from django.conf import settings

    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Start the product once for all that use it, and end it as a supervisor of services would."""
    running = Product(tmp_path_factory.mktemp("product"))
    running.start()
    yield running
    assert running.stop(signal.SIGTERM) == (0, "Stopped; everything is kept.\n")


@pytest.fixture(scope="session")
def starters() -> Iterator[Any]:
    """Return the lab runners of this process by station, each started when it is first used. It takes seconds.

    A fixture that two modules import is two fixtures, which would start two. `tests/runner` has its own: its attacks and
    counts of processes are not for runners that others use.
    """
    from tests.runner.conftest import Starters

    with ExitStack() as stack:
        yield Starters(stack)


@pytest.fixture
def as_learner(db: None) -> Callable[..., Any]:
    """Return what makes an API client with a learner's token: as_learner(course) or as_learner()."""
    from tests import factories as make
    from tests.contract import ContractClient

    def sign_in(course: Any = None, **fields: Any) -> Any:
        client: Any = ContractClient()
        client.user = make.enroll(course=course, **fields) if course else make.make_user(**fields)
        answer = client.post("/api/v1/tokens/", {"username": client.user.username, "password": make.PASSWORD})
        assert answer.status_code == 201, answer.content
        client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
        return client

    return sign_in


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Everyone in the world of the API's tests, without throttles."""
    from foundation.throttles import Reads, Writes
    from tests.portal.api.world import make_world

    for throttle in (Reads, Writes):
        monkeypatch.setattr(throttle, "rate", "1000000/second")
    return make_world()


@pytest.fixture
def staff(world: Any) -> Callable[..., tuple[int, Any]]:
    """Return what calls the API as the instructor: `staff("POST", "voids/", …)` returns the status and the JSON."""
    client = world.client("robot")

    def ask(method: str, path: str, body: object = None, **options: Any) -> tuple[int, Any]:
        where = f"/api/v1/courses/{world.ids['slug']}/{path}"
        answer = getattr(client, method.lower())(where, body, **options)
        return answer.status_code, answer.json()

    return ask


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser. Without one, tests/browser is not collected."""
    path = find_chromium()
    assert path
    return path


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start an empty Redis for this run on a free port."""
    port = free_port()
    command = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
    folder = tmp_path_factory.mktemp("redis")
    with (folder / "log").open("w") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server:
        try:
            wait_for_port(port, server)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


def wait_for_port(port: int, server: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)  # another process's start gives no notice
    raise RuntimeError(f"{server.args} did not start on port {port}")


@pytest.fixture(scope="session", autouse=True)
def plain_assets() -> Iterator[None]:
    """Use plain file names in pages. Only the browser tests collect and hash files, as `up` does."""
    from django.conf import settings
    from django.test import override_settings

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without tables, of the same vendor as this run's."""
    with without_tables(tmp_path / "moved.sqlite3") as address:
        yield address


@pytest.fixture
def another_empty_database(tmp_path: Path) -> Iterator[str]:
    with without_tables(tmp_path / "another.sqlite3") as address:
        yield address


@contextmanager
def without_tables(file: Path) -> Iterator[str]:
    """Yield the address of a database without tables, of the same vendor as this run's; `file` is for SQLite."""
    if not on_postgresql():
        yield f"sqlite:///{file}"
        return
    with new_database("template1") as address:
        yield address


@pytest.fixture(scope="session")
def migrated(django_db_setup: None, run_folder: Path) -> str:
    """Return the name of the database of this run that has tables and no rows, for copies of it."""
    return migrated_name(run_folder)


@pytest.fixture
def migrated_database(migrated: str, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database with tables and without rows, of the same vendor as this run's."""
    if not on_postgresql():
        yield f"sqlite:///{shutil.copy(migrated, tmp_path / 'migrated.sqlite3')}"
        return
    with new_database(migrated) as address:
        yield address


@contextmanager
def new_database(template: str, tablespace: str = "pg_default") -> Iterator[str]:
    """Yield the address of a new PostgreSQL database that begins as a copy of `template`."""
    url = os.environ["FINALCHECK_DATABASE_URL"]
    name = f"own_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {tablespace}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
