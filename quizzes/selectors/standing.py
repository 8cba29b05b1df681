"""The facts behind a score, in a number of statements that no course makes grow."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from quizzes.models import Assessment, Attempt, Question, Sitting, SittingQuestion
from quizzes.rules.corrections import read
from quizzes.rules.scoring import Asked
from quizzes.rules.timing import SETTLEMENT
from quizzes.selectors.outcomes import is_right


def asked_in(sitting: Sitting, attempts: list[Attempt]) -> list[Asked]:
    """What may count in a sitting: an exam's paper, or a review's questions, removed ones among them.

    A review question has the points and limit of the version that its attempts pinned, else of the newest.
    `attempts` are all of the sitting, with their versions. One statement.
    """
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        return [asked_on_paper(*row) for row in SittingQuestion.objects.filter(sitting=sitting).values_list(*ON_PAPER)]
    return asked_in_review(questions_in(sitting.assessment_id), attempts)


ON_PAPER = ("question_id", "points", "version__attempts_limit", "question__corrections")
IN_REVIEW = ("pk", "current__points", "current__attempts_limit", "is_retired", "corrections")
type Row = tuple[str, Decimal, int, bool, list[Any]]


def asked_on_paper(pk: str, points: Decimal, limit: int, corrections: list[Any]) -> Asked:
    """A question of an exam's paper: a drawn paper stays as it was drawn, whatever is removed (D27)."""
    return Asked(pk, points, limit, corrections=read(corrections))


def questions_in(assessment_id: str) -> list[Row]:
    """A review's questions as they are now: one statement."""
    return list(Question.objects.filter(assessment_id=assessment_id, current__isnull=False).values_list(*IN_REVIEW))


def asked_in_review(rows: Iterable[Row], attempts: list[Attempt]) -> list[Asked]:
    pinned = {found.question_id: (found.version.points, found.attempts_limit) for found in attempts}
    return [
        Asked(pk, *pinned.get(pk, (points, limit)), is_retired, read(corrections))
        for pk, points, limit, is_retired, corrections in rows
    ]


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
    in_reviews = {"assessment__course_id": course_id, "assessment__kind": Assessment.Kind.REVIEW}
    rows = Question.objects.filter(**in_reviews, current__isnull=False, is_retired=False)
    kept = [*rows.values_list("assessment_id", "pk"), *removed_and_right(learner_id, in_reviews)]
    for assessment_id, question_id in kept:
        counted.setdefault(assessment_id, []).append(question_id)
    return counted


def removed_and_right(learner_id: int, in_reviews: dict[str, Any]) -> set[tuple[str, str]]:
    """Removed questions that a learner had right, regrades included: they count on where leaving them out would cost."""
    removed = Question.objects.filter(**in_reviews, is_retired=True)
    tried = Attempt.objects.filter(sitting__learner_id=learner_id, sitting__is_void=False, question__in=removed)
    found = tried.select_related("question", "version")
    return {(row.question.assessment_id, row.question_id) for row in found if is_right(row)}
