"""A review or an exam paper as its learner may see it at one instant."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from course.rules.schedule import UNDATED, Dates, is_within_dates, refuse_before_opening
from course.selectors import published, snapshot_at
from foundation.fast.prepared import give_related
from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import WHOLE
from questions import types
from questions.rules.attempts import attempts_left, button, limit_in_force
from questions.rules.shuffling import review_number
from quizzes.models import Assessment, Attempt, Question, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.corrections import correction_effect, is_credited
from quizzes.rules.disclosure import DisclosureStage, is_verdict_shown, parts_shown
from quizzes.rules.scoring import won_percent
from quizzes.rules.timing import accepts, is_paused, is_time_up
from quizzes.selectors.cards import Card
from quizzes.selectors.feedback import feedback, named_mistakes, section_to_read
from quizzes.selectors.lateness import learner_lateness
from quizzes.selectors.outcomes import corrections_of, past_from, verdict_on
from quizzes.selectors.own_records import (
    NO_RECORDS,
    NOT_DRAWN,
    PINNED_IN_EXAM,
    PINNED_IN_REVIEW,
    RawLines,
    drawn_question,
    drawn_records,
    pinned_versions,
    question_records,
    review_records,
)
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions, dates_of_learner
from quizzes.selectors.stages import ended_stage, review_stage

type ReadLines = Callable[[RawLines], tuple[SittingQuestion | None, list[Attempt]]]


class CardState(NamedTuple):
    """What a card depends on besides its question and the learner's records there. `extra` are extra attempts (D35).

    `order` is the number by which the sitting shuffles options (D40). Cards are kept for all orders (`Card.in_order`).
    `may_read`: the lessons of the module have opened.
    """

    stage: DisclosureStage
    accepts_answers: bool
    extra: int = 0
    lateness: Lateness = IN_TIME
    order: int | None = None
    may_read: bool = False

    @property
    def key(self) -> Hashable:
        return self.stage, self.accepts_answers, self.extra, self.lateness.terms and self.lateness, self.may_read


@dataclass(frozen=True)
class Paper:
    """The cards of an assessment's questions for one learner, with the learner's dates, lateness and extra attempts.

    It has no cards before an exam's start, and none in a pause, which hides the questions (D32). `accepts_answers` says
    whether anything is accepted now, in the grace too; `is_settled`, whether the settlement is recorded, not only due.
    `ungraded` is the kind of a rehearsal or a test run (D46), "" in all others.
    """

    assessment: Assessment
    sitting: Sitting | None
    cards: tuple[Card, ...]
    accepts_answers: bool
    is_time_up: bool
    is_settled: bool
    dates: Dates = UNDATED
    is_paused: bool = False
    lateness: Lateness = IN_TIME
    extra_attempts: int = 0
    ungraded: str = ""

    def card(self, question_id: str) -> Card | None:
        return next((card for card in self.cards if card.question_id == question_id), None)


def paper_of(*, assessment: Assessment, learner_id: int | None, now: datetime) -> Paper:
    """Return the paper of a learner at `now`. Without a learner, return the preview for visitors and staff."""
    if assessment.kind == Assessment.Kind.EXAM:
        return drawn_paper(assessment, learner_id, now)
    return review_paper(assessment, learner_id, now)


def review_paper(assessment: Assessment, learner_id: int | None, now: datetime) -> Paper:
    """Return a learner's review questions. Learners who answered a removed question still see it.

    Raises Refusal assessment_not_open for a learner who has not begun them.
    """
    content = published(assessment.course_id)[QUESTIONS]
    records = NO_RECORDS if learner_id is None else review_records(learner_id, assessment.pk)
    dates = dates_of_learner(assessment, learner_id)
    order = records.sitting.option_order if records.sitting else None  # a preview has none, as older sittings (D40)
    if learner_id is not None and records.sitting is None:
        refuse_before_opening("assessment", opens_at=dates.opens_at, now=now)
        order = review_number(learner_id, assessment.pk)  # what the first response will store
    accepts_answers = accepts(records.sitting.clock, now) if records.sitting else True
    accepts_answers = accepts_answers and is_within_dates(opens_at=dates.opens_at, closes_at=dates.closes_at, now=now)
    current = content.assessments.get(assessment.pk, assessment)
    lateness = learner_lateness(assessment, learner_id, records.sitting)
    stage = review_stage(current, dates.closes_at if learner_id is not None else None, now)
    may_read = current.lessons_open_at is None or current.lessons_open_at <= now
    state = CardState(stage, accepts_answers, records.extra_attempts, lateness, order, may_read)
    asked = KeptCards(content, state, question_records)
    removed = KeptCards(content, asked.state._replace(accepts_answers=False), question_records)
    cards: list[Card] = []
    questions: Iterable[Question] = content.asked.get(assessment.pk, ())
    if content.has_variants:
        questions = questions_given(content, learner_id, questions, records.lines.values())
    for question in questions:
        kept = removed if question.is_retired else asked
        card = kept.card(question, len(cards) + 1, records.lines.get(question.id, ()))
        if card.attempts or not question.is_retired:
            cards.append(card)
    return Paper(
        assessment,
        records.sitting,
        tuple(cards),
        accepts_answers,
        is_time_up=False,
        is_settled=False,
        dates=dates,
        lateness=lateness,
        extra_attempts=records.extra_attempts,
    )


def questions_given(
    content: PublishedQuestions,
    learner_id: int | None,
    questions: Iterable[Question],
    lines: Iterable[RawLines],
) -> list[Question]:
    """Return a review's questions with the learner's variants, and read the variants that these records pin (D43).

    A preview has the first variants. Runs at most two queries.
    """
    content.versions(pinned_versions(lines, PINNED_IN_REVIEW))
    return list(questions) if learner_id is None else content.given_to(learner_id, questions)


def drawn_paper(assessment: Assessment, learner_id: int | None, now: datetime) -> Paper:
    """Return the paper drawn for a learner. Runs one query."""
    records = NOT_DRAWN if learner_id is None else drawn_records(learner_id, assessment.pk)
    sitting = records.sitting
    if sitting is None:
        return Paper(
            assessment,
            None,
            (),
            accepts_answers=False,
            is_time_up=False,
            is_settled=False,
            dates=dates_of_learner(assessment, learner_id),
            lateness=learner_lateness(assessment, learner_id, None),
            extra_attempts=records.extra_attempts,
        )
    sitting.assessment = assessment
    # The record of settling decides here, not the clock. Settling closes the sitting under the learner's lock, so a
    # request that arrived in time and was delayed cannot use an attempt on a key that is shown here.
    settled = sitting.settled_at is not None
    accepts_answers = accepts(sitting.clock, now)
    # The revision was read with the paper, so the snapshot knows every question of it.
    content = snapshot_at(assessment.course_id, records.revision)[QUESTIONS]
    current = content.assessments.get(assessment.pk)
    if current is None:
        raise Refusal("not_found")
    stage = ended_stage(current, now) if settled else current.unended_stage
    lateness = learner_lateness(assessment, learner_id, sitting)
    state = CardState(stage, accepts_answers, records.extra_attempts, lateness, sitting.option_order)
    kept = KeptCards(content, state, drawn_question)
    if content.has_variants:
        content.versions(pinned_versions(records.lines.values(), PINNED_IN_EXAM))
    is_stopped = is_paused(sitting.clock, now)
    lines_shown = {} if is_stopped else records.lines
    cards = [
        kept.card(content.questions[question_id], position, lines)
        for position, (question_id, lines) in enumerate(lines_shown.items(), start=1)
    ]
    return Paper(
        assessment,
        sitting,
        tuple(cards),
        accepts_answers,
        is_time_up(sitting.clock, now),
        settled,
        dates_of_learner(current, learner_id) if current.dates_vary else assessment.dates,
        is_paused=is_stopped,
        lateness=lateness,
        extra_attempts=records.extra_attempts,
    )


MOST_CARDS = 1024  # of one course, about 5 MB
MOST_IN_ORDER = 2048  # of these cards in the orders of learners, about 5 MB more
_cards: WeakKeyDictionary[PublishedQuestions, tuple[dict[Hashable, Card], ...]] = WeakKeyDictionary()


class KeptCards:
    """The cards that are kept in memory, of learners in one state. Learners with equal records share a card.

    `read` returns the records in a question's raw lines (see `ReviewRecords` and `DrawnRecords`).
    """

    def __init__(self, content: PublishedQuestions, state: CardState, read: ReadLines) -> None:
        self.content, self.state, self.read = content, state._replace(order=None), read
        self.kept, self.kept_in_order = _cards.setdefault(content, ({}, {}))
        self.order, self.state_key = state.order, state.key

    def card(self, question: Question, position: int, lines: RawLines) -> Card:
        """Return a question's card for a learner with these raw lines, with its options in the learner's order."""
        key = question.id, question.given, position, lines, self.order, self.state_key
        kept = self.kept_in_order.get(key)
        if kept is None:
            if len(self.kept_in_order) >= MOST_IN_ORDER:
                self.kept_in_order.clear()
            kept = self.card_as_written(question, position, lines).in_order(self.order)
            self.kept_in_order[key] = kept
        return kept

    def card_as_written(self, question: Question, position: int, lines: RawLines) -> Card:
        """Return the card in the order of the file. Besides the content, its key holds everything on which it depends."""
        key = question.id, question.given, position, lines, self.state_key
        kept = self.kept.get(key)
        if kept is None:
            if len(self.kept) >= MOST_CARDS:
                self.kept.clear()
            kept = card_of_records(self.content, question, position, *self.read(lines), self.state)
            self.kept[key] = kept
        return kept


def card_of_records(
    content: PublishedQuestions,
    question: Question,
    position: int,
    row: SittingQuestion | None,
    attempts: list[Attempt],
    state: CardState,
) -> Card:
    """Return the card of a learner's records, after setting the published question and versions on them."""
    pinned = {attempt.version_id for attempt in attempts} | ({row.version_id} if row and row.version_id else set())
    versions = content.versions(pinned)
    if row is not None:
        give_related(row, version=versions[row.version_id] if row.version_id else None)
    for attempt in attempts:
        give_related(attempt, version=versions[attempt.version_id], question=question)
    return new_card(question.assessment.kind, question, position, row, attempts, state)


