"""All writes to the gradebook, for one learner or for many, and the certificate changes that follow."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from activities.kinds import Evidence
from foundation.fast.prepared import PreparedInsert
from foundation.ids import ALPHABET
from grading.models import Certificate, CertificateEvent, GradeChange, Score
from grading.rules.activity_results import ActivityResult, overridden
from grading.rules.arithmetic import fraction
from grading.rules.causes import Cause
from grading.rules.certifying import CertificateStep, certificate_step, may_be_given
from grading.rules.course_grade import CourseGrade, GradeOutcome, counted_ledger, grade_from, outcome_from
from grading.rules.ledger import Basis, Ledger, LedgerRow, basis_of
from mail.services import notify


@dataclass(frozen=True)
class GradeAction:
    """Why scores change and when; for an instructor's action, also the author and the reason.

    `source_id` is the id of the record that asks for the change, if there is one for many learners: a regrade.
    `decides` is False for a change that others follow for the same learner, so that no certificate is given or revoked
    because of a grade between two changes. The caller decides at the end, by an entry without an activity.
    """

    cause: Cause
    now: datetime
    author_id: int | None = None
    reason: str = ""
    source_id: int | None = None
    decides: bool = True


@dataclass(frozen=True)
class Move:
    """The effect of a new result on one cell; `result`, None if the activity is not started (any more).

    `row_before` and `row_after` are the item in the ledgers `before` and `after`. The worth of an item that is not
    started may change as well.
    """

    learner_id: int
    row_before: LedgerRow
    result: ActivityResult | None
    before: Ledger
    row_after: LedgerRow
    after: Ledger

    @property
    def has_begun(self) -> bool:
        """Return whether the cell exists before or after."""
        return self.result is not None or self.row_before.state != "not_started"

    @property
    def is_new(self) -> bool:
        """Return whether anything of the cell changed.

        For an item that is not started, that is the points that everyone gets, or their total.
        """
        if not self.has_begun:
            made = (fraction(row.earned, row.possible) for row in (self.row_before, self.row_after))
            return self.row_before.earned != self.row_after.earned or len(set(made)) > 1
        return self.row_before.result != self.row_after.result

    @property
    def has_moved(self) -> bool:
        """Return whether the history gets an entry."""
        if not self.has_begun or self.result is None:
            return self.has_begun or self.row_before.earned != self.row_after.earned
        points = (self.row_after.earned, self.row_after.possible)
        return self.row_before.state == "not_started" or (self.row_before.earned, self.row_before.possible) != points


@dataclass(frozen=True)
class Effect:
    """What a change of one cell does to its learner, as shown: cell and overall grade before and after, certificate."""

    learner_id: int
    activity: str
    earned: tuple[Decimal, Decimal]
    possible: tuple[Decimal, Decimal]
    before: GradeOutcome
    after: GradeOutcome
    certificate: CertificateStep

    @property
    def crosses(self) -> bool:
        return self.before.has_passed != self.after.has_passed

    @property
    def is_fall(self) -> bool:
        return self.after.exact < self.before.exact


@dataclass(frozen=True)
class ScoreEntry:
    """A learner's new result in an activity, to be written into the gradebook. Without an activity (""), only the
    certificate is decided.

    `before` holds the learner's cells. `result` is the result over the questions that their certificate counted
    (`before.basis_questions`, D23), or None if nothing is started. `supposed` holds the same cells if the activity is
    now worth something else to learners who have not started it.
    """

    learner_id: int
    course_id: int
    activity: str
    result: ActivityResult | None
    before: Ledger
    supposed: Ledger | None = None

    @cached_property
    def move(self) -> Move | None:
        """Return the effect on the cell, or None if the activity is not graded. An override replaces the new result."""
        supposed = self.supposed or self.before
        row_before, row = self.before.row(self.activity), supposed.row(self.activity)
        if row_before is None or row is None:
            return None
        reached = self.result
        if row.override is not None:
            reached = overridden(reached or row.unbegun, row.override)
        row_after = row.with_result(reached or row.unbegun)
        return Move(self.learner_id, row_before, reached, self.before, row_after, supposed.with_row(row_after))

    @property
    def after(self) -> Ledger:
        """Return the learner's cells with the new result. They stay the same if the activity is not graded."""
        return self.before if self.move is None else self.move.after

    @property
    def is_new(self) -> bool:
        """Return whether anything of the cell changes."""
        return self.move is not None and self.move.is_new

    @cached_property
    def may_certify(self) -> bool:
        """Return whether a certificate may be given, so that Evidence is needed."""
        return may_be_given(has_passed=self.grade.has_passed, held=self.before.held)

    def loses_certificate(self, action: GradeAction) -> bool:
        """Return whether the action revokes a certificate, even if the score was lowered before by an action that may not."""
        if self.move is None or not action.cause.may_revoke or self.before.held != "valid":
            return False
        return not outcome_from(self.move.after).has_passed

    @cached_property
    def grade(self) -> CourseGrade:
        """Return the course grade with the new result, but with the certificate as it was."""
        return grade_from(self.after)


