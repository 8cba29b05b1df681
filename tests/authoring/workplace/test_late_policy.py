"""The page and the API call that change a late policy, after a preview of the grades that move (D34, D23)."""

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags

from authoring.services import Movement
from course.models import Course
from grading.selectors.grades import course_grade
from people.models import Enrollment
from quizzes.models import Assessment
from records.models import AuditEntry
from tests.authoring.test_course_folder import learner_with, load
from tests.authoring.test_late_policy import late_course
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/dates/late/"
TEN = {"percent_per_day": "10", "grace_minutes": "0", "lowest_percent": "0"}
TWENTY = {"percent_per_day": 20, "grace_minutes": 0, "lowest_percent": 30}


@pytest.fixture
def course():
    load(late_course())
    return Course.objects.get()


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course))
    return client


def accepted_on(page):
    return page.content.decode().partition('name="accepted" value="')[2].partition('"')[0]


def percent(learner):
    return course_grade(learner.pk, Course.objects.get().pk).percent


def test_a_policy_of_the_course_moves_grades_only_after_they_were_shown(teacher, course):
    learner = learner_with({"second-true": True})
    assert "Counts less after" in teacher.get(f"{PAGE}?of=course").content.decode()
    shown = teacher.post(f"{PAGE}?of=course", TEN)
    assert (shown.status_code, percent(learner)) == (409, "60.0")
    moved = shown.content.decode().partition("After publishing")[2]
    assert moved.index("60.0") < moved.index("80.0") < moved.index("passes")
    done = teacher.post(f"{PAGE}?of=course", {**TEN, "accepted": accepted_on(shown)})
    assert (done.status_code, percent(learner)) == (302, "80.0")
    entry = AuditEntry.objects.get(action="change_late_policy")
    assert (entry.target, entry.details["moved_grades"]) == ("file:course.yaml", 1)
    again = teacher.post(f"{PAGE}?of=course", {"percent_per_day": "0"})
    teacher.post(f"{PAGE}?of=course", {"percent_per_day": "0", "accepted": accepted_on(again)})
    assert percent(learner) == "100.0"
    assert "late:" not in Course.objects.get().source


@pytest.mark.parametrize(
    ("had", "has", "words"),
    [
        (False, True, "passes"),
        (True, False, "falls below the pass mark"),
        (True, True, ""),
        (False, False, ""),
    ],
)
def test_a_preview_says_in_which_direction_a_learner_crosses_the_pass_mark(had, has, words):
    moved = Movement("ada", "60.0", "80.0", is_fall=False, had_passed=had, has_passed=has, name="Ada")
    row = render_to_string("authoring/movements.html", {"movements": [moved]}).partition("80.0</td>")[2]
    assert " ".join(strip_tags(row).split()) == words


def test_a_preview_names_each_learner_and_a_new_name_does_not_make_it_stale(teacher, course):
    learner = learner_with({"second-true": True})
    Enrollment.objects.filter(user=learner).update(name="Ada Byron")
    shown = teacher.post(f"{PAGE}?of=course", TEN)
    assert f"Ada Byron ({learner.username})" in strip_tags(shown.content.decode())
    Enrollment.objects.filter(user=learner).update(name="Ada Lovelace")
    assert teacher.post(f"{PAGE}?of=course", {**TEN, "accepted": accepted_on(shown)}).status_code == 302


def test_review_questions_have_their_own_policy_until_they_inherit_again(teacher, course):
    review = Assessment.objects.get(key="second-review")
    address = f"{PAGE}?of={review.pk}"
    assert teacher.post(address, {**TEN, "percent_per_day": "5"}).status_code == 302
    assert Assessment.objects.get(pk=review.pk).late["percent_per_day"] == 5
    assert teacher.post(address, {"inherits": "on"}).status_code == 302
    assert Assessment.objects.get(pk=review.pk).late == TWENTY
    assert teacher.post(address, {**TEN, "percent_per_day": "101"}).status_code == 400
    assert teacher.get(f"{PAGE}?of=nothing").status_code == 404
