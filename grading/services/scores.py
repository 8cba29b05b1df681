"""The one way into the gradebook, for one learner or for many, and the certificate that follows from it."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from course.rules.ids import ALPHABET
from grading.models import Certificate, CertificateEvent, GradeChange, Score
from grading.rules.certifying import Step, certificate_step
from grading.rules.standing import Standing, overridden
from grading.selectors import (
    CourseGrade,
    Ledger,
    Outcome,
    Row,
    basis_of,
    counted,
    grade_from,
    ledger,
    ledgers,
    outcome_from,
)

type Stand = Callable[[frozenset[str] | None], Standing | None]


@dataclass(frozen=True)
class Evidence:
    """What only the activities know, asked for when a certificate may be due.

    `has_open_sitting()`: is a sitting of the learner open in this course (D19)?
    `counted_questions()`: per activity, the ids of the questions that count (the basis of D23).
    """

    has_open_sitting: Callable[[], bool]
    counted_questions: Callable[[], dict[str, list[str]]]


@dataclass(frozen=True)
class Cause:
    """Why scores move. `may_revoke`: an instructor did it, so that it can cost a certificate (D19)."""

    name: str
    now: datetime
    author_id: int | None = None
    reason: str = ""
    may_revoke: bool = False


@dataclass(frozen=True)
class Move:
    """What a standing does to one cell; `standing` is None where the activity is not begun (any more)."""

    learner_id: int
    row: Row
    standing: Standing | None
    before: Ledger
    after: Ledger

    @property
    def is_new(self) -> bool:
        """Does anything of the cell differ?"""
        stood = Standing(self.row.earned, self.row.possible, self.row.answered, self.row.winnable, self.row.state)
        return stood != (self.standing or self.row.unbegun)

    @property
    def has_moved(self) -> bool:
        """Is it a step of the cell's history?"""
        if self.standing is None:
            return self.row.state != "not_started"
        points = (self.standing.earned, self.standing.possible)
        return self.row.state == "not_started" or (self.row.earned, self.row.possible) != points


@dataclass(frozen=True)
class Effect:
    """What a change of one cell does to its learner, as shown: cell and overall before and after, certificate."""

    learner_id: int
    activity: str
    earned: tuple[Decimal, Decimal]
    possible: tuple[Decimal, Decimal]
    before: Outcome
    after: Outcome
    certificate: Step

    @property
    def crosses(self) -> bool:
        return self.before.has_passed != self.after.has_passed

    @property
    def is_fall(self) -> bool:
        return self.after.exact < self.before.exact


def record_score(
    *,
    activity: str,
    learner_id: int,
    course_id: int,
    standing: Stand,
    cause: str,
    now: datetime,
    evidence: Evidence,
    author_id: int | None = None,
    reason: str = "",
    may_revoke: bool = False,
) -> CourseGrade:
    """Set a learner's current score and return the course grade it makes; gives or takes the certificate that follows.

    `standing` is told which of the activity's questions a certificate counted (None without one, D23), and returns
    None where nothing is begun. Points of an override come before it. Belongs into the transaction, and under the
    learner's lock, of what caused it. Five statements at most, two more on the day of the certificate. An activity
    without an item is not graded and changes nothing.
    """
    before = ledger(learner_id, course_id)
    move = move_of(learner_id, before, activity, standing)
    if move is None:
        return grade_from(before)
    why = Cause(cause, now, author_id, reason, may_revoke)
    write_moves([move], why)
    grade = grade_from(move.after)
    step = step_of(move.after, evidence, why, has_passed=grade.has_passed)
    write_step(step, learner_id, course_id, move.after, evidence, why)
    return replace(
        grade,
        is_certified=step in {"issued", "restored"} or (grade.is_certified and not step),
        is_revoked=step == "revoked" or (grade.is_revoked and not step),
    )


def foresee_scores(
    *, activity: str, course_id: int, standings: Mapping[int, Stand], evidence: Callable[[int], Evidence], cause: Cause
) -> list[Effect]:
    """What `record_scores` would do to these learners, those only whom it would do something to; writes nothing."""
    moves = moves_of(activity, course_id, standings)
    return [effect_of(move, evidence(move.learner_id), cause) for move in moves if move.is_new]


