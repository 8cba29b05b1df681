"""D44: daily practice."""

from datetime import UTC, timedelta

from grading.models import GradeChange
from practice.selectors import practice_day
from practice.services import practice_question
from quizzes.models import Attempt
from tests import factories as make
from tests.rulebook.world import rule


@rule("D44")
def practice_brings_back_what_was_wrong_and_changes_no_grade(w):
    assert w.by.check(w.numeric, make.wrong(w.numeric), 1) == "ok"
    assert questions_today(w) == ()  # an attempt is left
    assert w.by.check(w.numeric, make.wrong(w.numeric, variant=1), 2) == "ok"
    assert w.by.check(w.true_false, make.right(w.true_false), 1) == "ok"
    assert questions_today(w) == (w.numeric.pk,)
    before = w.percent(), Attempt.objects.count(), GradeChange.objects.count()
    practiced = practice_question(
        learner=w.learner,
        course=w.course,
        question_id=w.numeric.pk,
        response=make.right(w.numeric),
        zone=UTC,
        now=w.by.now,
    )
    assert practiced.is_right
    assert questions_today(w) == ()
    assert (w.percent(), Attempt.objects.count(), GradeChange.objects.count()) == before
    w.by.at(w.by.now + timedelta(days=3))
    assert set(questions_today(w)) == {w.numeric.pk, w.true_false.pk}


def questions_today(w):
    return practice_day(course_id=w.course.pk, learner_id=w.learner.pk, zone=UTC, now=w.by.now).left
