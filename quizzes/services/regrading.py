"""Regrades (D17): the dry run, the record that corrects a question, and the record that undoes it.

The record and the question's list of corrections are written in one short transaction. From its commit on, every Check
uses them. If few scores are affected, they are recomputed in that transaction, otherwise in many short ones
(`quizzes.services.rescoring`), so that nobody's response waits for ten thousand scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from course.services import lock_course
from foundation.queue import wake
from foundation.reasons import stated
from grading.services import Effect, set_item_worth
from people.services import lock_learners
from questions import types
from questions.rules.attempts import Json
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Regrade
from quizzes.queue import RESCORE_AFTER_REGRADE
from quizzes.refusals import Refusal
from quizzes.rules.corrections import (
    KINDS,
    OF_A_VERSION,
    Correction,
    OfVersion,
    correction_as_json,
    is_void,
    read_corrections,
)
from quizzes.rules.variants import at_same_places, places_of
from quizzes.selectors import review_worth
from quizzes.selectors.outcomes import is_attempt_right
from quizzes.services.rescoring import (
    AT_ONCE,
    affected_learners,
    begin_rescoring,
    changes_worth,
    correction_of,
    foresee,
    rescore_chunk,
)
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class RegradePlan:
    """What a regrade would do: whose cell, grade or certificate it changes, and which attempts it re-marks."""

    question: Question
    correction: Correction
    changes: tuple[tuple[int, bool], ...]
    effects: tuple[Effect, ...]

    @property
    def digest(self) -> str:
        """Return the digest to pass to apply, which then does exactly this or nothing."""
        effects = [(effect.learner_id, effect.earned, effect.possible, effect.certificate) for effect in self.effects]
        return sha256(repr((correction_as_json(self.correction), self.changes, effects)).encode()).hexdigest()


def plan_regrade(
    *,
    course: "Course",
    question_id: str,
    kind: str,
    version: int | None = None,
    variant: int = 0,
    all_variants: bool = False,
    response: object = None,
    lowers: bool = False,
    now: datetime,
) -> RegradePlan:
    """Return what a regrade would do. Writes nothing.

    `version` is the number of the version that a `key` or `accept` applies to, the newest if None; `response` is the
    one that is correct under it. For a question that draws its values, `variant` is the variant of this response, the
    first if 0; `all_variants` corrects the options at the same places in the others too (D43). `lowers` allows grades to
    go down. Raises Refusal not_found, regrade_invalid, blank_response, invalid_response.
    """
    question = question_of(course, question_id)
    correction = correction_for(question, kind, version, response, variant, all_variants=all_variants, lowers=lowers)
    return plan_of(question, [*read_corrections(question.corrections), correction], correction, now)


def plan_undo(*, course: "Course", regrade_id: int, now: datetime) -> RegradePlan:
    """Return what an undo would do. Writes nothing. Raises Refusal not_found, nothing_to_undo."""
    regrade = regrade_of(course, regrade_id)
    question = question_of(course, regrade.question_id)
    return plan_of(question, corrections_without(question, regrade), correction_of(regrade), now)


def apply_regrade(
    *,
    course: "Course",
    question_id: str,
    kind: str,
    version: int | None = None,
    variant: int = 0,
    all_variants: bool = False,
    response: object = None,
    lowers: bool = False,
    reason: str,
    author: "User",
    now: datetime,
    expected: str | None = None,
) -> Regrade:
    """Apply what `plan_regrade` returns for the same arguments.

    If many scores are affected, they follow in the background (see `rescoring`).

    `expected` is a plan's digest: raises Refusal preview_stale if the plan has changed since. Also raises those of
    plan_regrade, and reason_missing.
    """
    reason = stated(reason)
    if expected is not None:
        planned = plan_regrade(
            course=course,
            question_id=question_id,
            kind=kind,
            version=version,
            variant=variant,
            all_variants=all_variants,
            response=response,
            lowers=lowers,
            now=now,
        )
        refuse_stale(planned, expected)
    with transaction.atomic():
        question = locked_question(course, question_id)
        correction = correction_for(
            question, kind, version, response, variant, all_variants=all_variants, lowers=lowers
        )
        after = [*read_corrections(question.corrections), correction]
        refuse_changed(question, after, correction, expected, now)
        return write_regrade(course, question, correction, after, None, reason, author, now)


def undo_regrade(
    *, course: "Course", regrade_id: int, reason: str, author: "User", now: datetime, expected: str | None = None
) -> Regrade:
    """Undo a regrade by a further record. Every grade becomes what it would be without the regrade.

    Raises Refusal not_found, nothing_to_undo, preview_stale, reason_missing.
    """
    reason = stated(reason)
    if expected is not None:
        refuse_stale(plan_undo(course=course, regrade_id=regrade_id, now=now), expected)
    with transaction.atomic():
        regrade = regrade_of(course, regrade_id)
        question = locked_question(course, regrade.question_id)
        after = corrections_without(question, regrade)
        refuse_changed(question, after, correction_of(regrade), expected, now)
        return write_regrade(course, question, correction_of(regrade), after, regrade, reason, author, now)


def refuse_stale(plan: RegradePlan, expected: str) -> None:
    """Raise Refusal preview_stale if the plan is not the expected one."""
    if plan.digest != expected:
        raise Refusal("preview_stale")


def refuse_changed(
    question: Question, after: Sequence[Correction], correction: Correction, expected: str | None, now: datetime
) -> None:
    """Raise Refusal preview_stale if the plan changed after the preview, because a response was stored before the locks.

    If many scores are affected, this is not checked: computing the plan again would keep everyone waiting.
    """
    if expected is not None and affected_learners(question, correction.kind).count() <= AT_ONCE:
        refuse_stale(plan_of(question, after, correction, now), expected)


def question_of(course: "Course", question_id: str) -> Question:
    """Return a published question of the course. Raises Refusal not_found."""
    rows = Question.objects.select_related("assessment", "current")
    question = rows.filter(pk=question_id, assessment__course=course, current__isnull=False).first()
    if question is None:
        raise Refusal("not_found")
    return question


def locked_question(course: "Course", question_id: str) -> Question:
    """Return the question, locked together with its course and all learners.

    Any Check that uses the old corrections has finished, and later ones read the new corrections.
    """
    lock_course(course_id=course.pk)
    rows = Question.objects.select_for_update(no_key=True).filter(pk=question_id, assessment__course=course)
    if not rows.values_list("pk", flat=True):
        raise Refusal("not_found")
    lock_learners(course_id=course.pk)
    return question_of(course, question_id)


def regrade_of(course: "Course", regrade_id: int) -> Regrade:
    """Return a regrade of the course. Raises Refusal not_found."""
    rows = Regrade.objects.filter(pk=regrade_id, question__assessment__course=course)
    regrade = rows.select_related("version").first()
    if regrade is None:
        raise Refusal("not_found")
    return regrade


def corrections_without(question: Question, regrade: Regrade) -> list[Correction]:
    """Return the question's corrections without this regrade's. Raises Refusal nothing_to_undo if it is not in force."""
    in_force = read_corrections(question.corrections)
    left = [correction for correction in in_force if correction.regrade != regrade.pk]
    if len(left) == len(in_force):
        raise Refusal("nothing_to_undo")
    return left


def correction_for(
    question: Question,
    kind: str,
    version: int | None,
    response: object,
    variant: int = 0,
    *,
    all_variants: bool = False,
    lowers: bool,
) -> Correction:
    """Return the correction for an instructor's input. Raises Refusal regrade_invalid, blank_response, invalid_response."""
    if kind not in KINDS:
        raise Refusal("regrade_invalid", expected="choose a correction")
    if kind not in OF_A_VERSION:
        if kind == "void" and question.assessment.kind == Assessment.Kind.REVIEW:
            refuse_emptying(question)
        return Correction(kind, lowers=lowers and kind == "void")
    rows = question.versions.order_by("-number", "variant")
    if version is not None:
        rows = rows.filter(number=version)
    if variant:
        rows = rows.filter(variant=variant)
    row = rows.first()
    if row is None:
        raise Refusal("regrade_invalid", expected="choose a version of this question")
    marking = types.get(row.type)
    canonical = marking.parse(response, row.body)
    key = marking.key_for(canonical) if kind == "key" else None
    others = other_variants(row, kind, canonical) if all_variants and row.variant else ()
    return Correction(kind, row.pk, canonical, key, lowers=lowers and kind == "key", variants=others)


