"""The question in a learner's sitting that a request writes to, read under the learner's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from course.rules.schedule import has_closed, is_within_dates, refuse_before_opening, refuse_outside
from course.selectors import published, snapshot_at
from foundation.fast.prepared import PreparedInsert, PreparedUpdate, give_related
from foundation.refusals import refuses
from people.access import access_from, refuse_archived, refuse_unless_learner
from people.services import Learner, lock_enrollment
from questions.rules.shuffling import review_number
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts, is_paused
from quizzes.selectors.own_records import OwnRecords, QuestionChange, own_records
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions, assessment_and_course, dates_of_learner
from quizzes.selectors.sittings import has_running_exam
from quizzes.selectors.ungraded import (
    MARK,
    UngradedLimits,
    question_as_shown,
    question_in_exam,
    refuse_other_kind,
    ungraded_sitting,
)
from quizzes.services.pause_ends import end_expired_pause


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a learner's sitting, with its row there. `version` is the pinned version, or the one that a first attempt
    would pin.

    `attempts` are those of the sitting that were read with it; `extra_attempts` are the learner's in the assessment.
    """

    question: Question
    sitting: Sitting
    row: SittingQuestion
    attempts: Sequence[Attempt] = ()
    extra_attempts: int = 0

    @property
    def version(self) -> QuestionVersion:
        version = self.row.version or self.question.current
        if version is None:
            raise Refusal("not_found")
        return version

    @property
    def attempts_allowed(self) -> int:
        return self.version.attempts_limit + self.extra_attempts

    @property
    def is_exam(self) -> bool:
        return self.question.assessment.kind == Assessment.Kind.EXAM


@dataclass(frozen=True)
class UngradedQuestion(AskedQuestion):
    """A question in a rehearsal or a test run (D46). `question` belongs to the exam; `shown` has its address there as its id."""

    shown: Question | None = None


@refuses(refuse_unless_learner, "sitting_not_started", "rehearsal_waits")
def lock_and_read_question(
    *, learner: Learner, question_id: str, change: QuestionChange, now: datetime
) -> tuple[AskedQuestion, PublishedQuestions, OwnRecords]:
    """Lock the learner's enrollment. Return the question, the published questions, and the records that the change needs.

    If a review has no sitting yet, one is stored. If the question has no row there yet, the row is new and not stored.
    Raises Refusal not_found, not_enrolled, preview_only, sitting_not_started, course_archived, course_not_open,
    course_closed, module_not_open, module_closed, assessment_not_open, assessment_closed, rehearsal_waits.
    """
    if MARK in question_id:
        return lock_and_read_ungraded(learner=learner, address=question_id, now=now)
    assessment_id, course_id = assessment_and_course(question_id)
    enrollment = lock_enrollment(learner_id=learner.pk, course_id=course_id)
    # The first statement under the lock reads the revision, so whatever was published before the lock is seen.
    records = own_records(change, learner_id=learner.pk, assessment_id=assessment_id, question_id=question_id)
    content = snapshot_at(course_id, records.revision)[QUESTIONS]
    question = content.questions.get(question_id)
    if question is None:
        raise Refusal("not_found")
    visibility = question.assessment.course.visibility
    refuse_unless_learner(access_from(enrollment, visibility=visibility, person=learner))
    if question.variants and not (records.row and records.row.version_id):
        (question,) = content.given_to(learner.pk, [question])
    join_published(records, question, content)
    if records.sitting is not None:
        end_expired_pause(records.sitting, now)
    row = records.row or new_review_row(question, records.sitting, learner.pk, now)
    return AskedQuestion(question, row.sitting, row, records.attempts, records.extra_attempts), content, records


def lock_and_read_ungraded(
    *, learner: Learner, address: str, now: datetime
) -> tuple[UngradedQuestion, PublishedQuestions, OwnRecords]:
    """Lock and read a question of a rehearsal or a test run, as `lock_and_read_question` does in other sittings (D46).

    Raises Refusal not_found, not_enrolled, preview_only, rehearsal_waits.
    """
    sitting_id, _, question_id = address.partition(MARK)
    sitting = lock_ungraded(learner=learner, sitting_id=sitting_id, now=now)
    row = sitting.questions.select_related("question", "version").filter(question=question_id).first()
    if row is None or row.version is None:
        raise Refusal("not_found")
    asked = ungraded_question(sitting, row, UngradedLimits.of(sitting))
    records = OwnRecords("", asked.extra_attempts, sitting, row, list(asked.attempts), frozenset())
    return asked, published(sitting.assessment.course_id)[QUESTIONS], records


def lock_ungraded(*, learner: Learner, sitting_id: str, now: datetime) -> Sitting:
    """Lock a person's enrollment and return their rehearsal or test run, if they may work in it now.

    The row of the sitting is locked as well, because an administrator may have no enrollment. Raises Refusal not_found,
    not_enrolled, preview_only, rehearsal_waits.
    """
    course = ungraded_sitting(learner.pk, sitting_id).assessment.course
    enrollment = lock_enrollment(learner_id=learner.pk, course_id=course.pk)
    Sitting.every.select_for_update(no_key=True).filter(pk=sitting_id).first()
    sitting = ungraded_sitting(learner.pk, sitting_id)
    refuse_other_kind(access_from(enrollment, visibility=course.visibility, person=learner), sitting.kind)
    if sitting.kind == Sitting.Kind.REHEARSAL and has_running_exam(learner.pk, now):
        raise Refusal("rehearsal_waits")
    return sitting


