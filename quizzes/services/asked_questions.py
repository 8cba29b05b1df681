"""Find the question in a learner's sitting that is to be written to, under the learner's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from course.rules.schedule import has_closed, refuse_outside
from course.selectors import snapshot_at
from foundation.prepared import PreparedInsert, PreparedQuery, PreparedUpdate, give_related
from foundation.refusals import refuses
from people.access import access_from, refuse_archived, refuse_unless_learner
from people.services import Learner, lock_enrollment
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts, is_paused
from quizzes.selectors.own_records import OwnRecords, own_records
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions, dates_of_learner, home_of
from quizzes.services.pause_ends import end_expired_pause


@dataclass(frozen=True)
class AskedQuestion:
    """A question in a learner's sitting; `version` is the pinned version, or the one that a first attempt would pin.

    `attempts` are those in the sitting that were read with it; `extra_attempts` are the learner's in the assessment.
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


@refuses(refuse_unless_learner, "sitting_not_started")
def lock_asked_question(
    *, learner: Learner, question_id: str, now: datetime, reads: PreparedQuery
) -> tuple[AskedQuestion, PublishedQuestions, OwnRecords]:
    """Return the learner's question for writing, the published questions, and the records that `reads` reads.

    A review's sitting is created if missing, and its row is new and not stored yet. Raises Refusal not_found,
    not_enrolled, preview_only, sitting_not_started, course_not_open, course_closed, assessment_not_open,
    assessment_closed.
    """
    assessment_id, course_id = home_of(question_id)
    enrollment = lock_enrollment(learner_id=learner.pk, course_id=course_id)
    # The first statement under the lock reads the revision, so whatever was published before the lock is seen.
    found = own_records(reads, learner_id=learner.pk, assessment_id=assessment_id, question_id=question_id)
    content = snapshot_at(course_id, found.revision)[QUESTIONS]
    question = content.questions.get(question_id)
    if question is None:
        raise Refusal("not_found")
    visibility = question.assessment.course.visibility
    refuse_unless_learner(access_from(enrollment, visibility=visibility, person=learner))
    join_published(found, question, content)
    if found.sitting is not None:
        end_expired_pause(found.sitting, now)
    row = found.row or new_review_row(question, found.sitting, learner.pk, now)
    return AskedQuestion(question, row.sitting, row, found.attempts, found.extra_attempts), content, found


def join_published(found: OwnRecords, question: Question, content: PublishedQuestions) -> None:
    """Give a learner's records the published objects that they refer to."""
    if found.sitting is None:
        return
    give_related(found.sitting, assessment=question.assessment)
    pinned = {line.version_id for line in found.paper} | {attempt.version_id for attempt in found.attempts}
    versions = content.versions({pk for pk in pinned if pk is not None})
    if found.row is not None:
        pinned_version = versions[found.row.version_id] if found.row.version_id else None
        give_related(found.row, sitting=found.sitting, question=question, version=pinned_version)
    for attempt in found.attempts:
        give_related(attempt, sitting=found.sitting, version=versions[attempt.version_id])
        if attempt.question_id == question.pk:
            give_related(attempt, question=question)


def question_by_id(question_id: str) -> Question:
    """Return a question of an assessment that is not retired. Raises Refusal not_found."""
    questions = Question.objects.select_related("assessment__course", "current")
    question = questions.filter(pk=question_id, assessment__is_retired=False).first()
    if question is None:
        raise Refusal("not_found")
    return question


def new_review_row(question: Question, found: Sitting | None, learner_id: int, now: datetime) -> SittingQuestion:
    """Return a row, not stored yet, for a first draft or attempt in a review. Start alone creates an exam's rows.

    The review's sitting is stored if `found` is None.
    """
    assessment = question.assessment
    refuse_archived(assessment.course)
    if assessment.kind == Assessment.Kind.EXAM:
        raise Refusal("not_found" if found else "sitting_not_started")
    if question.is_retired or question.current is None:
        raise Refusal("not_found")
    refuse_closed(assessment, learner_id, now)
    sitting = found
    if sitting is None:
        sitting = Sitting(assessment=assessment, learner_id=learner_id, started_at=now)
        STORE_SITTING(sitting)
    return SittingQuestion(
        sitting=sitting, question=question, position=question.position, points=question.current.points
    )


STORE_SITTING = PreparedInsert(Sitting)
STORE_ROW = PreparedInsert(SittingQuestion)
CHANGES = {
    "check": PreparedUpdate(SittingQuestion, "draft", "saved_at", "revision", "version", "points"),
    "draft": PreparedUpdate(SittingQuestion, "draft", "saved_at", "revision"),
    "flag": PreparedUpdate(SittingQuestion, "is_flagged"),
}


def store_row(row: SittingQuestion, change: Literal["check", "draft", "flag"]) -> None:
    """Insert a new row, or update what such a change changes of a stored one."""
    (STORE_ROW if row.pk is None else CHANGES[change])(row)


@refuses(refuse_archived, refuse_outside, "sitting_paused", "sitting_over")
def refuse_late(place: AskedQuestion, now: datetime) -> None:
    """Raise Refusal course_archived, sitting_paused, sitting_over, or for a review the refusal of its dates, if nothing is
    accepted at `now`.

    A removed review question accepts nothing more; a drawn paper does not change (D23, D27).
    """
    refuse_archived(place.question.assessment.course)
    if is_paused(place.sitting.clock, now):
        raise Refusal("sitting_paused")
    if not accepts(place.sitting.clock, now):
        raise Refusal("sitting_over")
    if not place.is_exam:
        if place.question.is_retired:
            raise Refusal("not_found")
        refuse_closed(place.question.assessment, place.sitting.learner_id, now)


def refuse_closed(assessment: Assessment, learner_id: int, now: datetime) -> None:
    """Raise a Refusal if the course, the module or the assessment is not open at `now` (D22).

    A learner with later dates may answer until these. Runs a query only after the closing.
    """
    is_extended = has_closed(assessment.dates.closes_at, now) and not has_closed(
        dates_of_learner(assessment, learner_id).closes_at, now
    )
    for what, dated in (("course", assessment.course), ("module", assessment.module), ("assessment", assessment)):
        closes_at = None if is_extended else dated.closes_at
        refuse_outside(what, opens_at=dated.opens_at, closes_at=closes_at, now=now)
