"""Copies of learners have the same records and grades as the originals, and grades that follow from them."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from accounts.models import User
from grading.models import Certificate, GradeChange, Score
from grading.selectors.grades import course_grade
from lessons.models import LessonVisit
from operations.services import copy_histories, copying, seed_demo, verify_grades
from quizzes.models import Attempt, Question, Sitting, SittingQuestion
from quizzes.services import check_response
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    course = make.make_course()
    review = make.make_review(course=course, kinds=sorted(make.SOURCES))
    make.make_lesson(module=review.module)
    make.make_exam(course=course, drawn=6, pool=12, kinds=sorted(make.SOURCES))
    return course


@pytest.fixture
def originals(course):
    return [
        *seed_demo(learners=3, stage="graded", seed=3, slug=course.slug, now=make.NOW),
        *seed_demo(learners=1, stage="midterm", seed=4, slug=course.slug, now=make.NOW),
    ]


def test_copies_have_the_grades_of_their_originals_and_verify(course, originals):
    models = (LessonVisit, Sitting, SittingQuestion, Attempt, Score, GradeChange, Certificate)
    before = [model.objects.count() for model in models]
    assert min(before) > 0
    assert list(copy_histories(usernames=originals, copies=5)) == [20]
    assert [model.objects.count() for model in models] == [number * 6 for number in before]
    for username in originals:
        same = User.objects.filter(username__startswith=username)
        assert same.count() == 6
        assert len({course_grade(user.pk, course.pk).exact for user in same}) == 1
    assert list(verify_grades(now=make.NOW)) == []


def test_a_copy_goes_on_like_anyone_else(course):
    (original,) = seed_demo(learners=1, stage="midterm", seed=1, slug=course.slug, now=make.NOW)
    list(copy_histories(usernames=[original], copies=1))
    copy = User.objects.get(username=f"{original}-1")
    question = course_questions(course).exclude(attempts__sitting__learner=copy).first()
    check_response(learner=copy, question_id=question.pk, response=make.right(question), number=1, now=make.NOW)
    assert Attempt.objects.filter(sitting__learner=copy).count() == 1 + (
        Attempt.objects.filter(sitting__learner__username=original).count()
    )
    assert list(verify_grades(now=make.NOW)) == []


def course_questions(course):
    return Question.objects.filter(assessment__course=course, assessment__kind="review")


def test_an_interrupted_run_is_continued(originals, monkeypatch):
    monkeypatch.setattr(copying, "AT_ONCE", 8)
    running = copy_histories(usernames=originals, copies=5)
    assert next(running) == 8
    running.close()
    assert list(copy_histories(usernames=originals, copies=5)) == [16, 20]
    copies = User.objects.filter(username__startswith="demo-").values("username").annotate(times=Count("pk"))
    assert [row["times"] for row in copies] == [1] * 24


def test_any_number_of_copies_costs_the_same_statements(originals):
    costs = []
    for copies in (1, copying.AT_ONCE // len(originals)):
        with counted_statements() as statements:
            list(copy_histories(usernames=originals, copies=copies))
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_the_command_copies_the_learners_it_makes(course, capsys):
    call_command("seed_demo", learners=2, stage="midterm", seed=9, copies=3)
    assert capsys.readouterr().out.splitlines()[0] == "6 of 6 copies"
    call_command("verify_grades")
    assert User.objects.filter(username__startswith="demo-9-").count() == 8


def test_a_sample_is_spread_over_all_accounts(course, originals, monkeypatch):
    monkeypatch.setattr("operations.services.verification.CHUNK", 4)
    list(copy_histories(usernames=originals, copies=4))
    Score.objects.filter(learner__username=f"{originals[0]}-3").update(points_answered=0)
    assert list(verify_grades(now=make.NOW, sample=20)) != []
    assert list(verify_grades(now=make.NOW, sample=4)) == []
    with pytest.raises(CommandError, match="differences"):
        call_command("verify_grades")
    call_command("verify_grades", sample=4)
