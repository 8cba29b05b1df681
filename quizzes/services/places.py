"""Finding, under the learner's lock, the place where something is to be written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Subquery

from course.rules.refusals import Refusal
from course.rules.schedule import refuse_outside
from course.services import lock_enrollment
from quizzes.models import Assessment, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.rules.timing import Clock, accepts


@dataclass(frozen=True)
class Place:
    """A question in a learner's sitting; `version` is the pinned one, or what a first attempt would pin."""

    question: Question
    sitting: Sitting
    row: SittingQuestion
    is_new: bool = False  # the sitting was made a moment ago, so nothing was attempted in it

    @property
    def version(self) -> QuestionVersion:
        version = self.row.version or self.question.current
        if version is None:
            raise Refusal("not_found")
        return version

    @property
    def is_exam(self) -> bool:
        return self.question.assessment.kind == Assessment.Kind.EXAM


def clock_of(sitting: Sitting) -> Clock:
    return Clock(sitting.started_at, sitting.deadline_at, sitting.submitted_at)


def lock_learner(*, learner_id: int, course_id: int, is_staff: bool = False) -> Any:
    """Take the learner's lock, which is their enrolment; Refusal not_enrolled or, for staff, preview_only (D28)."""
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course_id)
    refuse_stranger(enrollment, is_staff=is_staff)
    return enrollment


def refuse_stranger(enrollment: Any, *, is_staff: bool) -> None:
    if enrollment is None or not enrollment.is_learner:
        raise Refusal("preview_only" if is_staff else "not_enrolled")


def course_of(question_id: str) -> Subquery:
    """The id of a question's course, for use within another statement."""
    return Subquery(Question.objects.filter(pk=question_id).values("assessment__course_id")[:1])


def locked_place(*, learner_id: int, is_staff: bool, question_id: str, now: datetime) -> Place:
    """The learner's place for writing on a question; a review's sitting and row are made when missing.

    Raises Refusal not_found, not_enrolled, preview_only, sitting_not_started, assessment_not_open.
    """
    # The lock comes first, so that the question and its corrections are read as they stand under it.
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course_of(question_id))
    question = question_by_id(question_id)
    refuse_stranger(enrollment, is_staff=is_staff)
    rows = SittingQuestion.objects.select_related("sitting", "version")
    row = rows.filter(question=question, sitting__learner_id=learner_id, sitting__is_void=False).first()
    if row is None:
        return open_place(question, learner_id, now)
    row.sitting.assessment = question.assessment
    return Place(question, row.sitting, row)


def question_by_id(question_id: str) -> Question:
    questions = Question.objects.select_related("assessment__course", "current")
    question = questions.filter(pk=question_id, assessment__is_retired=False).first()
    if question is None:
        raise Refusal("not_found")
    return question


def open_place(question: Question, learner_id: int, now: datetime) -> Place:
    """The first draft or attempt on a review question; an exam's rows are made at Start only."""
    assessment = question.assessment
    if assessment.kind == Assessment.Kind.EXAM:
        sat = Sitting.objects.filter(assessment=assessment, learner_id=learner_id, is_void=False).exists()
        raise Refusal("not_found" if sat else "sitting_not_started")
    if question.is_retired or question.current is None:
        raise Refusal("not_found")
    refuse_closed(assessment, now)
    mine = {"assessment": assessment, "learner_id": learner_id}
    found = Sitting.objects.filter(**mine, is_void=False).first()
    sitting = found or Sitting.objects.create(**mine, started_at=now)
    sitting.assessment = assessment
    row = SittingQuestion.objects.create(
        sitting=sitting, question=question, position=question.position, points=question.current.points
    )
    return Place(question, sitting, row, is_new=found is None)


def refuse_late(place: Place, now: datetime) -> None:
    """Raise Refusal sitting_over, or for a review that of its dates, where nothing is accepted at `now`.

    A removed review question takes nothing any more either; a drawn paper stays as it was drawn (D23, D27).
    """
    if not accepts(clock_of(place.sitting), now):
        raise Refusal("sitting_over")
    if not place.is_exam:
        if place.question.is_retired:
            raise Refusal("not_found")
        refuse_closed(place.question.assessment, now)


def refuse_closed(assessment: Assessment, now: datetime) -> None:
    """Raise Refusal where the course or the assessment is not open at `now` (D22)."""
    for what, dated in (("course", assessment.course), ("assessment", assessment)):
        refuse_outside(what, opens_at=dated.opens_at, closes_at=dated.closes_at, now=now)