def record_scores(
    *, activity: str, course_id: int, standings: Mapping[int, Stand], evidence: Callable[[int], Evidence], cause: Cause
) -> list[Effect]:
    """`record_score` for many learners at once, under the locks of all of them: a dozen statements, and some for
    each certificate. Returns whom it did something to."""
    moves = [move for move in moves_of(activity, course_id, standings) if move.is_new]
    effects = [effect_of(move, evidence(move.learner_id), cause) for move in moves]
    write_moves(moves, cause)
    for move, effect in zip(moves, effects, strict=True):
        write_step(effect.certificate, move.learner_id, course_id, move.after, evidence(move.learner_id), cause)
    return effects


def moves_of(activity: str, course_id: int, standings: Mapping[int, Stand]) -> list[Move]:
    found = ledgers(course_id, list(standings))
    moves = (move_of(learner_id, found[learner_id], activity, stand) for learner_id, stand in standings.items())
    return [move for move in moves if move is not None]


def move_of(learner_id: int, before: Ledger, activity: str, standing: Stand) -> Move | None:
    row = before.row(activity)
    if row is None:
        return None
    reached = standing(before.counted_questions(activity))
    if row.override is not None:
        reached = overridden(reached or row.unbegun, row.override)
    return Move(learner_id, row, reached, before, before.with_row(moved(row, reached or row.unbegun)))


def moved(row: Row, standing: Standing) -> Row:
    return replace(
        row,
        earned=standing.earned,
        possible=standing.possible,
        answered=standing.answered,
        winnable=standing.winnable,
        state=standing.state,
    )


def effect_of(move: Move, evidence: Evidence, cause: Cause) -> Effect:
    before, after = outcome_from(move.before), outcome_from(move.after)
    now = move.after.row(move.row.activity) or move.row
    return Effect(
        learner_id=move.learner_id,
        activity=move.row.activity,
        earned=(move.row.earned, now.earned),
        possible=(move.row.possible, now.possible),
        before=before,
        after=after,
        certificate=step_of(move.after, evidence, cause, has_passed=after.has_passed),
    )


def step_of(after: Ledger, evidence: Evidence, cause: Cause, *, has_passed: bool) -> Step:
    return certificate_step(
        has_passed=has_passed,
        held=after.held,
        may_revoke=cause.may_revoke,
        has_open_sitting=evidence.has_open_sitting,
    )


def write_moves(moves: Sequence[Move], cause: Cause) -> None:
    write_cells([(move.learner_id, move.row, move.standing) for move in moves if move.standing], cause.now)
    for move in moves:
        if move.standing is None:
            Score.objects.filter(item_id=move.row.item_id, learner_id=move.learner_id).delete()
    GradeChange.objects.bulk_create([change_of(move, cause) for move in moves if move.has_moved])


def change_of(move: Move, cause: Cause) -> GradeChange:
    standing = move.standing or move.row.unbegun
    return GradeChange(
        item_id=move.row.item_id,
        learner_id=move.learner_id,
        points_earned=standing.earned,
        points_possible=standing.possible,
        cause=cause.name,
        reason=cause.reason,
        author_id=cause.author_id,
        created_at=cause.now,
    )


def write_cells(cells: Iterable[tuple[int, Row, Standing]], now: datetime) -> None:
    rows = [
        Score(
            item_id=row.item_id,
            learner_id=learner_id,
            points_earned=standing.earned,
            points_possible=standing.possible,
            points_answered=standing.answered,
            winnable=[str(points) for points in standing.winnable],
            state=standing.state,
            changed_at=now,
        )
        for learner_id, row, standing in cells
    ]
    Score.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["item", "learner"],
        update_fields=["points_earned", "points_possible", "points_answered", "winnable", "state", "changed_at"],
    )


REACHED_AGAIN = "The overall grade reaches the pass mark again."


def write_step(step: Step, learner_id: int, course_id: int, after: Ledger, evidence: Evidence, cause: Cause) -> None:
    if step == "issued":
        issue_certificate(learner_id, course_id, after, evidence, cause.now)
    elif after.certificate_id is not None and step:
        CertificateEvent.objects.create(
            certificate_id=after.certificate_id,
            kind=step,
            reason=cause.reason or REACHED_AGAIN,
            author_id=cause.author_id,
            created_at=cause.now,
        )


def issue_certificate(learner_id: int, course_id: int, earned: Ledger, evidence: Evidence, now: datetime) -> None:
    Certificate.objects.create(
        code="-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3)).upper(),
        course_id=course_id,
        learner_id=learner_id,
        issued_at=now,
        pass_percent=earned.pass_percent,
        basis=basis_of(counted(earned), evidence.counted_questions()),
    )
