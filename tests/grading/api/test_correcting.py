"""Points that staff give by hand: previewed, given once, taken back."""

import pytest

from grading.models import GradeChange
from labs.models import Lab
from tests import factories as make
from tests.contract import ContractClient
from tests.labs.test_grading import finish, load, rows_of
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


def overall(staff, world):
    return staff("GET", f"learners/{world.ids['learner_id']}/")[1]["progress"]["overall"]["percent"]


def test_courses_overrides_undo_takes_back_points_that_were_previewed_and_given(staff, world):
    before, rows = overall(staff, world), GradeChange.objects.count()
    cell = {"learner": world.ids["learner_id"], "assessment": world.ids["assessment_id"], "reason": "By letter."}
    status, told = staff("POST", "overrides/", {**cell, "points": "2", "dry_run": True})
    (effect,) = told["effects"]
    assert (status, effect["before"]["percent"], effect["after"]["percent"]) == (200, before, "50.0")
    assert GradeChange.objects.count() == rows
    assert staff("POST", "overrides/", {**cell, "points": "2"})[0] == 201
    assert overall(staff, world) == "50.0"
    assert staff("POST", "overrides/", {**cell, "points": "3"})[1]["code"] == "points_invalid"
    assert staff("POST", "overrides/undo/", cell)[1]["points"] is None
    assert overall(staff, world) == before
    assert staff("POST", "overrides/undo/", cell)[1]["code"] == "nothing_to_undo"


def test_courses_overrides_exempt_a_learner_after_a_preview_until_that_is_undone(staff, world):
    before, rows = overall(staff, world), GradeChange.objects.count()
    cell = {"learner": world.ids["learner_id"], "assessment": world.ids["exam"], "reason": "By letter."}
    status, told = staff("POST", "overrides/", {**cell, "exempt": True, "dry_run": True})
    assert (status, told["effects"][0]["before"]["percent"], GradeChange.objects.count()) == (200, before, rows)
    status, done = staff("POST", "overrides/", {**cell, "exempt": True})
    assert (status, done["points"], done["exempt"]) == (201, None, True)
    assert overall(staff, world) == told["effects"][0]["after"]["percent"] != before
    review = {**cell, "assessment": world.ids["assessment_id"]}
    assert staff("POST", "overrides/", {**review, "exempt": True})[1]["code"] == "nothing_left"
    for wrong in ({}, {"points": "1", "exempt": True}):
        assert staff("POST", "overrides/", {**cell, **wrong})[0] == 400
    assert staff("POST", "overrides/undo/", cell)[1]["exempt"] is False
    assert overall(staff, world) == before


def test_courses_overrides_give_points_in_a_lab_as_in_an_assessment():
    course = load()
    lab, learner = Lab.objects.get(course=course), make.enroll(course=course)
    finish(lab, learner, rows_of("failed", "passed"))
    client = ContractClient()
    client.force_login(instructor_of(course))
    target = {"learner": str(learner.pk), "assessment": lab.pk, "reason": "shown in person"}
    address = f"/api/v1/courses/{course.slug}/overrides/"
    foreseen = client.post(address, {**target, "points": "4", "dry_run": True}).json()["effects"]
    assert [(effect["before"]["percent"], effect["after"]["percent"]) for effect in foreseen] == [("60.0", "80.0")]
    assert client.post(address, {**target, "points": "4"}).json()["points"] == "4"
    assert client.post(f"{address}undo/", target).json()["points"] is None
    assert client.post(f"{address}undo/", target).json()["code"] == "nothing_to_undo"
