"""Instructors' changes over the API: previewed, done once, undone; and one string for every grade."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client

from grading.models import GradeChange
from people.services import set_groups
from quizzes.models import Assessment, Attempt, Sitting, SittingExtension
from quizzes.rules.full_servers import Holder, HolderKind
from quizzes.services import record_full
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(world):
    """Requests of the instructor: `course("POST", "voids/", …)` returns status and JSON."""
    client = world.client("robot")

    def ask(method, path, body=None, **options):
        where = f"/api/v1/courses/{world.ids['slug']}/{path}"
        answer = getattr(client, method.lower())(where, body, **options)
        return answer.status_code, answer.json()

    return ask


def overall(course, world):
    return course("GET", f"learners/{world.ids['learner_id']}/")[1]["progress"]["overall"]["percent"]


def test_api_gradebook_page_and_csv_show_one_string(world):
    """Three right of seven questions is a percent that rounding up and down would show differently."""
    thirds = make.make_course()
    learner = make.enroll(course=thirds)
    review = make.make_review(course=thirds, questions=7)
    make.make_exam(course=thirds)
    api, browser, instructor = (Client() for _ in range(3))
    for client in (api, browser):
        client.force_login(learner)
    for question in list(review.questions.all())[:3]:
        answer = {"response": make.right(question), "number": 1}
        checked = api.post(f"/api/v1/questions/{question.pk}/attempts/", answer, content_type="application/json").json()
    instructor.force_login(make.enroll(course=thirds, user=make.make_user(is_staff=True), role="instructor"))
    where = f"/api/v1/courses/{thirds.slug}"
    told = api.get(f"{where}/progress/").json()
    (row,) = instructor.get(f"{where}/gradebook/").json()["results"]
    sheet = b"".join(instructor.get(f"{where}/gradebook/?format=csv").streaming_content).decode()
    file = b"".join(instructor.get(f"/admin/courses/{thirds.slug}/gradebook/gradebook.csv").streaming_content).decode()
    (line,) = csv.DictReader(io.StringIO(sheet))
    page = browser.get(f"/courses/{thirds.slug}/progress/").content.decode()
    percents = [item["percent"] for item in told["items"]]
    assert (told["overall"]["percent"], percents) == ("21.4", ["42.8", "0.0"])
    assert checked["progress"] == told
    assert (row["overall"]["percent"], [item["percent"] for item in row["items"]]) == ("21.4", percents)
    begun = [item["percent"] if item["state"] != "not_started" else "" for item in row["items"]]
    assert ([line[item["title"]] for item in told["items"]], begun) == (["42.8", ""], ["42.8", ""])
    assert (line["overall_percent"], line["passed"], file) == ("21.4", "false", sheet)
    assert re.findall(r'class="total">([\d.]+)<small', page) == ["21.4"]


def test_an_override_is_previewed_applied_and_undone(course, world):
    before, rows = overall(course, world), GradeChange.objects.count()
    cell = {"learner": world.ids["learner_id"], "assessment": world.ids["assessment_id"], "reason": "By letter."}
    status, told = course("POST", "overrides/", {**cell, "points": "2", "dry_run": True})
    (effect,) = told["effects"]
    assert (status, effect["before"]["percent"], effect["after"]["percent"]) == (200, before, "50.0")
    assert GradeChange.objects.count() == rows
    assert course("POST", "overrides/", {**cell, "points": "2"})[0] == 201
    assert overall(course, world) == "50.0"
    assert course("POST", "overrides/", {**cell, "points": "3"})[1]["code"] == "points_invalid"
    assert course("POST", "overrides/undo/", cell)[1]["points"] is None
    assert overall(course, world) == before
    assert course("POST", "overrides/undo/", cell)[1]["code"] == "nothing_to_undo"


def test_an_exemption_is_previewed_applied_and_undone(course, world):
    before, rows = overall(course, world), GradeChange.objects.count()
    cell = {"learner": world.ids["learner_id"], "assessment": world.ids["exam"], "reason": "By letter."}
    status, told = course("POST", "overrides/", {**cell, "exempt": True, "dry_run": True})
    assert (status, told["effects"][0]["before"]["percent"], GradeChange.objects.count()) == (200, before, rows)
    status, done = course("POST", "overrides/", {**cell, "exempt": True})
    assert (status, done["points"], done["exempt"]) == (201, None, True)
    assert overall(course, world) == told["effects"][0]["after"]["percent"] != before
    review = {**cell, "assessment": world.ids["assessment_id"]}
    assert course("POST", "overrides/", {**review, "exempt": True})[1]["code"] == "nothing_left"
    for wrong in ({}, {"points": "1", "exempt": True}):
        assert course("POST", "overrides/", {**cell, **wrong})[0] == 400
    assert course("POST", "overrides/undo/", cell)[1]["exempt"] is False
    assert overall(course, world) == before


def test_a_regrade_does_exactly_what_its_dry_run_showed_or_nothing(course, world):
    what = {"question": world.ids["begun"], "kind": "credit", "reason": "Two are right."}
    status, told = course("POST", "regrades/", {**what, "dry_run": True})
    ada, bob = told["effects"]  # Bob has not started, and gets the points all the same
    assert (status, bob["before"]["percent"] < bob["after"]["percent"]) == (200, True)
    attempts = Attempt.objects.count()
    stale = course("POST", "regrades/", {**what, "expected": "another"})
    status, done = course("POST", "regrades/", {**what, "expected": told["expected"]})
    assert (stale[0], stale[1]["code"], status) == (409, "preview_stale", 201)
    assert overall(course, world) == ada["after"]["percent"]
    assert course("GET", f"regrades/{done['id']}/")[1] == done
    assert course("GET", "regrades/")[1]["results"][0] == done
    undo = course("POST", f"regrades/{done['id']}/undo/", {"dry_run": True})[1]
    said = {"reason": "One is.", "expected": undo["expected"]}
    assert course("POST", f"regrades/{done['id']}/undo/", said)[1]["undoes"] == done["id"]
    assert overall(course, world) == ada["before"]["percent"]
    assert Attempt.objects.count() == attempts


def test_a_void_sitting_can_be_sat_again_and_is_kept(course, world):
    sitting, why = world.ids["sitting_id"], {"reason": "The power failed."}
    assert course("POST", "voids/", {"sitting": sitting, **why, "dry_run": True})[0] == 200
    assert course("POST", "voids/", {"sitting": sitting, **why})[1]["is_void"] is True
    start = f"/api/v1/assessments/{world.ids['exam']}/sitting/"
    assert world.client("ada").post(start).status_code == 201
    assert course("POST", "voids/undo/", {"sitting": sitting, **why})[1]["code"] == "sitting_replaced"
    listed = course("GET", f"learners/{world.ids['learner_id']}/")[1]["sittings"]
    assert [found["is_void"] for found in listed] == [False, True]


def test_minutes_sent_twice_with_one_key_are_added_once(course, world):
    body = {"sittings": None, "minutes": 10, "reason": "The alarm rang."}
    key = {"headers": {"Idempotency-Key": "alarm"}}
    before = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
    first, again = (course("POST", "extensions/", body, **key) for _ in range(2))
    after = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
    assert (first, (after - before).total_seconds()) == (again, 600)
    assert first[1]["extended"][0]["sitting"] == world.ids["sitting_id"]


def test_the_minutes_of_two_people_or_of_two_long_keys_are_all_added(course, world):
    body = {"sittings": None, "minutes": 10, "reason": "The alarm rang."}
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    long = ["k" * 80 + each for each in ("", "1", "2")]
    for key in long:
        assert course("POST", "extensions/", body, headers={"Idempotency-Key": key})[1]["repeated"] == []
    address = f"/api/v1/courses/{world.ids['slug']}/extensions/"
    told = world.client("assistant").post(address, body, headers={"Idempotency-Key": long[0]})
    assert (told.status_code, told.json()["repeated"]) == (201, [])
    again = Sitting.objects.get(pk=sitting.pk)
    assert (again.deadline_at - sitting.deadline_at).total_seconds() == 4 * 600


@pytest.mark.parametrize(
    ("asked", "seconds", "minutes"), [({"seconds": 93}, 93, 2), ({"seconds": 60}, 60, 1), ({"minutes": 2}, 120, 2)]
)
def test_an_extension_adds_seconds_exactly_and_reads_minutes_rounded_up(course, world, asked, seconds, minutes):
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    status, told = course("POST", "extensions/", {"sittings": [sitting.pk], "reason": "The alarm rang.", **asked})
    (extended,) = told["extended"]
    assert (status, extended["seconds"], extended["minutes"]) == (201, seconds, minutes)
    after = Sitting.objects.get(pk=sitting.pk).deadline_at
    assert (after - sitting.deadline_at).total_seconds() == seconds


@pytest.mark.parametrize(
    ("asked", "field", "detail"),
    [
        ({}, "seconds", "Send the seconds to add."),
        ({"seconds": 60, "minutes": 1}, "seconds", "Send seconds or minutes, not both."),
        ({"seconds": 0}, "seconds", "Ensure this value is greater than or equal to 1."),
        ({"seconds": 36_001}, "seconds", "Ensure this value is less than or equal to 36000."),
        ({"minutes": 601}, "minutes", "Ensure this value is less than or equal to 600."),
        ({"seconds": 1.5}, "seconds", "This is of another type than the field."),
    ],
)
def test_an_extension_takes_either_seconds_or_minutes_and_says_what_is_wrong(course, world, asked, field, detail):
    status, told = course("POST", "extensions/", {"sittings": None, "reason": "The alarm rang.", **asked})
    (error,) = told["errors"]
    assert (status, error["field"], error["detail"]) == (400, field, detail)
    assert SittingExtension.objects.count() == 0


@pytest.mark.parametrize("all_of", [{}, {"group": "Monday"}], ids=["everyone", "a group"])
def test_whoever_held_a_full_server_gets_time_only_if_named(course, world, all_of):
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    teacher = make.make_user()
    here = {"course": sitting.assessment.course, "author": teacher, "now": make.NOW}
    set_groups(learner_id=sitting.learner_id, names=["Monday"], **here)
    holder = Holder(HolderKind.PERSON, "192.0.2.7", sitting.learner_id, 900)
    began = sitting.started_at
    record_full(from_at=began, until_at=began + timedelta(seconds=93), holders=[holder], now=began + timedelta(hours=1))
    body = {"sittings": None, "seconds": 93, "reason": "The server was full.", **all_of}
    told = course("POST", "extensions/", body)[1]
    assert (sitting.pk in told["left_out"], [each["sitting"] for each in told["extended"]].count(sitting.pk)) == (
        True,
        0,
    )
    told = course("POST", "extensions/", {**body, "sittings": [sitting.pk], "group": ""})[1]
    assert (told["left_out"], [each["sitting"] for each in told["extended"]]) == ([], [sitting.pk])


def test_a_dry_run_refuses_a_key_that_is_too_long(course, world):
    body = {"sitting": world.ids["sitting_id"], "reason": "The power failed.", "dry_run": True}
    status, refused = course("POST", "voids/", body, headers={"Idempotency-Key": "k" * 201})
    assert (status, refused["code"]) == (400, "invalid_request")
    assert course("POST", "voids/", body, headers={"Idempotency-Key": "k" * 200})[0] == 200


def test_an_accommodation_is_shown_with_its_learner(course, world):
    body = {"learner": world.ids["learner_id"], "multiplier": "1.25", "reason": "Reads by ear."}
    assert course("POST", "accommodations/", body)[1]["multiplier"] == "1.25"
    assert course("GET", f"learners/{world.ids['learner_id']}/")[1]["multiplier"] == "1.25"
    assert course("POST", "accommodations/", {**body, "reason": " "})[1]["code"] == "reason_missing"
    assert course("POST", "accommodations/", {**body, "learner": "9" * 18})[1]["code"] == "not_found"


def test_staff_without_a_second_factor_reach_nothing(course, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    status, refused = course("GET", "gradebook/")
    assert (status, refused["code"]) == (403, "second_factor_needed")


def test_a_learner_signed_in_by_a_browser_learns_of_no_gradebook(world):
    browser = Client()
    browser.force_login(world.people["ada"])
    answer = browser.get(f"/api/v1/courses/{world.ids['slug']}/gradebook/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_correct_answers_are_released_and_held_back_again(course, world):
    Assessment.objects.filter(pk=world.ids["exam"]).update(show={"key": "release", "explanation": "release"})
    exam = {"assessment": world.ids["exam"], "reason": "All have sat it."}
    (before,) = (row for row in course("GET", "releases/")[1]["assessments"] if row["assessment"] == world.ids["exam"])
    show = {"verdict": "attempt", "score": "attempt", "key": "release", "explanation": "release"}
    assert (before["show"], before["released_at"]) == (show, None)
    status, done = course("POST", "releases/", exam)
    assert (status, done["released_by"], done["released_at"] is None) == (
        201,
        world.people["instructor"].username,
        False,
    )
    assert course("POST", "releases/", exam)[1]["code"] == "already_released"
    assert course("POST", "releases/undo/", exam)[1] == before
    assert course("POST", "releases/undo/", exam)[1]["code"] == "nothing_to_undo"
    review = {**exam, "assessment": world.ids["assessment_id"]}
    assert course("POST", "releases/", review)[1]["code"] == "nothing_held_back"
