"""A regrade (D17): the dry run, the record that corrects a question, and the one that undoes it.

The record and the question's list of corrections are written in one short transaction; from its commit on every
Check is marked by them. The scores follow in that transaction where they are few, else sitting by sitting in short
ones (`quizzes.services.following`), so that nobody's answer waits for ten thousand others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services import lock_learners, record_audit
from grading.services import Effect, set_item_worth
from quizzes import types
from quizzes.models import Assessment, Attempt, Question, Regrade
from quizzes.queue import FOLLOW_REGRADE, wake
from quizzes.rules.corrections import KINDS, OF_A_VERSION, Correction, is_void, read, stored
from quizzes.selectors import activities_of
from quizzes.selectors.outcomes import is_right
from quizzes.services.following import AT_ONCE, begin_rescoring, follow_chunk, foresee


@dataclass(frozen=True)
class Plan:
    """What a regrade would do: whose cell, grade or certificate it changes, and which attempts count otherwise."""

    question: Question
    correction: Correction
    changes: tuple[tuple[int, bool], ...]
    effects: tuple[Effect, ...]

    @property
    def digest(self) -> str:
        """To be handed to apply, which then does exactly this or nothing."""
        said = [(found.learner_id, found.earned, found.possible, found.certificate) for found in self.effects]
        return sha256(repr((stored(self.correction), self.changes, said)).encode()).hexdigest()


def plan_regrade(
    *,
    course: Any,
    question_id: str,
    kind: str,
    version: int | None = None,
    response: Any = None,
    lowers: bool = False,
    now: datetime,
) -> Plan:
    """The dry run; writes nothing. `version` is the number of the version that a `key` or `accept` is for, the newest
    if None, and `response` the one that is right under it. `lowers` lets points be taken away.

    Raises Refusal not_found, regrade_invalid, blank_response, invalid_response.
    """
    question = question_of(course, question_id)
    correction = correction_for(question, kind, version, response, lowers=lowers)
    return plan_of(question, [*read(question.corrections), correction], correction, now)


def plan_undo(*, course: Any, regrade_id: int, now: datetime) -> Plan:
    """The dry run of an undo. Raises Refusal not_found, nothing_to_undo."""
    regrade = regrade_of(course, regrade_id)
    question = question_of(course, regrade.question_id)
    return plan_of(question, without(question, regrade), correction_of(regrade), now)


def apply_regrade(
    *,
    course: Any,
    question_id: str,
    kind: str,
    version: int | None = None,
    response: Any = None,
    lowers: bool = False,
    reason: str,
    author: Any,
    now: datetime,
    expected: str | None = None,
) -> Regrade:
    """Do what `plan_regrade` says of the same arguments; scores of many follow in the background, see `rescoring`.

    With `expected`, a plan's digest, Refusal preview_stale where the plan is another by now. Raises those of
    plan_regrade, and reason_missing.
    """
    reason = stated(reason)
    if expected is not None:
        planned = plan_regrade(
            course=course,
            question_id=question_id,
            kind=kind,
            version=version,
            response=response,
            lowers=lowers,
            now=now,
        )
        refuse_stale(planned, expected)
    with transaction.atomic():
        question = locked_question(course, question_id)
        correction = correction_for(question, kind, version, response, lowers=lowers)
        after = [*read(question.corrections), correction]
        return write_regrade(course, question, correction, after, None, reason, author, now)


def undo_regrade(
    *, course: Any, regrade_id: int, reason: str, author: Any, now: datetime, expected: str | None = None
) -> Regrade:
    """Take a regrade back by a further record; every grade is again what it was without it.

    Raises Refusal not_found, nothing_to_undo, preview_stale, reason_missing.
    """
    reason = stated(reason)
    if expected is not None:
        refuse_stale(plan_undo(course=course, regrade_id=regrade_id, now=now), expected)
    with transaction.atomic():
        regrade = regrade_of(course, regrade_id)
        question = locked_question(course, regrade.question_id)
        after = without(question, regrade)
        return write_regrade(course, question, correction_of(regrade), after, regrade, reason, author, now)


def refuse_stale(plan: Plan, expected: str) -> None:
    if plan.digest != expected:
        raise Refusal("preview_stale")


def question_of(course: Any, question_id: str) -> Question:
    rows = Question.objects.select_related("assessment", "current")
    found = rows.filter(pk=question_id, assessment__course=course, current__isnull=False).first()
    if found is None:
        raise Refusal("not_found")
    return found


def locked_question(course: Any, question_id: str) -> Question:
    """The question under its own lock and those of all learners: whoever is marking by its old corrections has
    finished, whoever comes next reads the new ones."""
    rows = Question.objects.select_for_update(no_key=True).filter(pk=question_id, assessment__course=course)
    if not rows.values_list("pk", flat=True):
        raise Refusal("not_found")
    lock_learners(course_id=course.pk)
    return question_of(course, question_id)


def regrade_of(course: Any, regrade_id: int) -> Regrade:
    rows = Regrade.objects.filter(pk=regrade_id, question__assessment__course=course)
    found = rows.select_related("version").first()
    if found is None:
        raise Refusal("not_found")
    return found


def correction_of(regrade: Regrade) -> Correction:
    return Correction(**{**regrade.correction, "regrade": regrade.pk})


def without(question: Question, regrade: Regrade) -> list[Correction]:
    """The question's corrections but for this one. Raises Refusal nothing_to_undo where it is not in force."""
    standing = read(question.corrections)
    left = [found for found in standing if found.regrade != regrade.pk]
    if len(left) == len(standing):
        raise Refusal("nothing_to_undo")
    return left


