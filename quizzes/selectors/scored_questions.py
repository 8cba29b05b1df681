"""The questions and attempts from which a score is computed, read in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from grading.rules.late_shares import Lateness
from questions.rules.attempts import Past
from quizzes.models import Assessment, Attempt, Question, Sitting, SittingQuestion
from quizzes.rules.corrections import is_credited, read_corrections
from quizzes.rules.scoring import ScoredQuestion
from quizzes.selectors.outcomes import is_attempt_right, past_from
from quizzes.selectors.own_records import PaperLine
from quizzes.selectors.published_questions import PublishedQuestions


def scored_in_sitting(sitting: Sitting, attempts: list[Attempt]) -> list[ScoredQuestion]:
    """Return the questions that may count in a sitting: an exam's paper, or a review's questions including removed ones.

    A review question has the points of the version that its attempts pinned, or else of the newest one.
    `attempts` are all of the sitting, with their versions. Runs one query.
    """
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        return [scored_on_paper(*row) for row in SittingQuestion.objects.filter(sitting=sitting).values_list(*ON_PAPER)]
    return scored_in_review(questions_in(sitting.assessment_id), attempts)


ON_PAPER = ("question_id", "points", "question__corrections")
IN_REVIEW = ("pk", "current__points", "is_retired", "corrections")
type ReviewRow = tuple[str, Decimal, bool, list[Any]]


def scored_on_paper(pk: str, points: Decimal, corrections: list[Any]) -> ScoredQuestion:
    """Return a question of an exam's paper. A drawn paper never changes, whatever is removed later (D27)."""
    return ScoredQuestion(pk, points, corrections=read_corrections(corrections))


def questions_in(assessment_id: str) -> list[ReviewRow]:
    """Return a review's questions as they are now. Runs one query."""
    return list(Question.objects.filter(assessment_id=assessment_id, current__isnull=False).values_list(*IN_REVIEW))


def scored_in_review(rows: Iterable[ReviewRow], attempts: list[Attempt]) -> list[ScoredQuestion]:
    """Return a review's questions with the points of the versions that these attempts pinned."""
    pinned = {attempt.question_id: attempt.version.points for attempt in attempts}
    return [
        ScoredQuestion(pk, pinned.get(pk, points), is_retired, read_corrections(corrections))
        for pk, points, is_retired, corrections in rows
    ]


def past_by_question(
    questions: Iterable[ScoredQuestion], attempts: Iterable[Attempt], lateness: Lateness
) -> dict[str, list[Past]]:
    """Return the attempts by question, marked with its corrections and with the share that lateness leaves them (D34)."""
    corrections = {question.id: question.corrections for question in questions}
    past: dict[str, list[Past]] = {}
    for attempt in attempts:
        earlier = past_from(attempt, corrections.get(attempt.question_id, ()), lateness)
        past.setdefault(attempt.question_id, []).append(earlier)
    return past


def scored_now(
    assessment: Assessment, paper: Iterable[PaperLine], attempts: list[Attempt], content: PublishedQuestions
) -> list[ScoredQuestion]:
    """Return what `scored_in_sitting` returns, from records and published questions that are loaded. Runs no query."""
    if assessment.kind == Assessment.Kind.EXAM:
        published = content.questions
        return [scored_on_paper(row.question_id, row.points, published[row.question_id].corrections) for row in paper]
    pinned = {attempt.question_id: attempt.version.points for attempt in attempts}
    return [
        replace(question, points=pinned[question.id])
        if pinned.get(question.id, question.points) != question.points
        else question
        for question in content.scored[assessment.pk]
    ]


def has_open_sitting(learner_id: int, course_id: int, now: datetime) -> bool:
    """Return whether a sitting of the learner is open in this course (D19)."""
    return Sitting.objects.open_at(now).filter(learner_id=learner_id, assessment__course_id=course_id).exists()


def basis_questions(learner_id: int, course_id: int) -> dict[str, list[str]]:
    """Return, per review, the questions that count today, which a certificate issued now keeps as its basis.

    Removed questions still count for learners who have their points, because leaving them out would cost the points.
    """
    counted: dict[str, list[str]] = {}
    in_reviews = {"assessment__course_id": course_id, "assessment__kind": Assessment.Kind.REVIEW}
    rows = Question.objects.filter(**in_reviews, current__isnull=False)
    present = rows.filter(is_retired=False).values_list("assessment_id", "pk")
    removed = removed_and_right(learner_id, in_reviews) | removed_and_credited(rows.filter(is_retired=True))
    for assessment_id, question_id in (*present, *sorted(removed)):
        counted.setdefault(assessment_id, []).append(question_id)
    return counted


def removed_and_right(learner_id: int, in_reviews: dict[str, object]) -> set[tuple[str, str]]:
    """Return removed questions that a learner had right, regrades included."""
    removed = Question.objects.filter(**in_reviews, is_retired=True)
    tried = Attempt.objects.filter(sitting__learner_id=learner_id, sitting__is_void=False, question__in=removed)
    attempts = tried.select_related("question", "version")
    return {(attempt.question.assessment_id, attempt.question_id) for attempt in attempts if is_attempt_right(attempt)}


def removed_and_credited(removed: QuerySet[Question]) -> set[tuple[str, str]]:
    """Return removed questions whose points everyone gets by a regrade, answered or not (D17)."""
    rows = removed.exclude(corrections=[]).values_list("assessment_id", "pk", "corrections")
    return {
        (assessment_id, pk) for assessment_id, pk, corrections in rows if is_credited(read_corrections(corrections))
    }
