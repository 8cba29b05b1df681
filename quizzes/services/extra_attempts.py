"""Extra attempts (D35): an instructor lets learners try the questions of an assessment more often than usual."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from foundation.reasons import stated
from mail.services import notify
from people.access import known_learner
from people.selectors import learners_by_id
from people.services import lock_learners
from questions.rules.attempts import MOST_EXTRA_ATTEMPTS
from quizzes.models import Assessment, ExtraAttempts, ExtraAttemptsNote, Sitting
from quizzes.refusals import Refusal
from quizzes.selectors.assessments import activities_of
from quizzes.selectors.extra_attempts import extra_attempts_in
from quizzes.services.rescoring import results_of_sittings
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class ExtraAttemptsStep:
    """A learner's extra attempts before and after; they concern `questions`, which are not final for the learner."""

    learner_id: int
    before: int
    after: int
    questions: int

    @property
    def is_change(self) -> bool:
        return self.questions > 0 and self.before != self.after


@dataclass(frozen=True)
class ExtraAttemptsPlan:
    """What giving extra attempts would do to each of the learners. Only steps that are a change are carried out."""

    assessment_id: str
    extra: int
    steps: tuple[ExtraAttemptsStep, ...]

    @property
    def changes(self) -> list[ExtraAttemptsStep]:
        return [step for step in self.steps if step.is_change]

    @property
    def digest(self) -> str:
        return sha256(repr((self.assessment_id, self.extra, self.steps)).encode()).hexdigest()


def plan_extra_attempts(
    *, course: "Course", assessment_id: str, learner_ids: Collection[int], extra: int, now: datetime
) -> ExtraAttemptsPlan:
    """Return what `give_extra_attempts` would do with the same arguments. Writes nothing.

    Raises Refusal not_found, extra_attempts_invalid, extra_attempts_unused.
    """
    if not 0 <= extra <= MOST_EXTRA_ATTEMPTS:
        raise Refusal("extra_attempts_invalid", most=MOST_EXTRA_ATTEMPTS)
    learners = sorted(set(learner_ids))
    people = learners_by_id(course.pk, learners)
    for learner_id in learners:
        known_learner(people.get(learner_id))
    before = extra_attempts_in(assessment_id, learners)
    left = questions_left(course.pk, assessment_id, learners, now)
    steps = tuple(ExtraAttemptsStep(pk, before.get(pk, 0), extra, left[pk]) for pk in learners)
    plan = ExtraAttemptsPlan(assessment_id, extra, steps)
    if not plan.changes:
        raise Refusal("extra_attempts_unused")
    return plan


@transaction.atomic
def give_extra_attempts(
    *,
    course: "Course",
    assessment_id: str,
    learner_ids: Collection[int],
    extra: int,
    reason: str,
    author: "User",
    now: datetime,
    expected: str | None = None,
) -> ExtraAttemptsPlan:
    """Give these learners `extra` (0 to 20) attempts more than usual at each question of an assessment. Return what was done.

    The number replaces the one that they have, so 0 takes extra attempts back. Final questions stay
    final, and open ones stay open. Learners for whom that changes nothing are skipped. The reason becomes a private note;
    the audit records the change without it.

    `expected` is the digest of a plan: raises Refusal preview_stale if the plan has changed since. Also raises those of
    plan_extra_attempts, and reason_missing.
    """
    reason = stated(reason)
    lock_learners(course_id=course.pk, learner_ids=learner_ids)
    plan = plan_extra_attempts(
        course=course, assessment_id=assessment_id, learner_ids=learner_ids, extra=extra, now=now
    )
    if expected is not None and plan.digest != expected:
        raise Refusal("preview_stale")
    for step in plan.changes:
        row = ExtraAttempts.objects.create(
            learner_id=step.learner_id, assessment_id=assessment_id, extra=extra, author=author, created_at=now
        )
        ExtraAttemptsNote.objects.create(given=row, text=reason)
        notify(what="attempts", key=str(row.pk), course_id=course.pk, user_ids=[step.learner_id], now=now)
        record_audit(
            actor=author,
            action="give_extra_attempts",
            now=now,
            course=course,
            target=f"user:{step.learner_id}",
            details={
                "assessment": assessment_id,
                "before": step.before,
                "after": step.after,
                "questions": step.questions,
            },
        )
    return plan


def questions_left(course_id: int, assessment_id: str, learner_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return how many questions of an assessment are not final for each of these learners. Raises Refusal not_found."""
    activity = next((activity for activity in activities_of(course_id) if activity.id == assessment_id), None)
    if activity is None:
        raise Refusal("not_found")
    assessment = Assessment.objects.get(pk=assessment_id)
    sittings = list(Sitting.objects.filter(assessment=assessment, learner__in=learner_ids, is_void=False))
    results = results_of_sittings(assessment, sittings, {}, dict.fromkeys(learner_ids), now, {})
    return {pk: len((results.get(pk) or activity.worth).winnable) for pk in learner_ids}


@transaction.atomic
def remove_extra_attempts_note(
    *, course: "Course", record_id: int, author: "User", now: datetime, written_by: int | None = None
) -> None:
    """Delete the private note about a learner's extra attempts permanently; the attempts stay.

    With `written_by`, deletes only a note that this person wrote. Raises Refusal not_found if no note matches.
    """
    rows = ExtraAttemptsNote.objects.filter(given=record_id, given__assessment__course=course)
    if written_by is not None:
        rows = rows.filter(given__author=written_by)
    note = rows.select_related("given").first()
    if note is None:
        raise Refusal("not_found")
    note.delete()
    target = f"user:{note.given.learner_id}"
    record_audit(actor=author, action="remove_extra_attempts_note", now=now, course=course, target=target)
