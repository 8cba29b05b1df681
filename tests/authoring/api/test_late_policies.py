"""Late policies over the API: previewed, and exactly that change (D34, D23)."""

import pytest

from course.models import Course
from quizzes.models import Assessment
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.test_late_policy import late_course
from tests.authoring.workplace.test_late_policy import percent

pytestmark = pytest.mark.django_db
API = "/api/v1/courses/nasty/late-policies/"


@pytest.fixture
def course():
    load(late_course())
    return Course.objects.get()


def test_courses_late_policies_change_exactly_as_previewed(teacher, course):
    learner = learner_with({"second-true": True})
    body = {"assessment": None, "policy": {"percent_per_day": 10}}

    def post(**more):
        return teacher.post(API, {**body, **more}, content_type="application/json")

    preview = post(dry_run=True).json()
    moved = {"username": learner.username, "before": "60.0", "after": "80.0", "had_passed": False, "has_passed": True}
    assert (preview["is_written"], preview["movements"], percent(learner)) == (False, [moved], "60.0")
    assert (post().json()["code"], percent(learner)) == ("preview_stale", "60.0")
    assert (post(expected=preview["expected"]).json()["is_written"], percent(learner)) == (True, "80.0")
    own = {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 0}
    listed = {each["title"]: each for each in teacher.get(API).json()["policies"]}
    assert (listed[""]["own"], listed[""]["in_force"]) == (own, None)
    assert [each["in_force"] for each in listed.values() if each["is_due"] and each["assessment"]] == [own]


def test_courses_late_policies_of_what_is_never_due_are_refused_with_the_mistake(teacher, course):
    exam = Assessment.objects.get(kind="exam")
    answer = teacher.post(
        API, {"assessment": exam.pk, "policy": {"percent_per_day": 10}}, content_type="application/json"
    )
    assert (answer.status_code, "needs a due date" in answer.content.decode()) == (400, True)
