"""Drafts, flags and attempts: a learner's writes to one question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from foundation.fast.prepared import PreparedInsert, give_related
from grading.rules.course_grade import CourseGrade
from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import WHOLE, share_of
from grading.selectors.grades import course_grade
from grading.selectors.settled import grade_without
from grading.services import Cause, GradeAction
from people.services import Learner
from questions import types
from questions.rules.attempts import (
    Json,
    Past,
    Replay,
    attempts_left,
    decide_attempt,
    decide_response_draft,
    is_same,
    limit_in_force,
    refuse_final,
    refuse_other_button,
    refuse_other_version,
)
from questions.rules.storable import refuse_unstorable
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.corrections import is_credited
from quizzes.rules.scoring import won_percent
from quizzes.rules.timing import accepts, is_in_grace
from quizzes.selectors.lateness import sitting_lateness
from quizzes.selectors.outcomes import corrections_of, past_from
from quizzes.selectors.published_questions import PublishedQuestions
from quizzes.selectors.scored_questions import scored_now
from quizzes.selectors.withheld import withheld_among, withholds_verdicts
from quizzes.services.asked_questions import (
    AskedQuestion,
    UngradedQuestion,
    lock_and_read_question,
    refuse_unless_accepting,
    store_row,
)
from quizzes.services.scoring import rescore_sitting

STORE_ATTEMPT = PreparedInsert(Attempt)


@dataclass(frozen=True)
class CheckResult:
    """The result of a Check.

    `is_right` is the attempt's outcome with the question's corrections; `points_earned` are the best so far on the
    question; `grade` is the new course grade, as the learner may see it (D33). `attempts` are those on the question up to
    this one; `row` is the question's row in the sitting; `lateness` decides how much a late attempt counts (D34).
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
    """A saved draft. `problem` says why it would not be graded as it is, "" if it would be or is blank (D8)."""

    revision: int
    saved_at: datetime
    problem: str = ""


