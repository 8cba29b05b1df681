"""Results that a learner may not know yet, although the exam is over and graded (D33): staff see them, the learner waits.

What is read here goes through `SettledGrades.grade_shown`, as if the exam were still running.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from course.selectors import published
from grading.rules.course_grade import CourseGrade, grade_from
from grading.rules.ledger import without_results
from quizzes.models import Assessment, Sitting
from quizzes.rules.disclosure import is_score_shown, is_verdict_shown
from quizzes.selectors.published_questions import QUESTIONS
from quizzes.selectors.stages import ended_stage


def withheld_scores(learner_id: int, course_id: int, now: datetime) -> frozenset[str]:
    """Return the exams of a course that are graded for the learner, and whose score they may not know yet.

    Runs a query only if the course has such exams.
    """
    return withheld_among(learner_id, delayed_in(course_id), now)


def withheld_among(learner_id: int, delayed: Iterable[Assessment], now: datetime) -> frozenset[str]:
    """Return the same of these exams, whose verdicts may come later than their end."""
    waiting = [each for each in delayed if each.disclosure.is_score_delayed and holds_score(each, now)]
    return graded_among(learner_id, waiting)


def withheld_verdicts(learner_id: int, course_id: int, now: datetime) -> frozenset[str]:
    """Return the same for exams of which the learner may not know yet what was right."""
    return graded_among(learner_id, [each for each in delayed_in(course_id) if holds_verdicts(each, now)])


def delayed_in(course_id: int) -> tuple[Assessment, ...]:
    """Return the exams of a course whose verdicts may come later than their end."""
    return published(course_id)[QUESTIONS].delayed


def holds_score(exam: Assessment, now: datetime) -> bool:
    """Return whether learners who have finished an exam may not know their points yet."""
    return not is_score_shown(exam.disclosure, stage=ended_stage(exam, now))


def holds_verdicts(exam: Assessment, now: datetime) -> bool:
    """Return whether learners who have finished an exam may not know yet what was right."""
    return not is_verdict_shown(exam.disclosure, stage=ended_stage(exam, now))


def graded_among(learner_id: int, exams: Iterable[Assessment]) -> frozenset[str]:
    """Return which of these exams are graded for a learner."""
    ids = [each.pk for each in exams]
    if not ids:
        return frozenset()
    rows = Sitting.objects.filter(assessment__in=ids, learner=learner_id, is_void=False, settled_at__isnull=False)
    return frozenset(rows.values_list("assessment_id", flat=True))


def grade_without(grade: CourseGrade, activities: frozenset[str]) -> CourseGrade:
    """Return a grade as if these exams were still running, and without a certificate that only they have earned."""
    if not activities:
        return grade
    hidden = grade_from(without_results(grade.counted, activities))
    has_own = hidden.has_passed
    return replace(
        hidden,
        is_certified=grade.is_certified and has_own,
        is_revoked=grade.is_revoked and has_own,
        has_notices=grade.has_notices,
        withheld=activities,
    )
