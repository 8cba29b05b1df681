"""Results that are withheld from a learner although the exam is over and graded (D33). Staff see them.

`SettledGrades.grade_shown` computes the learner's grade without them, as if the exam were still running.
"""

from collections.abc import Iterable
from datetime import datetime

from activities.kinds import WithheldScores
from course.selectors import published
from quizzes.models import Assessment, Sitting
from quizzes.rules.disclosure import is_score_shown, is_verdict_shown
from quizzes.selectors.published_questions import QUESTIONS
from quizzes.selectors.stages import ended_stage


def withheld_scores(learner_id: int, course_id: int, now: datetime) -> WithheldScores:
    """Return the exams of a course that the learner has sat, and whose score is withheld from them.

    Runs a query only if the course has such exams.
    """
    return withheld_among(learner_id, exams_delaying_verdicts(course_id), now)


def withheld_among(learner_id: int, exams: Iterable[Assessment], now: datetime) -> WithheldScores:
    """Return those of `exams` that the learner has sat, and whose score is withheld from them.

    `exams` are all of a course whose verdicts may come later than their end.
    """
    waiting = [exam for exam in exams if exam.disclosure.is_score_delayed and withholds_score(exam, now)]
    sat = settled_in(learner_id, waiting)
    return WithheldScores(
        counting=frozenset(exam for exam, is_void in sat if not is_void),
        all=frozenset(exam for exam, _ in sat),
    )


def withheld_verdicts(learner_id: int, course_id: int, now: datetime) -> frozenset[str]:
    """Return the exams of a course that the learner has sat, and whose verdicts are withheld from them."""
    sat = settled_in(learner_id, [exam for exam in exams_delaying_verdicts(course_id) if withholds_verdicts(exam, now)])
    return frozenset(exam for exam, _ in sat)


def exams_delaying_verdicts(course_id: int) -> tuple[Assessment, ...]:
    """Return the exams of a course whose verdicts may come later than their end."""
    return published(course_id)[QUESTIONS].exams_delaying_verdicts


def withholds_score(exam: Assessment, now: datetime) -> bool:
    """Return whether an exam withholds the points from learners who have finished it."""
    return not is_score_shown(exam.disclosure, stage=ended_stage(exam, now))


def withholds_verdicts(exam: Assessment, now: datetime) -> bool:
    """Return whether an exam withholds the verdicts from learners who have finished it."""
    return not is_verdict_shown(exam.disclosure, stage=ended_stage(exam, now))


def settled_in(learner_id: int, exams: Iterable[Assessment]) -> set[tuple[str, bool]]:
    """Return the exam of each settled sitting of a learner in these exams, and whether the sitting is void."""
    ids = [exam.pk for exam in exams]
    if not ids:
        return set()
    rows = Sitting.objects.filter(assessment__in=ids, learner=learner_id, settled_at__isnull=False)
    return set(rows.values_list("assessment_id", "is_void"))
