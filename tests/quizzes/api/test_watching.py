"""What staff see of learners, of running exams, and of the questions: of everyone or of a group."""

import pytest

from quizzes.services import compute_analysis
from tests import factories as make

pytestmark = pytest.mark.django_db


def id_of(world, name):
    return str(world.people[name].pk)


def test_courses_running_exams_are_listed_and_changed_by_group(staff, world, groups):
    everyone = [row["learner"]["id"] for row in staff("GET", "running-exams/")[1]["sittings"]]
    assert sorted(everyone) == sorted([id_of(world, "ada"), id_of(world, "bob")])
    [row] = staff("GET", "running-exams/", {"group": "Monday"})[1]["sittings"]
    assert (row["learner"]["id"], row["sitting"]["id"]) == (id_of(world, "ada"), world.ids["sitting_id"])
    body = {"sittings": None, "group": "Monday", "reason": "The room was late."}
    asked = {"extensions/": {"minutes": 5}, "pauses/": {"hours": 1}, "pauses/resume/": {}}
    answers = [staff("POST", path, body | more)[1] for path, more in asked.items()]
    done = [answer[key] for answer, key in zip(answers, ("extended", "paused", "resumed"), strict=True)]
    assert [[each["sitting"] for each in rows] for rows in done] == [[world.ids["sitting_id"]]] * 3


def test_courses_analyses_are_of_everyone_or_of_a_group(staff, world, groups):
    where = f"analyses/{world.ids['assessment_id']}/"
    waiting = staff("GET", where)[1]
    assert (waiting["computed_at"], waiting["learners"], waiting["questions"]) == (None, 0, [])
    compute_analysis(assessment_id=world.ids["assessment_id"], now=make.NOW)
    found = {each["question"]: each for each in staff("GET", where)[1]["questions"]}
    assert (found[world.ids["begun"]]["asked"], found[world.ids["begun"]]["facility"]) == (1, 0.0)
    asked = {group: staff("GET", where, {"group": group})[1]["learners"] for group in ("Monday", "Tuesday")}
    assert asked == {"Monday": 1, "Tuesday": 0}
    elsewhere = make.make_review(course=make.make_course())
    assert staff("GET", f"analyses/{elsewhere.pk}/")[0] == 404


def test_courses_learners_have_their_grade_and_their_sittings(staff, world):
    told = staff("GET", f"learners/{world.ids['learner_id']}/")[1]
    own = world.client("ada").get(f"/api/v1/courses/{world.ids['slug']}/progress/").json()
    assert (told["progress"], [each["id"] for each in told["sittings"]]) == (own, [world.ids["sitting_id"]])
