"""Who answered what in an assessment, for the question analysis. Staff and void sittings are left out (D28)."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from questions import types
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.rules.analysis import PAUSE, Answered
from quizzes.rules.corrections import Correction, is_void, read_corrections
from quizzes.selectors.outcomes import is_attempt_right

type Timed = tuple[Attempt, float | None]


def questions_to_analyze(assessment: Assessment) -> list[Question]:
    """Return the questions that count, with their newest version. Runs one query."""
    rows = Question.objects.filter(assessment=assessment, is_retired=False, current__isnull=False)
    questions = rows.select_related("current").order_by("position", "pk")
    return [question for question in questions if not is_void(read_corrections(question.corrections))]


def response_matrix(
    assessment: Assessment, questions: list[Question], learners: Collection[int] | None = None
) -> list[dict[str, Answered]]:
    """Return one row per learner: what they answered in a review, or were asked in a settled exam. Runs four queries.

    With `learners`, only the rows of these.
    """
    corrections = {question.pk: read_corrections(question.corrections) for question in questions}
    chosen = sittings_of(assessment)
    if learners is not None:
        chosen = chosen.filter(learner__in=learners)
    sittings = dict(chosen.values_list("pk", "started_at"))
    is_exam = assessment.kind == Assessment.Kind.EXAM
    newest = {question.pk: question.current.number for question in questions if question.current}
    responses = unanswered_responses(chosen, newest) if is_exam else {}
    versions = QuestionVersion.objects.in_bulk(
        Attempt.objects.filter(question__in=corrections).values_list("version_id", flat=True).distinct()
    )
    for sitting, attempts in stream_attempts(assessment, learners):
        if sitting not in sittings:
            continue
        begun_at = sittings[sitting] if is_exam else None
        row = results_by_question(list(attempts), begun_at, corrections, versions, newest)
        responses.setdefault(sitting, {}).update(row)
    return [row for row in responses.values() if row]


def sittings_of(assessment: Assessment) -> QuerySet[Sitting]:
    rows = Sitting.objects.filter(assessment=assessment, is_void=False, learner__is_staff=False)
    return rows.filter(settled_at__isnull=False) if assessment.kind == Assessment.Kind.EXAM else rows


def unanswered_responses(sittings: QuerySet[Sitting], newest: dict[str, int]) -> dict[str, dict[str, Answered]]:
    """Return what was asked in settled exams. A question that was drawn and left open is wrong, as in the grade.

    `newest` has the number of each question's newest version.
    """
    responses: dict[str, dict[str, Answered]] = {}
    rows = SittingQuestion.objects.filter(sitting__in=sittings, question__in=newest)
    pinned = rows.values_list("sitting_id", "question_id", "version__number", "version__variant")
    for sitting, question, number, variant in pinned:
        had = variant if number == newest[question] else 0
        responses.setdefault(sitting, {})[question] = Answered(is_right=False, attempts=0, variant=had)
    return responses


def stream_attempts(
    assessment: Assessment, learners: Collection[int] | None
) -> Iterator[tuple[str, Iterator[Attempt]]]:
    rows = Attempt.objects.filter(sitting__assessment=assessment, sitting__is_void=False)
    if learners is not None:
        rows = rows.filter(sitting__learner__in=learners)
    ordered = rows.order_by("sitting_id", "received_at", "number", "pk").iterator(chunk_size=5_000)
    return groupby(ordered, key=lambda attempt: attempt.sitting_id)


def results_by_question(
    attempts: list[Attempt],
    begun_at: datetime | None,
    corrections: dict[str, tuple[Correction, ...]],
    versions: dict[int, QuestionVersion],
    newest: dict[str, int],
) -> dict[str, Answered]:
    """Return, by question, the results of one sitting's attempts, which are in order."""
    by_question: dict[str, list[Timed]] = {}
    for attempt, seconds in with_seconds(attempts, begun_at):
        if attempt.question_id in corrections:
            attempt.version = versions[attempt.version_id]
            by_question.setdefault(attempt.question_id, []).append((attempt, seconds))
    return {
        question: question_result(tried, corrections[question], newest[question])
        for question, tried in by_question.items()
    }


def with_seconds(attempts: list[Attempt], begun_at: datetime | None) -> Iterator[Timed]:
    """Yield each attempt with the seconds since the previous Check or the exam's start, None if unknown."""
    before = begun_at
    for attempt in attempts:
        gap = (attempt.received_at - before).total_seconds() if before else None
        is_known = gap is not None and 0 <= gap <= PAUSE and attempt.by == Attempt.By.LEARNER
        yield attempt, gap if is_known else None
        before = attempt.received_at


def question_result(tried: list[Timed], corrections: tuple[Correction, ...], newest: int) -> Answered:
    attempts = [attempt for attempt, _seconds in tried]
    gaps = [seconds for _attempt, seconds in tried]
    first = attempts[0]
    return Answered(
        is_right=any(is_attempt_right(attempt, corrections) for attempt in attempts),
        is_right_at_once=is_attempt_right(first, corrections),
        response=types.get(first.version.type).describe(first.version.body, first.response),
        attempts=len(attempts),
        seconds=None if None in gaps else sum(gap for gap in gaps if gap is not None),
        variant=first.version.variant if first.version.number == newest else 0,
    )
