"""Correct answers that an assessment holds back."""

import pytest

from quizzes.models import Assessment

pytestmark = pytest.mark.django_db


def test_courses_releases_show_correct_answers_until_they_are_held_back_again(staff, world):
    Assessment.objects.filter(pk=world.ids["exam"]).update(show={"key": "release", "explanation": "release"})
    exam = {"assessment": world.ids["exam"], "reason": "All have sat it."}
    (before,) = (row for row in staff("GET", "releases/")[1]["assessments"] if row["assessment"] == world.ids["exam"])
    show = {"verdict": "attempt", "score": "attempt", "key": "release", "explanation": "release"}
    assert (before["show"], before["released_at"]) == (show, None)
    status, done = staff("POST", "releases/", exam)
    assert (status, done["released_by"], done["released_at"] is None) == (
        201,
        world.people["instructor"].username,
        False,
    )
    assert staff("POST", "releases/", exam)[1]["code"] == "already_released"
    assert staff("POST", "releases/undo/", exam)[1] == before
    assert staff("POST", "releases/undo/", exam)[1]["code"] == "nothing_to_undo"
    review = {**exam, "assessment": world.ids["assessment_id"]}
    assert staff("POST", "releases/", review)[1]["code"] == "nothing_held_back"


def test_courses_releases_undo_needs_a_release(staff, world):
    body = {"assessment": world.ids["exam"], "reason": "Too early."}
    assert staff("POST", "releases/undo/", body)[1]["code"] == "nothing_to_undo"
