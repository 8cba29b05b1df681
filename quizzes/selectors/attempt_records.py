"""All sittings of a learner in one assessment, question by question, as instructors see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import LateTerms
from questions import types
from quizzes.models import (
    Assessment,
    Attempt,
    Question,
    QuestionVersion,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingQuestion,
    Void,
)
from quizzes.rules.scoring import QuestionScore, question_scores
from quizzes.selectors.lateness import lateness_of
from quizzes.selectors.outcomes import corrections_of, is_attempt_right, shown_key
from quizzes.selectors.published_questions import given_in_review
from quizzes.selectors.scored_questions import ReviewRow, past_by_question, scored_in_review, scored_on_paper
from quizzes.selectors.shown_orders import shown_body


@dataclass(frozen=True)
class Checked:
    """An attempt as its learner saw it; `result` is the context for its type's result template.

    `percent` is how much of the points it counts if it is right: less than 100 if it was late (D34).
    """

    attempt: Attempt
    type: types.QuestionType
    result: dict[str, Any]
    counts: bool
    percent: int

    @property
    def is_corrected(self) -> bool:
        return self.counts is not self.attempt.is_correct


@dataclass(frozen=True)
class QuestionEvidence:
    """A question of a sitting with its score and all attempts; `draft_text` is a draft that was saved and not checked.

    `position` is the question's number on the learner's page, None if it counts and that page does not show it.
    """

    question: Question
    version: QuestionVersion
    position: int | None
    score: QuestionScore
    attempts: tuple[Checked, ...]
    key_text: str
    draft_text: str

    @property
    def is_credited(self) -> bool:
        return "credit" in self.score.marks


@dataclass(frozen=True)
class SittingRecord:
    """A sitting with everything that happened in it and to it. A review that is not started has questions and no sitting."""

    sitting: Sitting | None
    asked: tuple[QuestionEvidence, ...]
    extensions: tuple[SittingExtension, ...] = ()
    pauses: tuple[SittingPause, ...] = ()
    voids: tuple[Void, ...] = ()


@dataclass(frozen=True)
class RecordedQuestion:
    """A question of a sitting, with its row there, if there is one, and its attempts."""

    question: Question
    row: SittingQuestion | None
    attempts: tuple[Attempt, ...]
    order: int | None = None

    @property
    def version(self) -> QuestionVersion:
        version = (self.row and self.row.version) or self.question.current
        assert version is not None
        return version


def sitting_records(
    assessment: Assessment,
    learner_id: int,
    basis: frozenset[str] | None = None,
    terms: LateTerms | None = None,
) -> list[SittingRecord]:
    """Return all sittings of a learner in an assessment, the one that counts first, void ones included.

    `basis` holds the questions that the learner's certificate counted, and `terms` are the learner's late terms. Runs at
    most seven queries, and two for variants.
    """
    stored = Sitting.objects.filter(assessment=assessment, learner_id=learner_id).order_by("is_void", "-started_at")
    pauses = Prefetch("pauses", SittingPause.objects.select_related("author", "resumption__author").order_by("pk"))
    sittings = list(stored.prefetch_related("extensions__author", pauses, "voids__author"))
    rows = rows_of_sittings(sittings)
    attempts = attempts_of_sittings(sittings)
    questions = given_in_review(questions_of_review(assessment), learner_id)
    records = [
        SittingRecord(
            sitting=sitting,
            asked=evidence_in(
                assessment,
                questions,
                rows[sitting.pk],
                attempts[sitting.pk],
                basis,
                lateness_of(terms, assessment.kind, sitting.started_at),
                sitting.option_order,
            ),
            extensions=tuple(sitting.extensions.all()),
            pauses=tuple(sitting.pauses.all()),
            voids=tuple(sorted(sitting.voids.all(), key=lambda void: void.pk)),
        )
        for sitting in sittings
    ]
    if records or not questions:
        return records
    return [SittingRecord(None, evidence_in(assessment, questions, {}, [], basis))]


def rows_of_sittings(sittings: list[Sitting]) -> dict[str, dict[str, SittingQuestion]]:
    """Return the rows of sittings by question, in the order of the paper."""
    rows = SittingQuestion.objects.filter(sitting__in=sittings).select_related("question__current", "version")
    by_sitting: dict[str, dict[str, SittingQuestion]] = {sitting.pk: {} for sitting in sittings}
    for row in rows.order_by("position"):
        by_sitting[row.sitting_id][row.question_id] = row
    return by_sitting


def attempts_of_sittings(sittings: list[Sitting]) -> dict[str, list[Attempt]]:
    """Return the attempts of sittings, in their order."""
    attempts = Attempt.objects.filter(sitting__in=sittings).select_related("version", "question").order_by("number")
    by_sitting: dict[str, list[Attempt]] = {sitting.pk: [] for sitting in sittings}
    for attempt in attempts:
        by_sitting[attempt.sitting_id].append(attempt)
    return by_sitting


def questions_of_review(assessment: Assessment) -> list[Question]:
    """Return a review's questions in order, removed ones included, or none for an exam."""
    if assessment.kind == Assessment.Kind.EXAM:
        return []
    rows = Question.objects.filter(assessment=assessment, current__isnull=False).select_related("current")
    return list(rows.order_by("position", "pk"))


