"""The one way into the gradebook, and the certificate that follows from it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from course.rules.ids import ALPHABET
from grading.models import Certificate, GradeChange, Score
from grading.selectors import CourseGrade, Ledger, Row, basis_of, counted, grade_from, ledger


@dataclass(frozen=True)
class Standing:
    """An activity's outcome for a learner, in points; `winnable` are those of questions not final yet."""

    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str


@dataclass(frozen=True)
class Evidence:
    """What only the activities know, asked for when a certificate may be due.

    `has_open_sitting()`: is a sitting of the learner open in this course (D19)?
    `counted_questions()`: per activity, the ids of the questions that count (the basis of D23).
    """

    has_open_sitting: Callable[[], bool]
    counted_questions: Callable[[], dict[str, list[str]]]


def record_score(
    *,
    activity: str,
    learner_id: int,
    course_id: int,
    standing: Callable[[frozenset[str] | None], Standing],
    cause: str,
    now: datetime,
    evidence: Evidence,
    author_id: int | None = None,
    reason: str = "",
) -> CourseGrade:
    """Set a learner's current score and return the course grade it makes; issues a certificate that is due.

    `standing` is told which of the activity's questions a certificate counted (None without one, D23).
    Belongs into the transaction, and under the learner's lock, of what caused it. Five statements at most,
    two more on the day of the certificate. An activity without an item is not graded and changes nothing.
    """
    before = ledger(learner_id, course_id)
    row = before.row(activity)
    if row is None:
        return grade_from(before)
    reached = standing(before.counted_questions(activity))
    write_score(row, learner_id, reached, now)
    if has_moved(row, reached):
        GradeChange.objects.create(
            item_id=row.item_id,
            learner_id=learner_id,
            points_earned=reached.earned,
            points_possible=reached.possible,
            cause=cause,
            reason=reason,
            author_id=author_id,
            created_at=now,
        )
    after = before.with_row(moved(row, reached))
    grade = grade_from(after)
    if grade.has_passed and not grade.is_certified and not evidence.has_open_sitting():
        issue_certificate(learner_id, course_id, after, evidence, now)
        return replace(grade, is_certified=True)
    return grade


def has_moved(row: Row, standing: Standing) -> bool:
    return row.state == "not_started" or (row.earned, row.possible) != (standing.earned, standing.possible)


def moved(row: Row, standing: Standing) -> Row:
    return replace(
        row,
        earned=standing.earned,
        possible=standing.possible,
        answered=standing.answered,
        winnable=standing.winnable,
        state=standing.state,
    )


def write_score(row: Row, learner_id: int, standing: Standing, now: datetime) -> None:
    cell = Score(
        item_id=row.item_id,
        learner_id=learner_id,
        points_earned=standing.earned,
        points_possible=standing.possible,
        points_answered=standing.answered,
        winnable=[str(points) for points in standing.winnable],
        state=standing.state,
        changed_at=now,
    )
    Score.objects.bulk_create(
        [cell],
        update_conflicts=True,
        unique_fields=["item", "learner"],
        update_fields=["points_earned", "points_possible", "points_answered", "winnable", "state", "changed_at"],
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
