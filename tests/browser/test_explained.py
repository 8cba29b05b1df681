"""The pages that explain a score, with questions that were left open, regraded and removed, and the cell of a lab."""

import pytest
from django.utils import timezone

from grading.services import Cause, GradeAction
from labs.models import Lab
from quizzes import services
from tests import factories as make
from tests.browser import course as demo
from tests.browser.shots import look_at
from tests.labs.test_grading import finish, load, rows_of
from tests.portal.changed_questions import regrade
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def admin():
    return make.make_user(username="ada", is_staff=True, is_superuser=True)


@pytest.fixture
def review(course, learner, admin):
    """The demo's review, with a right, a wrong, an open, a voided, a credited and a removed question."""
    review = demo.review_of(course)
    right, wrong, gone, credited, removed, *_open = review.questions.order_by("position")
    for question, is_right in ((right, True), (wrong, False), (removed, False)):
        services.check_response(
            learner=learner,
            question_id=question.pk,
            response=demo.response(question, is_right=is_right),
            number=1,
            now=timezone.now(),
        )
    regrade(admin, gone, "void", lowers=True)
    regrade(admin, credited, "credit")
    make.retire(removed)
    action = GradeAction(Cause.COURSE_LOAD, timezone.now())
    services.rescore_assessments(course_id=course.pk, assessment_ids=[review.pk], action=action)
    return review


def test_the_learner_and_the_instructor_see_how_a_score_adds_up(open_page, look, course, learner, admin, review):
    page = open_page(look, user=learner)
    page.goto(f"/assessments/{review.pk}/attempts/")
    look_at(page, "explained-history", look)
    received = page.get_by_role("row").nth(1).get_by_role("cell").nth(3)
    hidden = page.evaluate(
        "() => [...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth).length"
    )
    assert (received.get_by_role("time").count(), hidden) == (
        1,
        0,
    )  # no column has to be scrolled to, on a phone either
    page.goto(f"/courses/{course.slug}/progress/")
    look_at(page, "explained-progress", look)
    page = open_page(look, user=admin)
    page.goto(f"/admin/courses/{course.slug}/gradebook/{learner.pk}/{review.pk}/")
    look_at(page, "explained-cell", look)


def test_the_cell_of_a_lab_shows_its_runs(open_page, look, admin):
    lab = Lab.objects.get(course=load())
    learner = make.enroll(course=lab.course)
    finish(lab, learner, rows_of("failed", "passed"))
    rows = rows_of("passed", "failed")
    finish(lab, learner, [rows[0], {**rows[1], "message": "two is 2."}])
    page = open_page(look, user=admin)
    page.goto(f"/admin/courses/{lab.course.slug}/gradebook/{learner.pk}/{lab.pk}/")
    look_at(page, "explained-lab", look)
