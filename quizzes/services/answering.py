"""Drafts, flags and attempts: what a learner writes on one question."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import transaction

from grading.selectors import CourseGrade, course_grade
from quizzes import types
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.rules.attempts import Past, Replay, attempts_left, decide_attempt, decide_draft, is_same
from quizzes.rules.corrections import is_credited
from quizzes.rules.storable import refuse_unstorable
from quizzes.rules.timing import is_in_grace
from quizzes.selectors.outcomes import corrections_of, past_from
from quizzes.services.places import Place, clock_of, locked_place, refuse_late
from quizzes.services.scoring import attempts_in, rescore


class Learner(Protocol):
    """What the services need to know of a signed-in person."""

    pk: Any
    is_staff: bool


@dataclass(frozen=True)
class Outcome:
    """What a Check led to. `is_right` is the attempt's outcome, corrections of the question included;
    `points_earned` are the question's best so far; `grade` is the new course grade.

    `attempts` are those on this question up to and with this one, `row` its place in the sitting.
    """

    attempt: Attempt
    attempts: tuple[Attempt, ...]
    row: SittingQuestion
    is_right: bool
    attempts_left: int
    is_final: bool
    points_earned: Decimal
    grade: CourseGrade
    is_replay: bool


@dataclass(frozen=True)
class Saved:
    """An acknowledged draft."""

    revision: int
    saved_at: datetime


@transaction.atomic
def submit_attempt(*, learner: Learner, question_id: str, response: Any, number: int, now: datetime) -> Outcome:
    """Check `response` as attempt `number` (1…limit), received at `now`.

    The same submission again returns the stored outcome, even after the deadline (D12). Raises Refusal
    blank_response, invalid_response, already_final, attempts_exhausted, stale_attempt, sitting_over,
    sitting_not_started, assessment_closed, not_enrolled, preview_only, not_found; a refusal spends nothing.
    """
    place = locked_place(learner_id=learner.pk, is_staff=learner.is_staff, question_id=question_id, now=now)
    kind = types.get(place.version.type)
    refuse_unstorable(response)
    canonical = kind.parse(response, place.version.body)
    attempts = [] if place.is_new else attempts_in(place.sitting)
    past = past_of(attempts, place)
    if not any(found.number == number and is_same(found.response, canonical) for found in past):
        refuse_late(place, now)
    limit = place.version.attempts_limit
    decision = decide_attempt(limit=limit, past=past, number=number, response=canonical)
    if isinstance(decision, Replay):
        return replayed(place, attempts, number)
    consume_draft(place)  # first: it pins the version, and with it what the attempt is worth
    attempt = write_attempt(place, canonical, decision.number, is_reopened=has_been_right(attempts, place), now=now)
    grade = rescore(sitting=place.sitting, attempts=[*attempts, attempt], cause="attempt", now=now)
    return outcome([*on_question(attempts, place), attempt], limit, grade, place)


def write_attempt(
    place: Place,
    canonical: Any,
    number: int,
    *,
    is_reopened: bool,
    now: datetime,
    by: str = Attempt.By.LEARNER,
) -> Attempt:
    """The one place where an attempt comes into being; it keeps what its version's own key says of it."""
    is_correct = types.get(place.version.type).is_right(canonical, place.version.secret)
    return Attempt.objects.create(
        sitting=place.sitting,
        question=place.question,
        version=place.version,
        number=number,
        attempts_limit=place.version.attempts_limit,
        response=canonical,
        is_correct=is_correct,
        points_earned=place.row.points if is_correct else Decimal(0),
        received_at=now,
        accepts_until=place.sitting.accepts_until,
        is_in_grace=is_in_grace(clock_of(place.sitting), now),
        by=by,
        is_reopened=is_reopened,
    )


def has_been_right(attempts: list[Attempt], place: Place) -> bool:
    """Was an earlier attempt on the question right by its key? Then a regrade took it back, or it would be final."""
    return any(attempt.is_correct for attempt in on_question(attempts, place))


def consume_draft(place: Place) -> None:
    """A Check consumes the draft, raises the revision and pins the version."""
    row, version = place.row, place.version
    if row.version_id is None:
        row.version, row.points = version, version.points
    row.draft, row.saved_at = None, None
    row.revision += 1
    row.save(update_fields=["draft", "saved_at", "revision", "version", "points"])


def on_question(attempts: list[Attempt], place: Place) -> list[Attempt]:
    return [attempt for attempt in attempts if attempt.question_id == place.question.pk]


def past_of(attempts: list[Attempt], place: Place) -> list[Past]:
    corrections = corrections_of(place.question)
    return [past_from(attempt, corrections) for attempt in on_question(attempts, place)]


def replayed(place: Place, attempts: list[Attempt], number: int) -> Outcome:
    """The stored outcome, as it was when that attempt was made."""
    until_then = [found for found in on_question(attempts, place) if found.number <= number]
    grade = course_grade(place.sitting.learner_id, place.question.assessment.course_id)
    return outcome(until_then, until_then[-1].attempts_limit, grade, place, is_replay=True)


def outcome(
    attempts: list[Attempt], limit: int, grade: CourseGrade, place: Place, *, is_replay: bool = False
) -> Outcome:
    """`attempts` are those on the question, the newest last."""
    past = past_of(attempts, place)
    left = attempts_left(limit, past)
    has_points = any(found.is_correct for found in past) or is_credited(corrections_of(place.question))
    return Outcome(
        attempt=attempts[-1],
        attempts=tuple(attempts),
        row=place.row,
        is_right=past[-1].is_correct,
        attempts_left=left,
        is_final=left == 0,
        points_earned=place.row.points if has_points else Decimal(0),
        grade=grade,
        is_replay=is_replay,
    )


@transaction.atomic
def save_draft(*, learner: Learner, question_id: str, response: Any, revision: int, now: datetime) -> Saved:
    """Keep `response` without spending anything; `revision` is that of the last save the client knows (D7).

    Raises Refusal stale_draft with the stored draft, and those of submit_attempt.
    """
    refuse_unstorable(response)
    place = locked_place(learner_id=learner.pk, is_staff=learner.is_staff, question_id=question_id, now=now)
    refuse_late(place, now)
    row = place.row
    row.revision = decide_draft(
        stored_revision=row.revision, stored_response=row.draft, revision=revision, response=response
    )
    attempts = Attempt.objects.filter(sitting=place.sitting, question=place.question).select_related("version")
    past = past_of(list(attempts), place)
    refuse_final(place.version.attempts_limit, past)
    row.draft, row.saved_at = response, now
    row.save(update_fields=["draft", "revision", "saved_at"])
    return Saved(row.revision, now)


def refuse_final(limit: int, past: list[Past]) -> None:
    """Raise Refusal already_final or attempts_exhausted where a further attempt would get it."""
    decide_attempt(limit=limit, past=past, number=len(past) + 1, response=None)


@transaction.atomic
def set_flag(*, learner: Learner, question_id: str, is_flagged: bool, now: datetime) -> SittingQuestion:
    """Mark a question to come back to."""
    place = locked_place(learner_id=learner.pk, is_staff=learner.is_staff, question_id=question_id, now=now)
    refuse_late(place, now)
    place.row.is_flagged = is_flagged
    place.row.save(update_fields=["is_flagged"])
    return place.row


def mark_seen(*, sitting: Sitting, position: int) -> None:
    """Remember that the learner has had this question of the paper on screen; anything else is harmless."""
    SittingQuestion.objects.filter(sitting=sitting, position=position, is_seen=False).update(is_seen=True)
