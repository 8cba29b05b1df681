"""Results that a learner may not know yet, although the exam is over and graded (D33): staff see them, the learner waits.

What is read here goes through `SettledGrades.grade_shown`, as if the exam were still running.
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
    """Return the exams of a course that the learner has sat, and whose score they may not know yet.

    Runs a query only if the course has such exams.
    """
    return withheld_among(learner_id, delayed_in(course_id), now)


def withheld_among(learner_id: int, delayed: Iterable[Assessment], now: datetime) -> WithheldScores:
    """Return the same of these exams, whose verdicts may come later than their end."""
    waiting = [each for each in delayed if each.disclosure.is_score_delayed and holds_score(each, now)]
    found = settled_in(learner_id, waiting)
    return WithheldScores(
        counting=frozenset(exam for exam, is_void in found if not is_void),
        all=frozenset(exam for exam, _ in found),
    )


def withheld_verdicts(learner_id: int, course_id: int, now: datetime) -> frozenset[str]:
    """Return the exams of a course that the learner has sat, and of which they may not know yet what was right."""
    found = settled_in(learner_id, [each for each in delayed_in(course_id) if holds_verdicts(each, now)])
    return frozenset(exam for exam, _ in found)


def delayed_in(course_id: int) -> tuple[Assessment, ...]:
    """Return the exams of a course whose verdicts may come later than their end."""
    return published(course_id)[QUESTIONS].delayed


def holds_score(exam: Assessment, now: datetime) -> bool:
    """Return whether learners who have finished an exam may not know their points yet."""
    return not is_score_shown(exam.disclosure, stage=ended_stage(exam, now))


def holds_verdicts(exam: Assessment, now: datetime) -> bool:
    """Return whether learners who have finished an exam may not know yet what was right."""
    return not is_verdict_shown(exam.disclosure, stage=ended_stage(exam, now))


def settled_in(learner_id: int, exams: Iterable[Assessment]) -> set[tuple[str, bool]]:
    """Return the exam of each settled sitting of a learner in these exams, and whether the sitting is void."""
    ids = [each.pk for each in exams]
    if not ids:
        return set()
    rows = Sitting.objects.filter(assessment__in=ids, learner=learner_id, settled_at__isnull=False)
    return set(rows.values_list("assessment_id", "is_void"))
