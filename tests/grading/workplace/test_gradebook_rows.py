"""What a row of the gradebook tells: what runs, what is so far, and the learner's groups."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.selectors.grades import course_grade
from people.models import LearnerGroup
from quizzes import services
from tests import factories as make
from tests.grading.workplace.test_gradebook import answer, course, learners_of, teacher
from tests.statements import counted_statements

__all__ = ["course", "teacher"]  # fixtures
pytestmark = pytest.mark.django_db


def words_in(page):
    """Return the words of each row of the table, cell by cell, as a screen reader has them."""
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    body = re.sub(r'<span[^>]*aria-hidden="true"[^>]*>[^<]*</span\s*>', "", body)
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<(?:td|th)[ >].*?</(?:td|th)\s*>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in row] for row in cells]


def test_a_running_exam_is_running_and_no_zero(client, course, teacher):
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    services.start_sitting(learner=learner, assessment=exam, now=timezone.now())
    (row,) = words_in(client.get(reverse("gradebook", args=["deep"])))
    assert row[4] == "running"
    question = learner.sittings.get().questions.first().question
    services.check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=timezone.now()
    )
    (row,) = words_in(client.get(reverse("gradebook", args=["deep"])))
    assert row[4] == "50.0 running"
    services.override_score(
        course=course,
        assessment_id=exam.pk,
        learner_id=learner.pk,
        points=Decimal(0),
        reason="r",
        author=teacher,
        now=timezone.now(),
    )
    (row,) = words_in(client.get(reverse("gradebook", args=["deep"])))
    assert row[4] == "0.0 (given by an instructor)"


def test_so_far_counts_what_is_answered_and_overall_counts_the_rest_as_zero(client, course, teacher):
    review = make.make_review(course=course, questions=4)
    make.make_exam(course=course)
    one, _nobody = (make.enroll(course=course, user=make.make_user(username=name)) for name in ("ada", "ben"))
    first, second, *_ = review.questions.order_by("position")
    answer(one, first, is_right=True)
    answer(one, second, is_right=False)
    begun, unbegun = words_in(client.get(reverse("gradebook", args=["deep"])))
    assert begun[1:3] == ["12.5", "50.0"]
    assert unbegun[1:3] == ["not started", "nothing answered"]
    of_reviews = next(group for group in course_grade(one.pk, course.pk).categories if group.of == "review")
    assert of_reviews.answered_percent == begun[2]


def test_groups_are_shown_at_the_cost_of_one_statement(client, course, teacher):
    review = make.make_review(course=course, questions=1)
    ada, _ben = learners_of(course, review, 2)
    address = reverse("gradebook", args=["deep"])
    with counted_statements() as without:
        assert ">Groups<" not in client.get(address).content.decode()
    for name in ("Monday", "Advanced"):
        LearnerGroup.objects.create(course=course, name=name).enrollments.add(ada.enrollments.get())
    with counted_statements() as within:
        page = client.get(address)
    assert [row[-2] for row in words_in(page)] == ["Advanced, Monday", ""]
    assert len(within) == len(without) + 1


def test_each_cell_leads_to_its_page(client, course, teacher):
    review = make.make_review(course=course, questions=1)
    learner = make.enroll(course=course)
    page = client.get(reverse("gradebook", args=["deep"])).content.decode()
    assert re.findall(r'class="cell[^"]*"\s+href="([^"]*)"', page) == [
        reverse("gradebook_cell", args=["deep", learner.pk, review.pk])
    ]
