"""What the API shows and changes for one group of the class, as the workplace does."""

import pytest

from accounts.models import User
from people.models import LearnerGroup
from people.services import remove_learner, set_groups
from quizzes.models import Sitting
from quizzes.services import compute_analysis, start_sitting
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher(world):
    return world.client("robot")


@pytest.fixture
def course(world):
    return f"/api/v1/courses/{world.ids['slug']}"


@pytest.fixture(autouse=True)
def groups(world):
    """Ada, whose exam is running, is in Monday, and Bob, whose exam is running too, in Tuesday."""
    exam = Sitting.objects.get(pk=world.ids["sitting_id"]).assessment
    for name, group in (("ada", "Monday"), ("bob", "Tuesday")):
        said = {"author": world.people["instructor"], "now": make.NOW}
        set_groups(course=exam.course, learner_id=world.people[name].pk, names=[group], **said)
    started = Sitting.objects.get(pk=world.ids["sitting_id"]).started_at
    start_sitting(learner=world.people["bob"], assessment=exam, now=started)
    return exam.course


def id_of(world, name):
    return str(world.people[name].pk)


def learners(answer, key="results"):
    return [row["learner"]["id"] for row in answer.json()[key]]


def test_the_class_is_listed_by_group_and_by_presence(world, teacher, course, groups):
    where = f"{course}/learners/"
    everyone = teacher.get(where).json()["results"]
    assert {"ada", "bob"} <= {
        name for name in world.people if id_of(world, name) in [r["learner"]["id"] for r in everyone]
    }
    assert learners(teacher.get(where, {"group": "Monday"})) == [id_of(world, "ada")]
    [ada] = teacher.get(where, {"group": "Monday"}).json()["results"]
    assert (ada["groups"], ada["email"], ada["removed_at"]) == (["Monday"], world.people["ada"].email, None)
    said = {"course": groups, "author": world.people["instructor"], "now": make.NOW}
    remove_learner(learner_id=world.people["ada"].pk, reason="moved", **said)
    assert learners(teacher.get(where, {"group": "Monday"})) == []
    assert learners(teacher.get(where, {"group": "Monday", "show": "left"})) == [id_of(world, "ada")]
    assert teacher.get(where, {"show": "everyone"}).status_code == 400


def test_running_exams_are_listed_and_changed_by_group(world, teacher, course):
    assert sorted(learners(teacher.get(f"{course}/running-exams/"), "sittings")) == sorted(
        [id_of(world, "ada"), id_of(world, "bob")]
    )
    [row] = teacher.get(f"{course}/running-exams/", {"group": "Monday"}).json()["sittings"]
    assert (row["learner"]["id"], row["sitting"]["id"]) == (id_of(world, "ada"), world.ids["sitting_id"])
    body = {"sittings": None, "group": "Monday", "reason": "The room was late."}
    added = teacher.post(f"{course}/extensions/", {**body, "minutes": 5}).json()
    assert [each["sitting"] for each in added["extended"]] == [world.ids["sitting_id"]]
    paused = teacher.post(f"{course}/pauses/", {**body, "hours": 1}).json()
    assert [each["sitting"] for each in paused["paused"]] == [world.ids["sitting_id"]]
    resumed = teacher.post(f"{course}/pauses/resume/", body).json()
    assert [each["sitting"] for each in resumed["resumed"]] == [world.ids["sitting_id"]]


def test_of_a_group_the_exams_with_a_clock_change_beside_one_without(world, teacher, course, groups):
    learner = make.enroll(course=groups)
    set_groups(course=groups, learner_id=learner.pk, names=["Monday"], author=world.people["instructor"], now=make.NOW)
    started = Sitting.objects.get(pk=world.ids["sitting_id"]).started_at
    untimed, _ = start_sitting(learner=learner, assessment=make.make_exam(course=groups, time_limit=None), now=started)
    body = {"sittings": None, "group": "Monday", "reason": "The room was late."}
    asked = {"extensions": {"minutes": 5}, "pauses": {"hours": 1}, "pauses/resume": {}}
    answers = [teacher.post(f"{course}/{what}/", body | more) for what, more in asked.items()]
    done = [answer.json()[key] for answer, key in zip(answers, ("extended", "paused", "resumed"), strict=True)]
    assert [[each["sitting"] for each in rows] for rows in done] == [[world.ids["sitting_id"]]] * 3
    Sitting.objects.filter(pk=world.ids["sitting_id"]).update(is_void=True)
    refused = [teacher.post(f"{course}/{what}/", body | more).json()["code"] for what, more in asked.items()]
    assert refused == ["no_time_limit"] * 3
    assert Sitting.objects.get(pk=untimed.pk).deadline_at == untimed.deadline_at


def test_a_group_without_running_exams_gets_nothing_and_nobody_else_does(world, teacher, course, groups):
    idle = make.enroll(course=groups)
    said = {"author": world.people["instructor"], "now": make.NOW}
    set_groups(course=groups, learner_id=idle.pk, names=["Idle"], **said)
    body = {"sittings": None, "group": "Idle", "reason": "The room was late.", "minutes": 5}
    assert teacher.post(f"{course}/extensions/", body).json()["extended"] == []
    assert Sitting.objects.filter(extensions__isnull=False).count() == 0


def test_the_analysis_of_questions_is_of_everyone_or_of_a_group(world, teacher, course):
    where = f"{course}/analyses/{world.ids['assessment_id']}/"
    waiting = teacher.get(where).json()
    assert (waiting["computed_at"], waiting["learners"], waiting["questions"]) == (None, 0, [])
    compute_analysis(assessment_id=world.ids["assessment_id"], now=make.NOW)
    found = {each["question"]: each for each in teacher.get(where).json()["questions"]}
    assert (found[world.ids["begun"]]["asked"], found[world.ids["begun"]]["facility"]) == (1, 0.0)
    asked = {group: teacher.get(where, {"group": group}).json()["learners"] for group in ("Monday", "Tuesday")}
    assert asked == {"Monday": 1, "Tuesday": 0}
    elsewhere = make.make_review(course=make.make_course())
    assert teacher.get(f"{course}/analyses/{elsewhere.pk}/").status_code == 404


def test_a_group_of_another_course_is_unknown_everywhere_and_nothing_is_changed(world, teacher, course):
    LearnerGroup.objects.create(course=make.make_course(), name="Elsewhere")
    reading = ("gradebook", "learners", "running-exams", "help-requests", f"analyses/{world.ids['assessment_id']}")
    for name in ("Elsewhere", "", "\0"):
        for page in reading:
            answer = teacher.get(f"{course}/{page}/", {"group": name})
            assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), page
    body = {"sittings": None, "group": "Elsewhere", "reason": "late"}
    given = {
        "assessment": world.ids["assessment_id"],
        "extra": 1,
        "reason": "late",
        "learners": [],
        "group": "Elsewhere",
    }
    changing = {
        "extensions": {**body, "minutes": 5},
        "pauses": body,
        "pauses/resume": body,
        "extra-attempts": given,
        "announcements/posted": {"title": "x", "text": "x", "audience": "group", "group": "Elsewhere"},
    }
    for page, body in changing.items():
        assert teacher.post(f"{course}/{page}/", body).status_code == 400, page
    both = {"sittings": [world.ids["sitting_id"]], "group": "Monday", "reason": "late", "minutes": 5}
    assert teacher.post(f"{course}/extensions/", both).status_code == 400
    assert Sitting.objects.filter(extensions__isnull=False).count() == 0
    assert User.objects.filter(enrollments__groups__name="Elsewhere").count() == 0