def other_variants(row: QuestionVersion, kind: str, canonical: Json) -> tuple[OfVersion, ...]:
    """Return the key or accept of one variant for the others: the options at the same places of the file (D43).

    Raises Refusal regrade_invalid if responses to the question depend on its values.
    """
    marking, mine = types.get(row.type), places_of(row.type, row.body, row.secret)
    others = list(QuestionVersion.objects.filter(question=row.question_id, number=row.number).exclude(pk=row.pk))
    corrected = []
    for other in others:
        places = places_of(other.type, other.body, other.secret)
        if mine is None or places is None or len(places) != len(mine):
            raise Refusal("regrade_invalid", expected="correct one variant at a time, because each has its own answer")
        response = marking.parse(at_same_places(canonical, mine, places), other.body)
        key = marking.key_for(response) if kind == "key" else None
        corrected.append(OfVersion(other.pk, response, key))
    return tuple(sorted(corrected, key=lambda of_version: of_version.version))


def refuse_emptying(question: Question) -> None:
    """Refuse to void a review's last question: an empty review would have no weight and change everyone's mean.

    Raises Refusal regrade_invalid.
    """
    others = Question.objects.filter(assessment=question.assessment_id, is_retired=False, current__isnull=False)
    if all(is_void(read_corrections(question.corrections)) for question in others.exclude(pk=question.pk)):
        raise Refusal("regrade_invalid", expected="this is the only one of its questions that still counts")


