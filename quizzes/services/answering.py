"""Drafts, flags and attempts: a learner's writes to one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from foundation.prepared import PreparedInsert, give_related
from grading.rules.course_grade import CourseGrade
from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import WHOLE, share_of
from grading.selectors.grades import course_grade
from grading.selectors.settled import grade_without
from grading.services import Cause, GradeAction
from people.services import Learner
from quizzes import types
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.attempts import (
    Json,
    Past,
    Replay,
    attempts_left,
    decide_attempt,
    decide_response_draft,
    is_same,
    limit_in_force,
    refuse_other_button,
    refuse_other_version,
)
from quizzes.rules.corrections import is_credited
from quizzes.rules.scoring import won_percent
from quizzes.rules.storable import refuse_unstorable
from quizzes.rules.timing import accepts, is_in_grace
from quizzes.selectors.counted_questions import asked_now
from quizzes.selectors.lateness import sitting_lateness
from quizzes.selectors.outcomes import corrections_of, past_from
from quizzes.selectors.own_records import PAPER_WITH_ATTEMPTS, ROW_ALONE, ROW_WITH_ATTEMPTS
from quizzes.selectors.published_questions import PublishedQuestions
from quizzes.selectors.withheld import holds_verdicts, withheld_among
from quizzes.services.asked_questions import AskedQuestion, lock_asked_question, refuse_late, store_row
from quizzes.services.scoring import rescore

STORE_ATTEMPT = PreparedInsert(Attempt)


@dataclass(frozen=True)
class CheckResult:
    """The result of a Check.

    `is_right` is the attempt's outcome with the question's corrections; `points_earned` are the best so far on the
    question; `grade` is the new course grade, as the learner may see it (D33). `attempts` are those on this question up
    to this one; `row` is the question in the sitting; `lateness` tells how much each counts (D34).
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
    lateness: Lateness


@dataclass(frozen=True)
class Saved:
    """A saved draft."""

    revision: int
    saved_at: datetime


@transaction.atomic
def submit_attempt(
    *,
    learner: Learner,
    question_id: str,
    response: object,
    number: int,
    button: str = "",
    version: int = 0,
    now: datetime,
) -> CheckResult:
    """Check `response` as attempt `number` (1…limit), received at `now`.

    `button` is what the learner pressed, and `version` the number of the version that they saw, if known. The same
    submission again returns the stored outcome, even after the deadline (D12). A refusal uses no attempt.
    Raises Refusal blank_response, invalid_response, graded_at_end, question_changed, button_changed, already_final,
    attempts_exhausted, stale_attempt, sitting_over, sitting_paused, sitting_not_started, course_not_open,
    course_closed, assessment_not_open, assessment_closed, not_enrolled, preview_only, not_found.
    """
    place, content, found = lock_asked_question(
        learner=learner, question_id=question_id, now=now, reads=PAPER_WITH_ATTEMPTS
    )
    refuse_unstorable(response)
    canonical = canonical_response(place, response, version)
    attempts = found.attempts
    past = past_of(attempts, place)
    if not any(each.number == number and is_same(each.response, canonical) for each in past):
        refuse_late(place, now)
    decision = decide_attempt(past=past, number=number, response=canonical)
    if isinstance(decision, Replay):
        refuse_untold(place, now)
        return replayed(place, attempts, number, content, now)
    if not place.question.assessment.disclosure.has_checks:
        raise Refusal("graded_at_end")
    refuse_other_version(version, asked=place.version.number)
    refuse_other_button(button, allowed=place.attempts_allowed, past=past)
    consume_draft(place)  # first, because it pins the version and so what the attempt is worth
    is_reopened = has_been_right(attempts, place)
    attempt = write_attempt(place, canonical, past, is_reopened=is_reopened, now=now)
    attempts = [*attempts, attempt]
    asked = asked_now(place.question.assessment, found.paper, attempts, content)
    grade = rescore(sitting=place.sitting, attempts=attempts, asked=asked, action=GradeAction(Cause.ATTEMPT, now))
    grade = grade_without(grade, withheld_among(place.sitting.learner_id, content.delayed, now))
    return outcome(on_question(attempts, place), grade, place)


def canonical_response(place: AskedQuestion, response: object, version: int) -> Json:
    """Return the response as the question's type reads it, or raise the type's Refusal.

    A response to another version may not fit the one that is asked: an option is gone, or the type is another one. The
    learner cannot correct such a response before seeing the new version, so the Refusal is question_changed.
    """
    asked = place.version
    try:
        canonical: Json = types.get(asked.type).parse(response, asked.body)
    except Refusal:
        refuse_other_version(version, asked=asked.number)
        raise
    return canonical


def refuse_untold(place: AskedQuestion, now: datetime) -> None:
    """Raise Refusal sitting_over if an exam has ended, and its learner may not know yet what was right (D33).

    A response that was graded at the end was never checked, so sending it again must not tell its outcome.
    """
    exam = place.question.assessment
    is_over = place.is_exam and not accepts(place.sitting.clock, now)
    if is_over and not exam.disclosure.has_checks and holds_verdicts(exam, now):
        raise Refusal("sitting_over")


