"""On a full disk, a save goes on or says that nothing was saved. With room again, the same request succeeds.

The database and the data folder of the product are on a small file system, which a file fills up. Nothing is restarted.
"""

import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.rig.processes import family
from foundation.metrics import CountsWithRoom
from operations.services import verify_grades
from questions.types.text.marking import MAX_LENGTH
from quizzes.models import Attempt
from quizzes.services import save_draft, start_sitting
from tests import factories as make
from tests.databases import connected_to, migrated_name
from tests.durability.clusters import Cluster, new_cluster
from tests.durability.disks import Disk, small_disk
from tests.labs.lives import wait_until
from tests.product import Product
from tests.rounds import second_round

pytestmark = second_round

CSRF = "c" * 32
# What programs write every few seconds, and what the sweeper makes at a time of its own: a hand-in is analyzed, and records
# are sealed once they are two minutes old.
WRITTEN_ANY_TIME = ("Heartbeat", "Lease", "Worker", "Analysis", "Overview", "Seal", "SealMark")
NOT_SAVED_HERE = "We couldn’t save that. Your text is still here."
SAVED = {
    "check by form": 302,
    "check by API": 201,
    "draft by form": 302,
    "draft by API": 200,
    "hand-in by form": 302,
    "hand-in by API": 200,
}
NOT_SAVED = "We couldn’t save that just now. Nothing was changed. Try again in a few seconds."


class Site:
    """The product, on a disk that can be filled. `said` is what it prints to its terminal after its start."""

    def __init__(self, disk: Disk, product: Product) -> None:
        self.disk, self.product = disk, product
        self.said: list[str] = []
        self.reader = threading.Thread(target=self.said.extend, args=(product.process.stdout,))
        self.reader.start()

    def programs(self) -> set[int]:
        return family([self.product.process.pid])

    def fill(self) -> None:
        """Leave room for a few saves: SQLite's log gets some. PostgreSQL has it in the last page of each table."""
        if connection.vendor == "postgresql":
            self.disk.fill()
            return
        with connection.cursor() as cursor:  # give back the room of the log, which would be used again
            (is_busy, _, _) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not is_busy
        self.disk.fill(leave=256 << 10)

    def stop(self, number: signal.Signals) -> int:
        """End the product with this signal. A program that outlives it would write to the disk again."""
        programs = self.programs()
        self.product.process.send_signal(number)
        status = self.product.process.wait(60)
        wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in programs))
        self.reader.join()
        self.product.process.stdout.close()
        return status


@dataclass
class Save:
    """A request that saves something, sent as often as needed."""

    learner: Any
    method: str
    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def is_of_a_program(self) -> bool:
        return self.path.startswith("/api/")

    def __post_init__(self) -> None:
        client = Client()
        client.force_login(self.learner)
        self.cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"

    def sent_to(self, site: Site) -> tuple[int, str]:
        """Return the status and the body of the answer."""
        headers = {"Host": "localhost", "Cookie": self.cookies}
        if self.is_of_a_program:
            body = json.dumps(self.body)
            headers |= {"Content-Type": "application/json", "X-CSRFToken": CSRF, "Idempotency-Key": self.key}
        else:
            body = urlencode({**self.body, "csrfmiddlewaretoken": CSRF})
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        to = http.client.HTTPConnection("127.0.0.1", site.product.port, timeout=60)
        to.request(self.method, self.path, body or None, headers)
        answer = to.getresponse()
        found = answer.read().decode()
        to.close()
        return answer.status, found


@pytest.fixture
def site(django_db_setup, run_folder) -> Iterator[Site]:
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk("128m"))
        url = stack.enter_context(database_on(disk, run_folder))
        stack.enter_context(connected_to(url))
        product = Product(disk.folder / "data", DATABASE_URL=url, RUNNER_SOCKET="/nowhere/runner.sock")
        product.start()
        found = Site(disk, product)
        stack.callback(found.stop, signal.SIGKILL)
        yield found


@contextmanager
def database_on(disk: Disk, run_folder: Path) -> Iterator[str]:
    """Yield the address of a migrated database, all of which is on that disk.

    On PostgreSQL it is on a separate server. While a file of any database cannot be written, a server makes no checkpoint,
    and without one it creates no database: other tests would fail.
    """
    if connection.vendor == "sqlite":
        yield f"sqlite:///{shutil.copy(migrated_name(run_folder), disk.folder / 'finalcheck.sqlite3')}"
        return
    with new_cluster() as cluster:
        place = disk.folder / "tablespace"
        place.mkdir()
        if cluster.owner:
            shutil.chown(place, "postgres")
        with psycopg.connect(cluster.url, autocommit=True) as server:
            server.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            server.execute("CREATE DATABASE small TABLESPACE small")
        url = f"{cluster.url.rpartition('/')[0]}/small"
        copy_into(cluster, url)
        yield url


