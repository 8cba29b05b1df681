"""Regrades of questions: exactly what a dry run showed, and undone."""

import pytest

from quizzes.models import Attempt
from tests.grading.api.test_correcting import overall

pytestmark = pytest.mark.django_db


def credit(staff, world):
    """Return the regrade that gives everyone the points of a question, and its preview."""
    what = {"question": world.ids["begun"], "kind": "credit", "reason": "Two are right."}
    told = staff("POST", "regrades/", {**what, "dry_run": True})[1]
    assert staff("POST", "regrades/", {**what, "expected": "another"})[1]["code"] == "preview_stale"
    status, done = staff("POST", "regrades/", {**what, "expected": told["expected"]})
    assert status == 201
    return done, told


def test_courses_regrades_do_exactly_what_their_dry_run_showed_or_nothing(staff, world):
    done, told = credit(staff, world)
    ada, bob = told["effects"]  # Bob has not started, and gets the points all the same
    assert bob["before"]["percent"] < bob["after"]["percent"]
    assert overall(staff, world) == ada["after"]["percent"]
    assert staff("GET", f"regrades/{done['id']}/")[1] == staff("GET", "regrades/")[1]["results"][0] == done


def test_courses_regrades_undo_makes_grades_what_they_were_and_keeps_attempts(staff, world):
    before, attempts = overall(staff, world), Attempt.objects.count()
    address = f"regrades/{credit(staff, world)[0]['id']}/undo/"
    body = {"reason": "One is.", "expected": staff("POST", address, {"dry_run": True})[1]["expected"]}
    assert staff("POST", address, body)[0] == 201
    assert (overall(staff, world), Attempt.objects.count()) == (before, attempts)
