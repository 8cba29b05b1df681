"""A hundred days in a course over HTTP, other ones each time."""

import json

import pytest
from django.db import connection

from config.environment import ROOT
from tests.portal.exam_day import ExamDay
from tests.portal.test_exam_day import take_days

DAYS, STEPS = 100, 25


@pytest.mark.django_db
def test_pages_keep_their_promises_on_a_hundred_days():
    ExamDay.taken.clear()
    take_days(DAYS, STEPS)
    accepted = {what.partition(":")[0]: number for what, number in ExamDay.taken.items() if what.endswith(": ok")}
    figures = {
        "database": connection.vendor,
        "days": DAYS,
        "requests that change something": ExamDay.taken.total(),
        **{f"accepted, {what}": accepted[what] for what in sorted(accepted)},
        "refused": ExamDay.taken.total() - sum(accepted.values()),
        "broken promises": 0,
    }
    folder = ROOT / "build" / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "exam_days.json").open("a") as file:
        file.write(json.dumps(figures) + "\n")