def copy_into(cluster: Cluster, url: str) -> None:
    """Copy this process's empty database into another one."""
    ours = f"{os.environ['FINALCHECK_DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    dumped = subprocess.run((cluster.programs / "pg_dump", "--no-owner", ours), check=True, capture_output=True).stdout
    command = (cluster.programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", url)
    subprocess.run(command, input=dumped, check=True, stdout=subprocess.DEVNULL)


def text_of(number: int) -> str:
    """Return a text as long as an answer may be, which no database can store in less room."""
    return random.Random(number).randbytes(MAX_LENGTH // 2).hex()


def everything() -> dict[str, list[Any]]:
    """Return all rows of all tables, except what programs write at any time."""
    models = [model for model in apps.get_models() if model.__name__ not in WRITTEN_ANY_TIME]
    return {model.__name__: sorted(model.objects.values_list(), key=repr) for model in models}


def saves_by_kind(learners: int) -> dict[str, list[Save]]:
    """Return a Check, a draft and a hand-in, by form and by API, each by so many learners."""
    course = make.make_course()
    question = make.make_review(course=course, kinds=["text"]).questions.get()
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["text"])
    one, api = f"/questions/{question.pk}", "/api/v1"

    def typed(text: str) -> dict[str, str]:
        return {f"q-{question.pk}": text, "type": "text", "number": "1", "revision": "0"}

    def sitting_of(learner: Any, text: str) -> str:
        now = timezone.now()
        sitting, _ = start_sitting(learner=learner, assessment=exam, now=now)
        asked = sitting.questions.get().question_id
        save_draft(learner=learner, question_id=asked, response=text, revision=0, now=now)
        return sitting.pk

    def hand_in(learner: Any, text: str) -> Save:
        sitting_of(learner, text)
        return Save(learner, "POST", f"/assessments/{exam.pk}/hand-in/", {})

    by_kind = {
        "check by form": lambda who, text: Save(who, "POST", f"{one}/check/", typed(text)),
        "check by API": lambda who, text: Save(who, "POST", f"{api}{one}/attempts/", {"response": text, "number": 1}),
        "draft by form": lambda who, text: Save(who, "POST", f"{one}/draft/", typed(text)),
        "draft by API": lambda who, text: Save(who, "PUT", f"{api}{one}/draft/", {"response": text, "revision": 0}),
        "hand-in by form": hand_in,
        "hand-in by API": lambda who, text: Save(who, "POST", f"{api}/sittings/{sitting_of(who, text)}/submit/", {}),
    }
    return {
        kind: [make_save(make.enroll(course=course), text_of(number)) for number in range(learners)]
        for kind, make_save in by_kind.items()
    }


def test_a_save_goes_on_or_says_that_nothing_was_saved_and_succeeds_later(site):
    by_kind = saves_by_kind(24)
    programs = site.programs()
    site.fill()
    refused: dict[str, list[Save]] = {kind: [] for kind in by_kind}
    checked = set()
    for kind, save in in_turn(by_kind):
        status, told = save.sent_to(site)
        assert (kind, status) in ((kind, SAVED[kind]), (kind, 503)), told
        if status == 503:
            assert_says_not_saved(save, told)
            refused[kind].append(save)
        elif "draft" not in kind:
            checked.add(save.learner.pk)
    assert all(refused.values()), refused
    assert learners_with_attempts(by_kind) == checked

    before = everything()
    again = {kind: [save.sent_to(site)[0] for save in saves[-1:]] for kind, saves in refused.items()}
    assert again == {kind: [503] for kind in refused}
    assert everything() == before
    assert list(verify_grades(now=timezone.now())) == []

    site.disk.make_room()
    assert {kind: {save.sent_to(site)[0] for save in saves} for kind, saves in refused.items()} == {
        kind: {SAVED[kind]} for kind in refused
    }
    assert learners_with_attempts(by_kind) == {
        save.learner.pk for kind, save in in_turn(by_kind) if "draft" not in kind
    }
    assert list(verify_grades(now=timezone.now())) == []
    assert site.programs() == programs

    site.disk.fill()
    assert site.stop(signal.SIGTERM) == 0
    log = site.product.data / "log" / "finalcheck.log"
    lost = f"Cannot write {log}: [Errno 28] No space left on device. The programs go on; their messages are lost.\n"
    assert set(site.said) == {lost, "Stopped; everything is kept.\n"}


def in_turn(by_kind: dict[str, list[Save]]) -> list[tuple[str, Save]]:
    return [(kind, save) for kind, saves in by_kind.items() for save in saves]


def learners_with_attempts(by_kind: dict[str, list[Save]]) -> set[int]:
    people = [save.learner for _, save in in_turn(by_kind)]
    return set(Attempt.objects.filter(sitting__learner__in=people).values_list("sitting__learner", flat=True))


def assert_says_not_saved(save: Save, told: str) -> None:
    if save.is_of_a_program:
        assert (json.loads(told)["code"], json.loads(told)["detail"]) == ("unavailable", NOT_SAVED)
    else:
        assert NOT_SAVED_HERE in told
        assert all(value in told for value in save.body.values())


def test_counters_go_on_in_memory_on_a_full_disk():
    with small_disk("1m") as disk:
        opened_before = CountsWithRoom(str(disk.folder / "counter_1.db"))
        opened_before.write_value("first", 7.0, 0.0)
        disk.fill()
        opened_after = CountsWithRoom(str(disk.folder / "counter_2.db"))
        for counts, first in ((opened_before, [7.0]), (opened_after, [])):
            for number in range(3_000):
                counts.write_value(f"key {number}", float(number), 0.0)
            assert [value for _, value, _ in counts.read_all_values()] == [*first, *map(float, range(3_000))]
            counts.close()