def ungraded_question(sitting: Sitting, row: SittingQuestion, limits: UngradedLimits) -> UngradedQuestion:
    """Return a question of a rehearsal or a test run with its attempts. Runs one query."""
    assert row.version is not None
    question, shown = question_in_exam(sitting, row.question), question_as_shown(sitting, row.question)
    give_related(row, sitting=sitting, question=question)
    attempts = list(Attempt.objects.filter(sitting=sitting, question=row.question_id).order_by("number"))
    versions = QuestionVersion.objects.in_bulk({attempt.version_id for attempt in attempts})
    for attempt in attempts:
        give_related(attempt, sitting=sitting, question=question, version=versions[attempt.version_id])
    return UngradedQuestion(question, sitting, row, attempts, limits.added_to(row.version), shown)


def join_published(records: OwnRecords, question: Question, content: PublishedQuestions) -> None:
    """Set the published objects on the learner's records that refer to them, which saves the queries for them."""
    if records.sitting is None:
        return
    give_related(records.sitting, assessment=question.assessment)
    pinned = {line.version_id for line in records.paper} | {attempt.version_id for attempt in records.attempts}
    versions = content.versions({pk for pk in pinned if pk is not None})
    if records.row is not None:
        pinned_version = versions[records.row.version_id] if records.row.version_id else None
        give_related(records.row, sitting=records.sitting, question=question, version=pinned_version)
    for attempt in records.attempts:
        give_related(attempt, sitting=records.sitting, version=versions[attempt.version_id])
        if attempt.question_id == question.pk:
            give_related(attempt, question=question)


def new_review_row(question: Question, sitting: Sitting | None, learner_id: int, now: datetime) -> SittingQuestion:
    """Return a row, not stored yet, for a first draft, attempt or flag in a review. An exam's rows are created at its Start.

    Without a sitting, a new one is stored.
    """
    assessment = question.assessment
    refuse_archived(assessment.course)
    if assessment.kind == Assessment.Kind.EXAM:
        raise Refusal("not_found" if sitting else "sitting_not_started")
    if question.is_retired or question.current is None:
        raise Refusal("not_found")
    refuse_closed(assessment, learner_id, now)
    if sitting is None:
        order = review_number(learner_id, assessment.pk)
        sitting = Sitting(assessment=assessment, learner_id=learner_id, started_at=now, option_order=order)
        STORE_SITTING(sitting)
    return SittingQuestion(
        sitting=sitting, question=question, position=question.position, points=question.current.points
    )


STORE_SITTING = PreparedInsert(Sitting)
STORE_ROW = PreparedInsert(SittingQuestion)
CHANGES: dict[QuestionChange, PreparedUpdate[SittingQuestion]] = {
    "check": PreparedUpdate(SittingQuestion, "draft", "saved_at", "revision", "version", "points"),
    "draft": PreparedUpdate(SittingQuestion, "draft", "saved_at", "revision"),
    "flag": PreparedUpdate(SittingQuestion, "is_flagged"),
}


def store_row(row: SittingQuestion, change: QuestionChange) -> None:
    """Insert a new row, or update those columns of a stored one that this change sets."""
    (STORE_ROW if row.pk is None else CHANGES[change])(row)


@refuses(refuse_archived, refuse_outside, "sitting_paused", "sitting_over")
def refuse_unless_accepting(asked: AskedQuestion, now: datetime) -> None:
    """Refuse a response, draft or flag that was received at `now`, unless the sitting and the question accept it then.

    A removed review question accepts nothing more; a drawn paper does not change (D23, D27). Raises Refusal
    course_archived, sitting_paused, sitting_over, not_found, and for a review the refusals of its dates.
    """
    refuse_archived(asked.question.assessment.course)
    if is_paused(asked.sitting.clock, now):
        raise Refusal("sitting_paused")
    if not accepts(asked.sitting.clock, now):
        raise Refusal("sitting_over")
    if not asked.is_exam:
        if asked.question.is_retired:
            raise Refusal("not_found")
        refuse_closed(asked.question.assessment, asked.sitting.learner_id, now)


def refuse_closed(assessment: Assessment, learner_id: int, now: datetime) -> None:
    """Raise a Refusal if the course, the module or the assessment is not open at `now` for the learner (D22, D39).

    Runs a query only after the closing for everyone, or where dates may vary.
    """
    common = dates = assessment.dates
    if assessment.dates_vary or has_closed(common.closes_at, now):
        dates = dates_of_learner(assessment, learner_id)
    if dates != common:
        if is_within_dates(opens_at=dates.opens_at, closes_at=dates.closes_at, now=now):
            return
        if dates.opens_at != common.opens_at:
            refuse_before_opening("assessment", opens_at=dates.opens_at, now=now)
    for what, dated in (("course", assessment.course), ("module", assessment.module)):
        refuse_outside(what, opens_at=dated.opens_at, closes_at=dated.closes_at, now=now)
    refuse_outside("assessment", opens_at=dates.opens_at, closes_at=dates.closes_at, now=now)
