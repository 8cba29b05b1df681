"""What staff change about sittings: void ones, more time, pauses, extra attempts."""

from datetime import timedelta

import pytest

from people.services import set_groups
from quizzes.models import ExtraAttempts, Sitting, SittingExtension
from quizzes.rules.full_servers import Holder, HolderKind
from quizzes.services import record_full, start_sitting
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_courses_voids_let_the_exam_be_sat_again_and_keep_the_sitting(staff, world):
    sitting, why = world.ids["sitting_id"], {"reason": "The power failed."}
    assert staff("POST", "voids/", {"sitting": sitting, **why, "dry_run": True})[0] == 200
    assert staff("POST", "voids/", {"sitting": sitting, **why})[1]["is_void"] is True
    start = f"/api/v1/assessments/{world.ids['exam']}/sitting/"
    assert world.client("ada").post(start).status_code == 201
    assert staff("POST", "voids/undo/", {"sitting": sitting, **why})[1]["code"] == "sitting_replaced"
    listed = staff("GET", f"learners/{world.ids['learner_id']}/")[1]["sittings"]
    assert [found["is_void"] for found in listed] == [False, True]


def test_courses_voids_refuse_a_key_that_is_too_long_in_a_dry_run(staff, world):
    body = {"sitting": world.ids["sitting_id"], "reason": "The power failed.", "dry_run": True}
    status, refused = staff("POST", "voids/", body, headers={"Idempotency-Key": "k" * 201})
    assert (status, refused["code"]) == (400, "invalid_request")
    assert staff("POST", "voids/", body, headers={"Idempotency-Key": "k" * 200})[0] == 200


def test_courses_extensions_sent_twice_with_one_key_are_added_once(staff, world):
    body = {"sittings": None, "minutes": 10, "reason": "The alarm rang."}
    key = {"headers": {"Idempotency-Key": "alarm"}}
    before = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
    first, again = (staff("POST", "extensions/", body, **key) for _ in range(2))
    after = Sitting.objects.get(pk=world.ids["sitting_id"]).deadline_at
    assert (first, (after - before).total_seconds()) == (again, 600)
    assert first[1]["extended"][0]["sitting"] == world.ids["sitting_id"]


def test_courses_extensions_of_two_people_or_of_two_long_keys_are_all_added(staff, world):
    body = {"sittings": None, "minutes": 10, "reason": "The alarm rang."}
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    long = ["k" * 80 + each for each in ("", "1", "2")]
    for key in long:
        assert staff("POST", "extensions/", body, headers={"Idempotency-Key": key})[1]["repeated"] == []
    address = f"/api/v1/courses/{world.ids['slug']}/extensions/"
    told = world.client("assistant").post(address, body, headers={"Idempotency-Key": long[0]})
    assert (told.status_code, told.json()["repeated"]) == (201, [])
    again = Sitting.objects.get(pk=sitting.pk)
    assert (again.deadline_at - sitting.deadline_at).total_seconds() == 4 * 600


@pytest.mark.parametrize(
    ("asked", "seconds", "minutes"), [({"seconds": 93}, 93, 2), ({"seconds": 60}, 60, 1), ({"minutes": 2}, 120, 2)]
)
def test_courses_extensions_add_seconds_exactly_and_read_minutes_rounded_up(staff, world, asked, seconds, minutes):
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    status, told = staff("POST", "extensions/", {"sittings": [sitting.pk], "reason": "The alarm rang.", **asked})
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
def test_courses_extensions_take_either_seconds_or_minutes_and_say_what_is_wrong(staff, world, asked, field, detail):
    status, told = staff("POST", "extensions/", {"sittings": None, "reason": "The alarm rang.", **asked})
    (error,) = told["errors"]
    assert (status, error["field"], error["detail"]) == (400, field, detail)
    assert SittingExtension.objects.count() == 0


@pytest.mark.parametrize("all_of", [{}, {"group": "Monday"}], ids=["everyone", "a group"])
def test_courses_extensions_reach_who_held_a_full_server_only_by_name(staff, world, all_of):
    sitting = Sitting.objects.get(pk=world.ids["sitting_id"])
    teacher = make.make_user()
    here = {"course": sitting.assessment.course, "author": teacher, "now": make.NOW}
    set_groups(learner_id=sitting.learner_id, names=["Monday"], **here)
    holder = Holder(HolderKind.PERSON, "192.0.2.7", sitting.learner_id, 900)
    began = sitting.started_at
    record_full(from_at=began, until_at=began + timedelta(seconds=93), holders=[holder], now=began + timedelta(hours=1))
    body = {"sittings": None, "seconds": 93, "reason": "The server was full.", **all_of}
    told = staff("POST", "extensions/", body)[1]
    assert (sitting.pk in told["left_out"], [each["sitting"] for each in told["extended"]].count(sitting.pk)) == (
        True,
        0,
    )
    told = staff("POST", "extensions/", {**body, "sittings": [sitting.pk], "group": ""})[1]
    assert (told["left_out"], [each["sitting"] for each in told["extended"]]) == ([], [sitting.pk])