def plan_of(question: Question, after: Sequence[Correction], correction: Correction, now: datetime) -> RegradePlan:
    """Return the plan for replacing the question's corrections by `after`."""
    return RegradePlan(
        question=question,
        correction=correction,
        changes=tuple(changes_between(question, after)),
        effects=tuple(foresee(question, tuple(after), correction.kind, now)),
    )


def changes_between(question: Question, after: Sequence[Correction]) -> list[tuple[int, bool]]:
    """Return the attempts that would be re-marked, with their new outcomes."""
    before = read_corrections(question.corrections)
    versions = question.versions.in_bulk()
    changes = []
    attempts = Attempt.objects.filter(question=question, sitting__kind="graded")
    for attempt in attempts.order_by("pk").iterator(2000):
        attempt.version = versions[attempt.version_id]
        counts = is_attempt_right(attempt, after)
        if counts is not is_attempt_right(attempt, before):
            changes.append((attempt.pk, counts))
    return changes


def write_regrade(
    course: "Course",
    question: Question,
    correction: Correction,
    after: Sequence[Correction],
    undoes: Regrade | None,
    reason: str,
    author: "User",
    now: datetime,
) -> Regrade:
    """Store the regrade, correct the question, write the audit and start the rescoring."""
    regrade = Regrade.objects.create(
        question=question,
        version_id=correction.version,
        kind=correction.kind,
        undoes=undoes,
        correction=correction_as_json(correction),
        changes=changes_between(question, after),
        reason=reason,
        author=author,
        created_at=now,
    )
    question.corrections = [correction_as_json(with_regrade(other, regrade)) for other in after]
    question.save(update_fields=["corrections"])
    if changes_worth(question, correction.kind):
        set_item_worth(activity=question.assessment_id, worth=review_worth(question.assessment_id))
    record_audit(
        actor=author,
        action="undo_regrade" if undoes else "regrade",
        now=now,
        course=course,
        target=f"question:{question.pk}",
        reason=reason,
        details=audited(regrade, correction),
    )
    rescore_or_wake(regrade, now)
    return regrade


def audited(regrade: Regrade, correction: Correction) -> dict[str, object]:
    """Return a regrade as the audit keeps it. If the question draws its values, this has the variant or their number."""
    kept: dict[str, object] = {"regrade": regrade.pk, "kind": correction.kind, "attempts": len(regrade.changes)}
    if correction.variants:
        return {**kept, "variants": len(correction.variants) + 1}
    variant = regrade.version.variant if regrade.version else 0
    return {**kept, "variant": variant} if variant else kept


def with_regrade(correction: Correction, regrade: Regrade) -> Correction:
    """Return the correction with its record's id, which a new correction lacks."""
    return correction if correction.regrade else replace(correction, regrade=regrade.pk)


def rescore_or_wake(regrade: Regrade, now: datetime) -> None:
    """Recompute the scores now if they are few, else wake a worker."""
    rescoring = begin_rescoring(regrade, now)
    if rescoring.total <= AT_ONCE:
        while not rescore_chunk(rescoring_id=rescoring.pk, now=now):
            pass
    else:
        wake(RESCORE_AFTER_REGRADE, rescoring.pk)
