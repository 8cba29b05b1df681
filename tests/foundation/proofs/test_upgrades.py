"""A database that earlier code filled is upgraded by today's: nothing is lost, everything verifies, and pages open."""

import json
import os
from pathlib import Path

import pytest

from tests.foundation.proofs.origins import FIRST, KEPT, RELEASED, UNSQUASHED
from tests.old_code import TODAY, Release, release_at

COURSE = "tests/nasty-course"
GOOD = [
    "Every grade and certificate follows from the records (0 sittings settled first).",
    "Every sealed record is as it was sealed.",
]
# Runs of labs come from a worker, which needs a sandbox. So the old code's models write three.
RUNS = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from course.models import User
from labs.models import Lab, LabDraft, Run
User.objects.create_superuser("admin")
now = timezone.now()
for number, user in enumerate(User.objects.filter(username__startswith="demo-3").order_by("pk")[:3]):
    lab, cells = Lab.objects.order_by("pk").first(), [{"id": "a", "source": f"print({number})"}]
    LabDraft.objects.create(lab=lab, learner=user, cells=cells, revision=1, saved_at=now)
    outputs = [{"type": "stream", "name": "stdout", "text": "x" * 200_000}] * number
    times = {"created_at": now - timedelta(minutes=2), "started_at": now, "finished_at": now}
    made = {"mode": "all", "runtime": "tf2", "queue": "labs", "state": "finished", "verdict": "succeeded", **times}
    Run.objects.create(lab=lab, learner=user, cells=cells, outputs=outputs, **made)
"""
COUNTED = """
import json
import django; django.setup()
from django.apps import apps
print(json.dumps({name: apps.get_model(name)._base_manager.count() for name in %r}))
"""


@pytest.fixture
def environ(empty_database: str, tmp_path: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("FINALCHECK_")}
    data = tmp_path / "data"
    data.mkdir()
    ours |= {"FINALCHECK_DATABASE_URL": empty_database, "FINALCHECK_DATA": str(data), "FINALCHECK_DEMO": "1"}
    return {**ours, "DJANGO_SETTINGS_MODULE": "config.settings"}


@pytest.fixture
def new_schema(another_empty_database: str, environ: dict[str, str]) -> list[str]:
    new = {**environ, "FINALCHECK_DATABASE_URL": another_empty_database}
    return json.loads(TODAY.python(new, "-m", "tests.foundation.squashing"))["schema"]


def study(old: Release, environ: dict[str, str], learners: int, stage: str, seed: int) -> None:
    people = ("--learners", str(learners), "--stage", stage, "--seed", str(seed))
    old.python(environ, "manage.py", "seed_demo", *people)


def fill(old: Release, environ: dict[str, str]) -> None:
    """Let earlier code make a course with learners: four with a finished exam, two halfway."""
    old.python(environ, "manage.py", "migrate", "--verbosity", "0")
    old.python(environ, "manage.py", "course", "load", COURSE, "--yes")
    study(old, environ, 4, "graded", 3)
    study(old, environ, 2, "midterm", 4)
    old.python(environ, "-c", RUNS)


def counted(old: Release, environ: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = json.loads(old.python(environ, "-c", COUNTED % (KEPT,)).splitlines()[-1])
    return found


def upgraded(environ: dict[str, str], *halfway: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        TODAY.python(environ, "-m", "tests.foundation.upgraded", *halfway).splitlines()[-1]
    )
    return found


@pytest.mark.parametrize(
    ("revision", "halfway"),
    [
        (FIRST, ()),
        (FIRST, ("course", "0020_date_extensions", "grading", "0006_category_policies")),
        (RELEASED, ()),
        (RELEASED, ("course", "0032_personal_invitations", "quizzes", "0012_disclosure")),
        (UNSQUASHED, ()),
    ],
)
def test_a_database_of_earlier_code_is_upgraded(revision, halfway, environ, new_schema):
    old = release_at(revision)
    fill(old, environ)
    before = counted(old, environ)
    assert min(before.values()) > 0
    found = upgraded(environ, *halfway)
    (was_waiting, is_waiting) = found["waiting"]
    assert (was_waiting > 0, is_waiting) == (True, 0)
    assert found["rows"] == before
    assert found["migrations"] == ["Every migration is applied."]
    assert found["verified"] == GOOD
    assert found["failed"] == {}
    assert min(found["pages"].values()) > 10
    assert found["schema"] == new_schema


@pytest.mark.parametrize("revision", [RELEASED, UNSQUASHED])
def test_the_earlier_code_goes_on_after_the_migration(revision, environ):
    old = release_at(revision)
    fill(old, environ)
    TODAY.python(environ, "manage.py", "migrate", "--verbosity", "0")
    old.python(environ, "manage.py", "migrate", "--check")
    study(old, environ, 1, "midterm", 5)
    assert upgraded(environ)["verified"] == GOOD