def correction_for(question: Question, kind: str, version: int | None, response: Any, *, lowers: bool) -> Correction:
    if kind not in KINDS:
        raise Refusal("regrade_invalid", expected="choose what is to be changed")
    if kind not in OF_A_VERSION:
        if kind == "void" and question.assessment.kind == Assessment.Kind.REVIEW:
            refuse_emptying(question)
        return Correction(kind, lowers=lowers and kind == "void")
    rows = question.versions.filter(number=version) if version is not None else question.versions.order_by("-number")
    found = rows.first()
    if found is None:
        raise Refusal("regrade_invalid", expected="choose a version of this question")
    marking = types.get(found.type)
    canonical = marking.parse(response, found.body)
    key = marking.key_for(canonical) if kind == "key" else None
    return Correction(kind, found.pk, canonical, key, lowers=lowers and kind == "key")


def refuse_emptying(question: Question) -> None:
    """A review of nothing would weigh nothing, and move everyone's mean."""
    others = Question.objects.filter(assessment=question.assessment_id, is_retired=False, current__isnull=False)
    if all(is_void(read(found.corrections)) for found in others.exclude(pk=question.pk)):
        raise Refusal("regrade_invalid", expected="it is the only question that counts there")


def plan_of(question: Question, after: Sequence[Correction], correction: Correction, now: datetime) -> Plan:
    return Plan(
        question=question,
        correction=correction,
        changes=tuple(changes_between(question, after)),
        effects=tuple(foresee(question, tuple(after), correction.kind, now)),
    )


def changes_between(question: Question, after: Sequence[Correction]) -> list[tuple[int, bool]]:
    """The attempts that count otherwise, with how they count then."""
    before = read(question.corrections)
    versions = question.versions.in_bulk()
    found = []
    for attempt in Attempt.objects.filter(question=question).order_by("pk").iterator(2000):
        attempt.version = versions[attempt.version_id]
        counts = is_right(attempt, after)
        if counts is not is_right(attempt, before):
            found.append((attempt.pk, counts))
    return found


def write_regrade(
    course: Any,
    question: Question,
    correction: Correction,
    after: Sequence[Correction],
    undoes: Regrade | None,
    reason: str,
    author: Any,
    now: datetime,
) -> Regrade:
    regrade = Regrade.objects.create(
        question=question,
        version_id=correction.version,
        kind=correction.kind,
        undoes=undoes,
        correction=stored(correction),
        changes=changes_between(question, after),
        reason=reason,
        author=author,
        created_at=now,
    )
    question.corrections = [stored(named(found, regrade)) for found in after]
    question.save(update_fields=["corrections"])
    if correction.kind == "void" and question.assessment.kind == Assessment.Kind.REVIEW:
        write_worth(question.assessment)
    record_audit(
        actor=author,
        action="undo_regrade" if undoes else "regrade",
        now=now,
        course=course,
        target=f"question:{question.pk}",
        reason=reason,
        details={"regrade": regrade.pk, "kind": correction.kind, "attempts": len(regrade.changes)},
    )
    rescore_followers(regrade, now)
    return regrade


def named(correction: Correction, regrade: Regrade) -> Correction:
    """The new correction has no record's id yet."""
    return correction if correction.regrade else Correction(**{**stored(correction), "regrade": regrade.pk})


def write_worth(assessment: Assessment) -> None:
    activities = activities_of(assessment.course_id)
    for activity in activities:
        if activity.id == assessment.pk:
            set_item_worth(activity=activity.id, winnable=activity.winnable)


def rescore_followers(regrade: Regrade, now: datetime) -> None:
    rescoring = begin_rescoring(regrade, now)
    if rescoring.total <= AT_ONCE:
        while not follow_chunk(rescoring_id=rescoring.pk, now=now):
            pass
    else:
        wake(FOLLOW_REGRADE, rescoring.pk)
