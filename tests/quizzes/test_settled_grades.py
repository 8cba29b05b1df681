"""A grade is read only after settling what is due, and only within the settled scope (D9)."""

from datetime import timedelta

import pytest

from grading.selectors import scheme_of
from grading.services import settle_grades, settled_grade
from quizzes import services
from quizzes.models import Sitting
from quizzes.selectors import review_line
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A learner whose exam is over, with a right draft that is not graded yet."""
    course = make.make_course()
    review, exam = make.make_review(course=course), make.make_exam(course=course, drawn=1, pool=1)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=make.NOW)
    question = exam.questions.get()
    services.save_draft(
        learner=learner, question_id=question.pk, response=make.right(question), revision=0, now=make.NOW
    )
    return course, review, exam, learner, sitting


def test_one_call_settles_and_reads(world):
    course, _, exam, learner, sitting = world
    later = sitting.deadline_at + timedelta(days=1)
    grade = settled_grade(learner_id=learner.pk, course_id=course.pk, now=later)
    assert grade.item(exam.pk).state == "done"
    assert grade.percent == "50.0"
    assert Sitting.objects.get().settled_at == later


@pytest.mark.parametrize("read", ["grade", "ledgers"])
def test_every_reader_of_a_settled_course_sees_what_was_due(world, read):
    course, _, exam, learner, sitting = world
    grades = settle_grades(now=sitting.deadline_at + timedelta(days=1), course_id=course.pk)
    found = grades.grade(learner.pk, course.pk).item(exam.pk)
    if read == "ledgers":
        found = grades.ledgers(course.pk, [learner.pk])[learner.pk].row(exam.pk)
    assert found.state == "done"


def test_a_grade_costs_one_statement_more_than_reading_it(world):
    course, _, _, learner, _ = world
    with counted_statements() as statements:
        settled_grade(learner_id=learner.pk, course_id=course.pk, now=make.NOW)
    assert len(statements) == 2


def test_grades_outside_the_scope_are_refused(world):
    course, _, _, learner, _ = world
    mine = settle_grades(now=make.NOW, learner_id=learner.pk)
    here = settle_grades(now=make.NOW, course_id=course.pk)
    for read in (
        lambda: mine.grade(learner.pk + 1, course.pk),
        lambda: mine.ledgers(course.pk, [learner.pk, learner.pk + 1]),
        lambda: mine.percent_to_sort_by(course.pk),
        lambda: mine.holds_certificate(course.pk),
        lambda: here.grade(learner.pk, course.pk + 1),
        lambda: here.ledgers(course.pk + 1, [learner.pk]),
        lambda: here.percent_to_sort_by(course.pk + 1),
    ):
        with pytest.raises(ValueError, match=r"only .* is settled"):
            read()


def test_a_review_has_no_deadline_and_its_line_needs_no_settling(world):
    _, review, exam, learner, _ = world
    assert review_line(review, learner.pk, make.NOW).state == "not_started"
    with pytest.raises(ValueError, match="an exam must be settled"):
        review_line(exam, learner.pk, make.NOW)


def test_the_scheme_belongs_to_no_learner(world):
    course, *_ = world
    assert {item.state for item in scheme_of(course.pk).items} == {"not_started"}
