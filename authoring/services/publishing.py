"""Publish an edit of a course, or plan it: the same computation, which is undone unless its effects were confirmed (D23).

Everything that becomes current comes through here and passes the gate (decision 45).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction

from authoring.folder import Mistake
from authoring.refusals import Refusal
from authoring.services.course_edits import CourseEdit
from authoring.services.course_writing import WrittenFolder, write_folder
from authoring.services.grade_movements import grades_by_learner, movements_between
from authoring.services.publishing_gate import (
    Effects,
    asked_in,
    bring_to_trial,
    labs_to_try,
    lowered_between,
    may_publish,
    record_lowered,
    refuse_untried,
)
from authoring.services.undone_policies import refuse_unoffered, revoke_chosen, unearned_certificates
from course.rules.changes import Action, Change
from course.selectors import course_id_of, is_archived
from course.services import keep_text_version, lock_course, text_digest
from grading.selectors import SettledGrades
from grading.services import settle_grades
from quizzes.selectors import learners_who_answered
from records.services import record_audit


@dataclass(frozen=True)
class Publication:
    """The changes and the effects of an edit. It is a plan unless `is_written`, which an edit with `mistakes` never is."""

    changes: tuple[Change, ...] = ()
    effects: Effects = field(default_factory=Effects)
    mistakes: tuple[Mistake, ...] = ()
    is_written: bool = False

    @property
    def digest(self) -> str:
        """Return the digest to pass to `publish`, which then writes exactly this or nothing."""
        return text_digest(repr(self.effects))


def publish(*, edit: CourseEdit, confirmed: str | None = "", now: datetime) -> Publication:
    """Publish an edit if it has no effects, or if `confirmed` is exactly their digest. Otherwise, return the plan.

    With None, nothing is written in any case. Programs that judge and were not tried are brought to their trial instead.
    Raises Refusal settings_stale if anything was published since the edit was read, course_archived,
    needs_instructor, lab_untried, lab_trial_failed, lab_runner_missing, tryout_running, revocation_needs_reason,
    certificate_not_offered.
    """
    if edit.text.mistakes:
        return Publication(mistakes=edit.text.mistakes)
    try:
        return _publish_checked(edit, confirmed, now)
    except Refusal as refusal:
        if refusal.code != "lab_untried" or edit.editor is None:
            raise
    raise bring_to_trial(text=edit.text, editor=edit.editor, now=now)


def _publish_checked(edit: CourseEdit, confirmed: str | None, now: datetime) -> Publication:
    assert edit.text.course is not None
    slug = edit.text.course.slug
    course_id = course_id_of(slug)
    # It takes learners' locks, so it comes before the lock of the course.
    grades = None if course_id is None else settle_grades(now=now, course_id=course_id)
    with transaction.atomic():
        if course_id is not None:
            lock_course(course_id=course_id)
        edit.refuse_stale()
        if is_archived(slug):
            raise Refusal("course_archived")
        to_try = labs_to_try(edit.text, source_id=edit.source_id)
        written, effects = _write(edit, course_id, grades, now)
        is_allowed = may_publish(effects=effects, course_id=written.course_id, editor=edit.editor)
        refuse_untried(to_try)
        plan = Publication(written.changes, effects)
        is_confirmed = confirmed is not None and (not effects or confirmed == plan.digest)
        if is_allowed and is_confirmed:
            _record(edit, effects, now)
            _revoke(edit, effects, grades, now)
        transaction.set_rollback(not (is_allowed and is_confirmed))
    return replace(plan, is_written=is_allowed and is_confirmed)


def _write(
    edit: CourseEdit, course_id: int | None, grades: SettledGrades | None, now: datetime
) -> tuple[WrittenFolder, Effects]:
    """Write the course, and return the effects that this has. A course that is new on this site has none."""
    before = {} if course_id is None or grades is None else grades_by_learner(grades, course_id)
    asked = asked_in(course_id)
    written = write_folder(edit.text, course_id=course_id, folder=edit.folder, writer=edit.writer(now), now=now)
    if course_id is None or grades is None:
        return written, Effects()
    after = grades_by_learner(grades, course_id) if written.is_rescored else before
    return written, Effects(
        movements_between(course_id, before, after),
        lowered_between(asked, asked_in(course_id)),
        _removed_questions(course_id, written.changes) if edit.editor else (),
        unearned_certificates(grades=grades, course_id=course_id, issued_at=edit.undo.published_at, now=now)
        if edit.undo
        else (),
    )


def _removed_questions(course_id: int, changes: Iterable[Change]) -> tuple[tuple[str, int], ...]:
    """Return the questions that go, by key, with the number of learners who answered each."""
    keys = [change.key for change in changes if (change.kind, change.action) == ("question", Action.RETIRED)]
    return tuple(sorted(learners_who_answered(course_id, keys).items())) if keys else ()


def _revoke(edit: CourseEdit, effects: Effects, grades: SettledGrades | None, now: datetime) -> None:
    """Revoke the certificates that the editor chose. Raises Refusal revocation_needs_reason, certificate_not_offered."""
    undo = edit.undo
    if undo is None or edit.editor is None or grades is None or edit.course is None:
        return
    refuse_unoffered(undo, effects.unearned)
    revoke_chosen(
        undo=undo, offered=effects.unearned, course_id=edit.course.pk, grades=grades, editor=edit.editor, now=now
    )


def _record(edit: CourseEdit, effects: Effects, now: datetime) -> None:
    """Keep the texts that were replaced, and name in the audit what was published and what became worth less."""
    if effects.lowered and edit.text.course is not None:
        record_lowered(lowered=effects.lowered, slug=edit.text.course.slug, editor=edit.editor, now=now)
    if edit.editor is None or edit.course is None:
        return
    for path, before, after in edit.replaced_texts():
        keep_text_version(
            course_id=edit.course.pk, path=path, before=before, after=after, author_id=edit.editor.pk, now=now
        )
    moved = {"moved_grades": len(effects.movements)} if effects.movements else {}
    for line in edit.audit:
        record_audit(
            actor=edit.editor,
            action=line.action,
            now=now,
            course=edit.course,
            target=line.target,
            reason=line.reason,
            details={**line.details, **moved},
        )