def test_courses_accommodations_are_shown_with_their_learner(staff, world):
    body = {"learner": world.ids["learner_id"], "multiplier": "1.25", "reason": "Reads by ear."}
    assert staff("POST", "accommodations/", body)[1]["multiplier"] == "1.25"
    assert staff("GET", f"learners/{world.ids['learner_id']}/")[1]["multiplier"] == "1.25"
    assert staff("POST", "accommodations/", {**body, "reason": " "})[1]["code"] == "reason_missing"
    assert staff("POST", "accommodations/", {**body, "learner": "9" * 18})[1]["code"] == "not_found"


def test_courses_pauses_of_a_group_reach_the_exams_with_a_clock_as_extensions_do(staff, world, groups):
    learner = make.enroll(course=groups)
    set_groups(course=groups, learner_id=learner.pk, names=["Monday"], author=world.people["instructor"], now=make.NOW)
    started = Sitting.objects.get(pk=world.ids["sitting_id"]).started_at
    untimed, _ = start_sitting(learner=learner, assessment=make.make_exam(course=groups, time_limit=None), now=started)
    body = {"sittings": None, "group": "Monday", "reason": "The room was late."}
    asked = {"extensions": {"minutes": 5}, "pauses": {"hours": 1}, "pauses/resume": {}}
    answers = [staff("POST", f"{what}/", body | more)[1] for what, more in asked.items()]
    done = [answer[key] for answer, key in zip(answers, ("extended", "paused", "resumed"), strict=True)]
    assert [[each["sitting"] for each in rows] for rows in done] == [[world.ids["sitting_id"]]] * 3
    Sitting.objects.filter(pk=world.ids["sitting_id"]).update(is_void=True)
    refused = [staff("POST", f"{what}/", body | more)[1]["code"] for what, more in asked.items()]
    assert refused == ["no_time_limit"] * 3
    assert Sitting.objects.get(pk=untimed.pk).deadline_at == untimed.deadline_at


def test_courses_extensions_of_a_group_without_running_exams_reach_nobody(staff, world, groups):
    idle = make.enroll(course=groups)
    said = {"author": world.people["instructor"], "now": make.NOW}
    set_groups(course=groups, learner_id=idle.pk, names=["Idle"], **said)
    body = {"sittings": None, "group": "Idle", "reason": "The room was late.", "minutes": 5}
    assert staff("POST", "extensions/", body)[1]["extended"] == []
    assert Sitting.objects.filter(extensions__isnull=False).count() == 0


def test_courses_voids_undo_makes_a_sitting_count_again(staff, world):
    body = {"sitting": world.ids["sitting_id"], "reason": "The power failed."}
    assert [staff("POST", path, body)[1]["is_void"] for path in ("voids/", "voids/undo/")] == [True, False]
    assert staff("POST", "voids/undo/", body)[1]["code"] == "nothing_to_undo"


def test_courses_pauses_resume_gives_back_the_time_of_the_pause(staff, world):
    body = {"sittings": [world.ids["sitting_id"]], "reason": "The alarm rang."}
    assert staff("POST", "pauses/", {**body, "hours": 1})[0] == 201
    status, told = staff("POST", "pauses/resume/", body)
    assert (status, [each["sitting"] for each in told["resumed"]]) == (201, body["sittings"])
    assert Sitting.objects.get(pk=world.ids["sitting_id"]).paused_at is None


def test_courses_extra_attempts_are_previewed_and_given_without_telling_the_reason(staff, world):
    assessment, why = world.ids["assessment_id"], "private words"
    body = {"assessment": assessment, "learners": [world.ids["learner_id"]], "extra": 1, "reason": why}
    status, seen = staff("POST", "extra-attempts/", {**body, "dry_run": True})
    assert (status, ExtraAttempts.objects.count()) == (200, 0)
    assert staff("POST", "extra-attempts/", {**body, "expected": seen["expected"]}) == (201, seen)
    (row,) = seen["learners"]
    assert (row["before"], row["after"], row["questions"], row["changes"]) == (0, 1, 1, True)
    assert why not in str(seen)
    assert staff("POST", "extra-attempts/", {**body, "learners": []})[0] == 400