def new_card(
    kind: str,
    question: Question,
    position: int,
    row: SittingQuestion | None,
    attempts: list[Attempt],
    state: CardState,
) -> Card:
    stage, accepts_answers, extra, lateness, order, may_read = state
    version = (row and row.version) or question.current
    assert version is not None
    corrections, allowed = corrections_of(question), version.attempts_limit + extra
    past = [past_from(attempt, corrections, lateness) for attempt in attempts]
    left = attempts_left(allowed, past)
    policy = question.assessment.disclosure
    shows_verdict = is_verdict_shown(policy, stage=stage)
    if not shows_verdict and stage.is_ended:
        left, past = 0, []  # the attempts left and the limit would reveal the verdict
    parts = parts_shown(policy, kind=kind, is_final=left == 0, stage=stage)
    is_correct = verdict_on(past, corrections) if shows_verdict else None
    may_be_late = shows_verdict and lateness.terms is not None and not is_credited(corrections)
    return Card(
        question_id=question.pk,
        position=position,
        version=version,
        points=row.points if row and row.version_id else version.points,
        attempts=tuple(attempts),
        attempts_limit=limit_in_force(allowed if policy.has_checks else 1, past),
        attempts_left=left if policy.has_checks else min(left, 1),
        is_final=left == 0 or (stage.is_ended and kind == Assessment.Kind.EXAM),
        is_correct=is_correct,
        button=button(allowed, past) if accepts_answers and policy.has_checks else None,
        draft={"response": row.draft, "revision": row.revision} if row and row.revision else None,
        saved_at=row.saved_at if row else None,
        is_flagged=bool(row and row.is_flagged),
        is_seen=bool(row and row.is_seen),
        accepts_answers=accepts_answers and left > 0,
        feedback=feedback(version, corrections, parts) if parts else None,
        disclosure=question.assessment.disclosure_from_now,
        correction=correction_effect(corrections) if parts else "",
        percent=(won_percent(past) or WHOLE) if may_be_late else WHOLE,
        is_verdict_shown=shows_verdict,
        near_misses=named_mistakes(version, corrections, past, parts, question.assessment),
        read_again=section_to_read(question) if may_read and is_correct is False else None,
        order=order if types.get(version.type).is_shuffled else None,
    )


def checked_card(
    *,
    kind: str,
    question: Question,
    row: SittingQuestion,
    attempts: tuple[Attempt, ...],
    lateness: Lateness = IN_TIME,
) -> Card:
    """Return the card right after a Check, from the records that the service has. Runs no query."""
    stage, last = question.assessment.unended_stage, attempts[-1]
    extra = last.attempts_limit - last.version.attempts_limit
    # A Check is refused before the module opens, so its lessons are open.
    state = CardState(stage, True, extra, lateness, row.sitting.option_order, may_read=True)
    return new_card(kind, question, row.position, row, list(attempts), state)
