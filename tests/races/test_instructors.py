"""An instructor's action races with learners and with itself: it happens once, and no grade is left behind (D15, D17, D18)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from grading.models import Override, Score
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Regrade, Sitting, SittingExtension, Void
from quizzes.services import regrading
from tests import factories as make
from tests.races.running import counted, in_threads

NOW = make.NOW
CROWD = 8


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher(course):
    return make.make_user(is_staff=True)


def test_minutes_sent_many_times_at_once_are_added_once(course, teacher):
    exam = make.make_exam(course=course)
    sittings = [
        services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0] for _ in range(2)
    ]

    def extend(_):
        return services.add_minutes(
            course=course, sitting_ids=None, minutes=5, reason="r", key="one", author=teacher, now=NOW
        )

    assert counted(in_threads(extend, CROWD)) == {"ok": CROWD}
    grown = [Sitting.objects.get(pk=found.pk).deadline_at - found.deadline_at for found in sittings]
    assert grown == [timedelta(minutes=5)] * 2
    assert SittingExtension.objects.count() == 2


def test_overrides_at_once_leave_one_score_that_the_newest_of_them_makes(course, teacher):
    review, learner = make.make_review(course=course, questions=4), make.enroll(course=course)

    def give(number):
        return services.override_score(
            course=course,
            assessment_id=review.pk,
            learner_id=learner.pk,
            points=Decimal(number % 4),
            reason="r",
            author=teacher,
            now=NOW,
        )

    assert counted(in_threads(give, CROWD)) == {"ok": CROWD}
    assert Score.objects.get().points_earned == Override.objects.order_by("pk").last().points_earned
    assert list(verify_grades(now=NOW)) == []


def test_one_of_many_voids_at_once_is_written(course, teacher):
    exam, learner = make.make_exam(course=course), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)

    def void(_):
        return services.void_sitting(course=course, sitting_id=sitting.pk, reason="r", author=teacher, now=NOW)

    assert counted(in_threads(void, CROWD)) == {"already_void": CROWD - 1, "ok": 1}
    assert Void.objects.count() == 1


@pytest.mark.parametrize("at_once", [0, 200])
def test_a_regrade_leaves_no_answer_behind_that_was_given_at_the_same_moment(course, teacher, monkeypatch, at_once):
    """The scores follow in its transaction or later. The first answers of their learners are among them."""
    monkeypatch.setattr(regrading, "AT_ONCE", at_once)
    monkeypatch.setattr(regrading, "wake", lambda *message: None)
    review = make.make_review(course=course, kinds=["single_choice", "numeric"])
    question = review.questions.order_by("position").first()
    learners = [make.enroll(course=course) for _ in range(CROWD)]
    wrong = make.wrong(question)

    def act(number):
        if number == 0:
            return services.apply_regrade(
                course=course,
                question_id=question.pk,
                kind="key",
                response=wrong,
                reason="r",
                author=teacher,
                now=NOW,
            )
        return services.check_response(
            learner=learners[number], question_id=question.pk, response=wrong, number=1, now=NOW
        )

    assert counted(in_threads(act, CROWD)) == {"ok": CROWD}
    services.rescore_stalled(now=NOW, after=timedelta(0))
    grades = [course_grade(learner.pk, course.pk).item(review.pk).points_earned for learner in learners[1:]]
    assert grades == ["1"] * (CROWD - 1)
    assert list(verify_grades(now=NOW)) == []


def test_concurrent_regrades_and_undos_leave_grades_that_match_the_records(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice", "numeric"])
    question = review.questions.order_by("position").first()
    learner = make.enroll(course=course)
    services.check_response(learner=learner, question_id=question.pk, response=make.wrong(question), number=1, now=NOW)
    said = {"course": course, "reason": "r", "author": teacher, "now": NOW}
    first = services.apply_regrade(question_id=question.pk, kind="credit", **said)

    def act(number):
        if number % 2:
            return services.undo_regrade(regrade_id=first.pk, **said)
        return services.apply_regrade(question_id=question.pk, kind="void", **said)

    outcomes = counted(in_threads(act, 4))
    assert outcomes == {"nothing_to_undo": 1, "ok": 3}
    assert Regrade.objects.filter(undoes=first).count() == 1
    assert list(verify_grades(now=NOW)) == []