def evidence_in(
    assessment: Assessment,
    questions: list[Question],
    rows: dict[str, SittingQuestion],
    attempts: list[Attempt],
    basis: frozenset[str] | None,
    lateness: Lateness = IN_TIME,
    order: int | None = None,
) -> tuple[QuestionEvidence, ...]:
    """Return the questions of one sitting that its learner's page shows, then those that count without being shown."""
    is_exam = assessment.kind == Assessment.Kind.EXAM
    if is_exam:
        counting = [scored_on_paper(row.question_id, row.points, row.question.corrections) for row in rows.values()]
        questions = [row.question for row in rows.values()]
    else:
        counting = scored_in_review(map(review_row, questions), attempts)
    past = past_by_question(counting, attempts, lateness)
    scores = question_scores(counting, past, None if is_exam else basis)
    tried = {attempt.question_id for attempt in attempts}
    listed = [question for question in questions if is_exam or not question.is_retired or question.pk in tried]
    hidden = [question for question in questions if question not in listed and scores[question.pk].counts]
    numbered = [*enumerate(listed, start=1), *((None, question) for question in hidden)]
    return tuple(
        question_evidence(
            RecordedQuestion(
                question,
                rows.get(question.pk),
                tuple(attempt for attempt in attempts if attempt.question_id == question.pk),
                order,
            ),
            position,
            scores[question.pk],
            lateness,
        )
        for position, question in numbered
    )


def review_row(question: Question) -> ReviewRow:
    """Return what `scored_in_review` needs of a question."""
    version = question.current
    assert version is not None
    return question.pk, version.points, question.is_retired, question.corrections


def question_evidence(
    asked: RecordedQuestion, position: int | None, score: QuestionScore, lateness: Lateness
) -> QuestionEvidence:
    version, draft = asked.version, asked.row and asked.row.draft
    return QuestionEvidence(
        question=asked.question,
        version=version,
        position=position,
        score=score,
        attempts=tuple(checked_attempt(attempt, lateness, asked.order) for attempt in asked.attempts),
        key_text=shown_key(version, corrections_of(asked.question))[1],
        draft_text="" if draft is None else types.get(version.type).describe(shown_body(version, asked.order), draft),
    )


def checked_attempt(attempt: Attempt, lateness: Lateness, order: int | None) -> Checked:
    kind = types.get(attempt.version.type)
    key, _words = shown_key(attempt.version, corrections_of(attempt.question))
    result = kind.context(shown_body(attempt.version, order), attempt.response, key)
    return Checked(attempt, kind, result, is_attempt_right(attempt), lateness.percent_at(attempt.received_at))