def record_score(entry: ScoreEntry, action: GradeAction, evidence: Evidence | None) -> CourseGrade:
    """Set a learner's current score. Return the course grade, after giving or revoking the certificate accordingly.

    Call it in the transaction that caused the change, under the learner's lock. Runs at most two queries, and one more for
    the certificate. An activity without an item has no score; but its exam may have been what a certificate waited for.
    Raises ValueError if the entry `may_certify` and `evidence` is None.
    """
    grade = entry.grade
    if entry.move is not None:
        write_moves([entry.move], action)
    if not action.decides:
        return grade
    step = step_of(entry, evidence, action, has_passed=grade.has_passed)
    if not step:
        return grade
    write_step(step, entry, evidence, action)
    return replace(grade, is_certified=step != "revoked", is_revoked=step == "revoked")


def foresee_scores(
    entries: Iterable[ScoreEntry], action: GradeAction, evidence: Mapping[int, Evidence]
) -> list[Effect]:
    """Return what `record_scores` would do, for the learners it would affect. Writes nothing."""
    return [effect for _, _, effect in effects_of(entries, action, evidence)]


def record_scores(entries: Iterable[ScoreEntry], action: GradeAction, evidence: Mapping[int, Evidence]) -> list[Effect]:
    """Set the scores of many learners at once, under all their locks, like `record_score`.

    Return the effects on those affected. `evidence` is by learner, for every entry that is new and `may_certify`. Runs
    two queries, and some for each certificate.
    """
    affected = effects_of(entries, action, evidence)
    write_entries([entry for entry, _, _ in affected], action)
    for entry, _, effect in affected:
        write_step(effect.certificate, entry, evidence.get(entry.learner_id), action)
    return [effect for _, _, effect in affected]


def write_entries(entries: Iterable[ScoreEntry], action: GradeAction) -> None:
    """Write the scores that change, without deciding about certificates. Runs two queries."""
    write_moves([entry.move for entry in entries if entry.move is not None and entry.move.is_new], action)


def effects_of(
    entries: Iterable[ScoreEntry], action: GradeAction, evidence: Mapping[int, Evidence]
) -> list[tuple[ScoreEntry, Move, Effect]]:
    """Return the entries that change a score or revoke a certificate, each with its effect."""
    return [
        (entry, entry.move, effect_of(entry, entry.move, evidence.get(entry.learner_id), action))
        for entry in entries
        if entry.move is not None and (entry.move.is_new or entry.loses_certificate(action))
    ]


def effect_of(entry: ScoreEntry, move: Move, evidence: Evidence | None, action: GradeAction) -> Effect:
    """Return what a move does to its learner, as shown."""
    before, after = outcome_from(move.before), outcome_from(move.after)
    return Effect(
        learner_id=move.learner_id,
        activity=move.row_before.activity,
        earned=(move.row_before.earned, move.row_after.earned),
        possible=(move.row_before.possible, move.row_after.possible),
        before=before,
        after=after,
        certificate=step_of(entry, evidence, action, has_passed=after.has_passed),
    )


def step_of(entry: ScoreEntry, evidence: Evidence | None, action: GradeAction, *, has_passed: bool) -> CertificateStep:
    """Return the certificate step that follows from the new grade."""
    if evidence is None and entry.may_certify:
        raise ValueError("nobody knows whether a sitting is open")
    return certificate_step(
        has_passed=has_passed,
        held=entry.after.held,
        may_revoke=action.cause.may_revoke,
        has_open_sitting=evidence is not None and evidence.has_open_sitting,
    )


def write_moves(moves: Sequence[Move], action: GradeAction) -> None:
    """Write the cells, delete those that are no longer started, and add to the history."""
    write_cells([(move.learner_id, move.row_before, move.result) for move in moves if move.result], action.now)
    for move in moves:
        if move.result is None and move.has_begun:
            Score.objects.filter(item_id=move.row_before.item_id, learner_id=move.learner_id).delete()
    changes = [change_of(move, action) for move in moves if move.has_moved or action.cause.is_always_recorded]
    if len(changes) == 1:
        STORE_CHANGE(changes[0])
    else:
        GradeChange.objects.bulk_create(changes)