def write_attempt(
    place: AskedQuestion,
    canonical: object,
    past: Sequence[Past],
    *,
    is_reopened: bool,
    now: datetime,
    by: str = Attempt.By.LEARNER,
) -> Attempt:
    """Store the attempt after those in `past`, with its outcome under its version's own key. Attempts are created nowhere else."""
    is_correct = types.get(place.version.type).is_right(canonical, place.version.secret)
    attempt = Attempt(
        sitting_id=place.sitting.pk,
        question_id=place.question.pk,
        version_id=place.version.pk,
        number=len(past) + 1,
        attempts_limit=limit_in_force(place.attempts_allowed, past),
        response=canonical,
        is_correct=is_correct,
        points_earned=place.row.points if is_correct else Decimal(0),
        received_at=now,
        accepts_until=place.sitting.accepts_until,
        is_in_grace=is_in_grace(place.sitting.clock, now),
        by=by,
        is_reopened=is_reopened,
    )
    give_related(attempt, sitting=place.sitting, question=place.question, version=place.version)
    STORE_ATTEMPT(attempt)
    return attempt


def has_been_right(attempts: list[Attempt], place: AskedQuestion) -> bool:
    """Return whether an earlier attempt was right by its key.

    If so, a regrade changed that; otherwise the question would be final.
    """
    return any(attempt.is_correct for attempt in on_question(attempts, place))


def consume_draft(place: AskedQuestion) -> None:
    """Consume the draft after a Check, raise the revision and pin the version."""
    row, version = place.row, place.version
    if row.version_id is None:
        row.version, row.points = version, version.points
    row.draft, row.saved_at = None, None
    row.revision += 1
    store_row(row, "check")


def on_question(attempts: Sequence[Attempt], place: AskedQuestion) -> list[Attempt]:
    """Return the attempts on this question."""
    question_id = place.question.pk
    return [attempt for attempt in attempts if attempt.question_id == question_id]


def past_of(attempts: Sequence[Attempt], place: AskedQuestion, lateness: Lateness = IN_TIME) -> list[Past]:
    """Return the attempts on this question as facts, with the corrections in force."""
    corrections = corrections_of(place.question)
    return [past_from(attempt, corrections, lateness) for attempt in on_question(attempts, place)]


def replayed(
    place: AskedQuestion, attempts: list[Attempt], number: int, content: PublishedQuestions, now: datetime
) -> CheckResult:
    """Return the stored outcome, as of when that attempt was made."""
    until_then = [found for found in on_question(attempts, place) if found.number <= number]
    grade = course_grade(place.sitting.learner_id, place.question.assessment.course_id)
    grade = grade_without(grade, withheld_among(place.sitting.learner_id, content.delayed, now))
    return outcome(until_then, grade, place, is_replay=True)


def outcome(
    attempts: list[Attempt], grade: CourseGrade, place: AskedQuestion, *, is_replay: bool = False
) -> CheckResult:
    """Return the result; `attempts` are those on the question, newest last."""
    lateness = sitting_lateness(place.sitting, grade.counted)
    past = past_of(attempts, place, lateness)
    left = attempts_left(attempts[-1].attempts_limit, past)
    percent = WHOLE if is_credited(corrections_of(place.question)) else won_percent(past)
    return CheckResult(
        attempt=attempts[-1],
        attempts=tuple(attempts),
        row=place.row,
        is_right=past[-1].is_correct,
        attempts_left=left,
        is_final=left == 0,
        points_earned=share_of(place.row.points, percent),
        grade=grade,
        is_replay=is_replay,
        lateness=lateness,
    )


@transaction.atomic
def save_draft(*, learner: Learner, question_id: str, response: Json, revision: int, now: datetime) -> Saved:
    """Save `response` without using an attempt; `revision` is the last save that the client knows (D7).

    Raises Refusal stale_draft with the stored draft, and those of submit_attempt.
    """
    refuse_unstorable(response)
    place, _, _ = lock_asked_question(learner=learner, question_id=question_id, now=now, reads=ROW_WITH_ATTEMPTS)
    refuse_late(place, now)
    refuse_final(past_of(place.attempts, place))
    row = place.row
    row.revision = decide_response_draft(
        stored_revision=row.revision, stored_response=row.draft, revision=revision, response=response
    )
    row.draft, row.saved_at = response, now
    store_row(row, "draft")
    return Saved(row.revision, now)


def refuse_final(past: list[Past]) -> None:
    """Raise Refusal already_final or attempts_exhausted if no attempt is left."""
    decide_attempt(past=past, number=len(past) + 1, response=None)


@transaction.atomic
def set_flag(*, learner: Learner, question_id: str, is_flagged: bool, now: datetime) -> SittingQuestion:
    """Flag a question to come back to. Raises the refusals of save_draft, except stale_draft."""
    place, _, _ = lock_asked_question(learner=learner, question_id=question_id, now=now, reads=ROW_ALONE)
    refuse_late(place, now)
    place.row.is_flagged = is_flagged
    store_row(place.row, "flag")
    return place.row


def mark_seen(*, sitting: Sitting, position: int) -> None:
    """Record that the learner has seen this question of the paper. Other positions do nothing."""
    SittingQuestion.objects.filter(sitting=sitting, position=position, is_seen=False).update(is_seen=True)