@transaction.atomic
def check_response(
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

    `button` is the button that the learner pressed, and `version` the number of the version that they saw; "" and 0 if
    that is unknown. The same submission again returns the stored outcome, even after the deadline (D12). A refusal uses
    no attempt.

    Raises Refusal blank_response, invalid_response, graded_at_end, question_changed, button_changed, already_final,
    attempts_exhausted, stale_attempt, sitting_over, sitting_paused, sitting_not_started, course_archived,
    course_not_open, course_closed, assessment_not_open, assessment_closed, not_enrolled, preview_only, not_found.
    """
    asked, content, records = lock_and_read_question(learner=learner, question_id=question_id, change="check", now=now)
    refuse_unstorable(response)
    canonical = canonical_response(asked, response, version)
    past = past_of(records.attempts, asked)
    is_repeated = any(attempt.number == number and is_same(attempt.response, canonical) for attempt in past)
    if not is_repeated:  # a repetition is answered even after the deadline (D12)
        refuse_unless_accepting(asked, now)
    decision = decide_attempt(past=past, number=number, response=canonical)
    if isinstance(decision, Replay):
        refuse_withheld_verdict(asked, now)
        if isinstance(asked, UngradedQuestion):
            return ungraded_result(asked, records.attempts[:number], content, now, is_replay=True)
        return stored_result(asked, records.attempts, number, content, now)
    if not asked.question.assessment.disclosure.has_checks:
        raise Refusal("graded_at_end")
    refuse_other_version(version, asked=asked.version.number)
    refuse_other_button(button, allowed=asked.attempts_allowed, past=past)
    update_row_for_attempt(asked)  # before the attempt, because its points are those of the version that this pins
    is_reopened = is_reopened_by_regrade(records.attempts, asked)
    attempt = write_attempt(asked, canonical, past, is_reopened=is_reopened, now=now)
    attempts = [*records.attempts, attempt]
    if isinstance(asked, UngradedQuestion):
        return ungraded_result(asked, attempts, content, now)
    questions = scored_now(asked.question.assessment, records.paper, attempts, content)
    action = GradeAction(Cause.ATTEMPT, now)
    grade = rescore_sitting(sitting=asked.sitting, attempts=attempts, questions=questions, action=action)
    grade = grade_without(grade, withheld_among(asked.sitting.learner_id, content.exams_delaying_verdicts, now))
    return check_result(attempts_at_question(attempts, asked), grade, asked)


def canonical_response(asked: AskedQuestion, response: object, seen_version: int) -> Json:
    """Return the response in the canonical form of the question's type, or raise the type's Refusal.

    If the learner saw another version, the Refusal is question_changed: the response may name an option that is gone, or
    belong to another type, and the learner cannot correct it before seeing the new version.
    """
    version = asked.version
    try:
        canonical: Json = types.get(version.type).parse(response, version.body)
    except Refusal:
        refuse_other_version(seen_version, asked=version.number)
        raise
    return canonical


def past_of(attempts: Sequence[Attempt], asked: AskedQuestion, lateness: Lateness = IN_TIME) -> list[Past]:
    """Return the attempts at this question as the rules read them, marked under the corrections in force."""
    corrections = corrections_of(asked.question)
    return [past_from(attempt, corrections, lateness) for attempt in attempts_at_question(attempts, asked)]


def attempts_at_question(attempts: Sequence[Attempt], asked: AskedQuestion) -> list[Attempt]:
    """Return those attempts of the sitting that are at this question."""
    question_id = asked.question.pk
    return [attempt for attempt in attempts if attempt.question_id == question_id]


def refuse_withheld_verdict(asked: AskedQuestion, now: datetime) -> None:
    """Raise Refusal sitting_over if an exam has ended and its verdicts are still withheld from the learner (D33).

    A draft that was graded at the end was never checked, so sending the same response again must not reveal its outcome.
    """
    exam = asked.question.assessment
    is_over = asked.is_exam and not accepts(asked.sitting.clock, now)
    if is_over and not exam.disclosure.has_checks and withholds_verdicts(exam, now):
        raise Refusal("sitting_over")


def stored_result(
    asked: AskedQuestion, attempts: list[Attempt], number: int, content: PublishedQuestions, now: datetime
) -> CheckResult:
    """Return the result of a Check that was sent again: its attempt with the earlier ones, and the grade as it is now."""
    until_then = [attempt for attempt in attempts_at_question(attempts, asked) if attempt.number <= number]
    grade = course_grade(asked.sitting.learner_id, asked.question.assessment.course_id)
    grade = grade_without(grade, withheld_among(asked.sitting.learner_id, content.exams_delaying_verdicts, now))
    return check_result(until_then, grade, asked, is_replay=True)


def ungraded_result(
    asked: UngradedQuestion,
    attempts: list[Attempt],
    content: PublishedQuestions,
    now: datetime,
    *,
    is_replay: bool = False,
) -> CheckResult:
    """Return the result of a Check in a rehearsal or a test run, which does not change the grade (D46)."""
    for attempt in attempts:
        give_related(attempt, question=asked.shown)
    grade = course_grade(asked.sitting.learner_id, asked.question.assessment.course_id)
    grade = grade_without(grade, withheld_among(asked.sitting.learner_id, content.exams_delaying_verdicts, now))
    return check_result(attempts, grade, asked, is_replay=is_replay)


def update_row_for_attempt(asked: AskedQuestion) -> None:
    """Change the row of a question to which an attempt is added: pin the version, clear the draft, raise the revision."""
    row, version = asked.row, asked.version
    if row.version_id is None:
        row.version, row.points = version, version.points
    row.draft, row.saved_at = None, None
    row.revision += 1
    store_row(row, "check")


def is_reopened_by_regrade(attempts: list[Attempt], asked: AskedQuestion) -> bool:
    """Return whether a regrade has reopened the question: an earlier attempt was right under its version's key.

    A right attempt is final, so a further one is possible only after a regrade has made it wrong.
    """
    return any(attempt.is_correct for attempt in attempts_at_question(attempts, asked))


def write_attempt(
    asked: AskedQuestion,
    canonical: object,
    past: Sequence[Past],
    *,
    is_reopened: bool,
    now: datetime,
    by: str = Attempt.By.LEARNER,
) -> Attempt:
    """Store the attempt that follows those in `past`, with its outcome under the version's own key.

    No other function stores an attempt of a learner; `copy_sittings` only copies stored ones.
    """
    is_correct = types.get(asked.version.type).is_right(canonical, asked.version.secret)
    attempt = Attempt(
        sitting_id=asked.sitting.pk,
        question_id=asked.question.pk,
        version_id=asked.version.pk,
        number=len(past) + 1,
        attempts_limit=limit_in_force(asked.attempts_allowed, past),
        response=canonical,
        is_correct=is_correct,
        points_earned=asked.row.points if is_correct else Decimal(0),
        received_at=now,
        accepts_until=asked.sitting.accepts_until,
        is_in_grace=is_in_grace(asked.sitting.clock, now),
        by=by,
        is_reopened=is_reopened,
    )
    give_related(attempt, sitting=asked.sitting, question=asked.question, version=asked.version)
    STORE_ATTEMPT(attempt)
    return attempt


def check_result(
    attempts: list[Attempt], grade: CourseGrade, asked: AskedQuestion, *, is_replay: bool = False
) -> CheckResult:
    """Return the result of the last of these attempts at the question."""
    lateness = IN_TIME if isinstance(asked, UngradedQuestion) else sitting_lateness(asked.sitting, grade.counted)
    past = past_of(attempts, asked, lateness)
    left = attempts_left(attempts[-1].attempts_limit, past)
    percent = WHOLE if is_credited(corrections_of(asked.question)) else won_percent(past)
    return CheckResult(
        attempt=attempts[-1],
        attempts=tuple(attempts),
        row=asked.row,
        is_right=past[-1].is_correct,
        attempts_left=left,
        is_final=left == 0,
        points_earned=share_of(asked.row.points, percent),
        grade=grade,
        is_replay=is_replay,
        lateness=lateness,
    )


@transaction.atomic
def save_draft(*, learner: Learner, question_id: str, response: Json, revision: int, now: datetime) -> Saved:
    """Save `response`, which uses no attempt. `revision` is the newest one that the client knows (D7).

    Raises Refusal stale_draft with the stored draft, invalid_response for what no database can store, already_final,
    attempts_exhausted, and the refusals of lock_and_read_question and refuse_unless_accepting.
    """
    refuse_unstorable(response)
    asked, _, _ = lock_and_read_question(learner=learner, question_id=question_id, change="draft", now=now)
    refuse_unless_accepting(asked, now)
    if asked.attempts:
        refuse_final(past_of(asked.attempts, asked))
    row = asked.row
    row.revision = decide_response_draft(
        stored_revision=row.revision, stored_response=row.draft, revision=revision, response=response
    )
    row.draft, row.saved_at = response, now
    store_row(row, "draft")
    version = asked.version
    problem = "" if response is None else types.get(version.type).problem_of(response, version.body)
    return Saved(row.revision, now, problem)


@transaction.atomic
def set_flag(*, learner: Learner, question_id: str, is_flagged: bool, now: datetime) -> SittingQuestion:
    """Flag a question to come back to. Raises the refusals of lock_and_read_question and refuse_unless_accepting."""
    asked, _, _ = lock_and_read_question(learner=learner, question_id=question_id, change="flag", now=now)
    refuse_unless_accepting(asked, now)
    asked.row.is_flagged = is_flagged
    store_row(asked.row, "flag")
    return asked.row


def mark_seen(*, sitting: Sitting, position: int) -> None:
    """Record that the learner has seen the question at this position of the paper, if there is one."""
    SittingQuestion.objects.filter(sitting=sitting, position=position, is_seen=False).update(is_seen=True)