def record_unbegun(*, learner_id: int, rows: Iterable[LedgerRow], now: datetime) -> None:
    """Add to the history what a learner has in items that they have not started, unless it says so already.

    Everyone may get the points of a question (D17), also a learner who enrolls later. Their history does not say so until
    they need a record of their grade. Call it under the learner's lock. Runs one query, and one more if it adds something.
    """
    unbegun = {row.item_id: row for row in rows if row.state == "not_started"}
    changes = GradeChange.objects.filter(learner_id=learner_id, item__in=unbegun).order_by("pk")
    recorded = {item: points for item, *points in changes.values_list("item", "points_earned", "points_possible")}
    GradeChange.objects.bulk_create(
        GradeChange(
            item_id=row.item_id,
            learner_id=learner_id,
            points_earned=row.earned,
            points_possible=row.possible,
            cause=Cause.COURSE_LOAD.value,
            created_at=now,
        )
        for row in unbegun.values()
        if recorded.get(row.item_id, [0, row.possible]) != [row.earned, row.possible]
    )


def change_of(move: Move, action: GradeAction) -> GradeChange:
    """Return the history entry for a move."""
    return GradeChange(
        item_id=move.row_before.item_id,
        learner_id=move.learner_id,
        points_earned=move.row_after.earned,
        points_possible=move.row_after.possible,
        cause=action.cause.value,
        reason=action.reason,
        author_id=action.author_id,
        created_at=action.now,
        source_id=action.source_id,
    )


ONE_SCORE = ("item", "learner")
OF_SCORE = ("points_earned", "points_possible", "points_answered", "points_late", "winnable", "state", "changed_at")
STORE_SCORE = PreparedInsert(Score, unique=ONE_SCORE, replaced=OF_SCORE)
STORE_CHANGE = PreparedInsert(GradeChange)


def write_cells(cells: Iterable[tuple[int, LedgerRow, ActivityResult]], now: datetime) -> None:
    """Insert or update the cells (learner id, row, result). Runs one query."""
    rows = [
        Score(
            item_id=row.item_id,
            learner_id=learner_id,
            points_earned=result.earned,
            points_possible=result.possible,
            points_answered=result.answered,
            points_late=result.late,
            winnable=[str(points) for points in result.winnable],
            state=result.state,
            changed_at=now,
        )
        for learner_id, row, result in cells
    ]
    if len(rows) == 1:
        STORE_SCORE(rows[0])
        return
    Score.objects.bulk_create(rows, update_conflicts=True, unique_fields=ONE_SCORE, update_fields=OF_SCORE)


REACHED_AGAIN = "The overall grade reaches the pass mark again."
FELL_BELOW = "The overall grade is below the pass mark, because dates of this learner changed."
FELL_BY_POINTS = "The overall grade is below the pass mark, because points of this learner changed."


def write_step(step: CertificateStep, entry: ScoreEntry, evidence: Evidence | None, action: GradeAction) -> None:
    """Issue, revoke or restore a certificate, as `step` says."""
    if step == "issued":
        issue_certificate(entry, evidence, action.now)
    elif entry.after.certificate_id is not None and step:
        needs_basis = step == "restored" and entry.after.basis is None
        event = CertificateEvent.objects.create(
            certificate_id=entry.after.certificate_id,
            kind=step,
            reason=action.reason or unstated_reason(step, action.cause),
            author_id=action.author_id,
            created_at=action.now,
            basis=new_basis(entry, evidence) if needs_basis else None,
        )
        if needs_basis:
            tell_of_certificate(entry, evidence, f"{event.certificate_id}.{event.pk}", action.now)


def unstated_reason(step: CertificateStep, cause: Cause) -> str:
    """Return why a certificate is revoked or restored, where the action does not give a reason."""
    if step == "restored":
        return REACHED_AGAIN
    return FELL_BELOW if cause is Cause.DATES else FELL_BY_POINTS


def issue_certificate(entry: ScoreEntry, evidence: Evidence | None, now: datetime) -> None:
    """Store a certificate with a random code and the basis of the cells after the entry."""
    made = Certificate.objects.create(
        code=new_code(),
        course_id=entry.course_id,
        learner_id=entry.learner_id,
        issued_at=now,
        pass_percent=entry.after.pass_percent,
        basis=new_basis(entry, evidence),
    )
    tell_of_certificate(entry, evidence, str(made.pk), now)


def new_basis(entry: ScoreEntry, evidence: Evidence | None) -> Basis:
    """Return the basis of the cells after the entry."""
    if evidence is None or evidence.basis_questions is None:
        raise ValueError("a certificate needs the questions that count for it")
    return basis_of(counted_ledger(entry.after), evidence.basis_questions)


def tell_of_certificate(entry: ScoreEntry, evidence: Evidence | None, key: str, now: datetime) -> None:
    """Mail the learner that they have earned a certificate, if they may know of it."""
    if evidence is not None and evidence.is_disclosed:
        learner_ids = [entry.learner_id]
        notify(what="certificate", key=key, course_id=entry.course_id, user_ids=learner_ids, now=now)


def new_code() -> str:
    """Return a random code for a certificate, such as ABCD-EFGH-2345."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)).upper()
