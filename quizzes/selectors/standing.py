"""The facts behind a score, in a number of statements that no course makes grow."""

from datetime import datetime

from django.db.models import Q

from quizzes.models import Assessment, Attempt, Question, Sitting, SittingQuestion
from quizzes.rules.scoring import Asked
from quizzes.rules.timing import SETTLEMENT


def asked_in(sitting: Sitting, attempts: list[Attempt]) -> list[Asked]:
    """What may count in a sitting: an exam's paper, or a review's questions, removed ones among them.

    A review question has the points and limit of the version that its attempts pinned, else of the newest.
    `attempts` are all of the sitting, with their versions. One statement.
    """
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        paper = SittingQuestion.objects.filter(sitting=sitting)
        return [Asked(*found) for found in paper.values_list("question_id", "points", "version__attempts_limit")]
    pinned = {found.question_id: (found.version.points, found.attempts_limit) for found in attempts}
    rows = Question.objects.filter(assessment_id=sitting.assessment_id, current__isnull=False).values_list(
        "pk", "current__points", "current__attempts_limit", "is_retired"
    )
    return [Asked(pk, *pinned.get(pk, (points, limit)), is_retired) for pk, points, limit, is_retired in rows]


def has_open_sitting(learner_id: int, course_id: int, now: datetime) -> bool:
    """Is an exam of the learner running in this course (D19)?"""
    return Sitting.objects.filter(
        learner_id=learner_id,
        assessment__course_id=course_id,
        is_void=False,
        submitted_at=None,
        deadline_at__gt=now - SETTLEMENT,
    ).exists()


def counted_questions(learner_id: int, course_id: int) -> dict[str, list[str]]:
    """Per review, the questions that count today: what a certificate issued now keeps as its basis."""
    counted: dict[str, list[str]] = {}
    kept = Q(is_retired=False) | Q(attempts__sitting__learner_id=learner_id, attempts__is_correct=True)
    rows = Question.objects.filter(
        kept, assessment__course_id=course_id, assessment__kind=Assessment.Kind.REVIEW, current__isnull=False
    )
    for assessment_id, question_id in rows.values_list("assessment_id", "pk").distinct():
        counted.setdefault(assessment_id, []).append(question_id)
    return counted
