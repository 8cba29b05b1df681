"""Later dates race with answers after the closing or the due date (D22, D34, I7, I8)."""

from datetime import timedelta

from course.rules.schedule import Dates
from grading.models import Score
from operations.services import verify_grades
from people.services import extend_dates
from portal.allowances.services import extend_activity
from quizzes import services
from quizzes.models import Attempt
from tests import factories as make
from tests.races.running import counted, in_threads

NOW = make.NOW
CROWD = 8


def test_answers_at_the_closing_count_only_from_the_extension_on():
    course = make.make_course()
    closes_at = NOW - timedelta(hours=1)
    review = make.make_review(course=course, kinds=["numeric"] * (CROWD - 1), closes_at=closes_at)
    learner, teacher = make.enroll(course=course), make.make_user(is_staff=True)
    questions = list(review.questions.order_by("position"))

    def act(number):
        if number == 0:
            return extend_dates(
                course=course, learner_id=learner.pk, activity=review.pk, common=Dates(closes_at=closes_at),
                due_at=None, closes_at=NOW + timedelta(hours=1), reason="r", author=teacher, now=NOW,
            )  # fmt: skip
        question = questions[number - 1]
        return services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )

    outcomes = counted(in_threads(act, CROWD))
    assert set(outcomes) <= {"ok", "assessment_closed"}
    assert Attempt.objects.count() == outcomes["ok"] - 1
    for question in questions:
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    assert Attempt.objects.count() == CROWD - 1
    assert list(verify_grades(now=NOW)) == []


def test_late_answers_count_in_full_after_a_later_due_date_whichever_came_first():
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric"] * (CROWD - 1))
    make.make_late(review, due_at=NOW - timedelta(hours=1), percent_per_day=20)
    learner, teacher = make.enroll(course=course), make.make_user(is_staff=True)
    questions = list(review.questions.order_by("position"))

    def act(number):
        if number == 0:
            return extend_activity(
                course=course, learner_id=learner.pk, activity=review.pk,
                due_at=NOW, closes_at=None, reason="r", author=teacher, now=NOW,
            )  # fmt: skip
        question = questions[number - 1]
        return services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )

    assert counted(in_threads(act, CROWD)) == {"ok": CROWD}
    score = Score.objects.get(learner=learner)
    assert (score.points_earned, score.points_late) == (CROWD - 1, 0)
    assert list(verify_grades(now=NOW)) == []
