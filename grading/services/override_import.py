"""Import overrides from a file: preview each line, then apply all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from activities.registry import override_activity
from grading.refusals import Refusal
from grading.rules.arithmetic import points_text
from grading.rules.course_grade import GradeOutcome
from grading.rules.overrides import EXEMPT, LineMistake, OverrideLine
from grading.selectors import Column, SettledGrades
from grading.selectors.table import gradebook_columns
from grading.services import Cause, GradeAction, OverrideOrder, decide_certificates
from grading.services.previews import Shift, outcomes
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import learners_in
from people.services import lock_learners

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class LineEffect:
    """A line of the file with its learner and item, and the points before and after."""

    line: OverrideLine
    name: str
    learner_id: int
    column: Column
    before: str
    after: str


@dataclass(frozen=True)
class OverrideImport:
    """The effect of a file. It can be applied only if `mistakes` is empty."""

    effects: tuple[LineEffect, ...]
    shifts: tuple[Shift, ...]
    mistakes: tuple[LineMistake, ...]

    @property
    def digest(self) -> str:
        contents = [(effect.line, effect.learner_id, effect.before, effect.after) for effect in self.effects]
        return sha256(repr(contents).encode()).hexdigest()


def plan_overrides(
    *,
    grades: SettledGrades,
    course: "Course",
    lines: Sequence[OverrideLine],
    author: "User",
    now: datetime,
    sight: LearnerSight = EVERYONE,
) -> OverrideImport:
    """Return the effect of each line, or why it cannot be applied. Nothing stays written.

    A learner out of the author's sight is like somebody who does not take the course. `item` is a column's title or id.
    """
    with transaction.atomic():
        plan = write_overrides(grades, course, lines, author, now, sight)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def import_overrides(
    *,
    grades: SettledGrades,
    course: "Course",
    lines: Sequence[OverrideLine],
    author: "User",
    now: datetime,
    expected: str,
    sight: LearnerSight = EVERYONE,
) -> int:
    """Apply the plan of plan_overrides, all or nothing. Return the number of lines.

    Raises Refusal preview_stale if the plan's digest is not `expected` any more, or if a line cannot be applied.
    """
    done = write_overrides(grades, course, lines, author, now, sight)
    if done.mistakes or done.digest != expected:
        raise Refusal("preview_stale")
    return len(lines)


def write_overrides(
    grades: SettledGrades,
    course: "Course",
    lines: Sequence[OverrideLine],
    author: "User",
    now: datetime,
    sight: LearnerSight,
) -> OverrideImport:
    """Write the lines under the locks of their learners, and return what that did.

    With mistakes, the caller rolls back what was written.
    """
    targets, mistakes = targets_of(course.pk, lines, sight)
    learners = list(dict.fromkeys(target.learner_id for target in targets))
    lock_learners(course_id=course.pk, learner_ids=learners)
    before = outcomes(grades, course.pk, learners)
    mistakes.extend(write_lines(course, targets, author, now))
    if mistakes:
        return OverrideImport((), (), tuple(sorted(mistakes, key=lambda mistake: mistake.number)))
    after = outcomes(grades, course.pk, learners)
    effects = (
        LineEffect(
            target.line,
            target.name,
            target.learner_id,
            target.column,
            cell_text(before[target.learner_id], target.column),
            cell_text(after[target.learner_id], target.column),
        )
        for target in targets
    )
    shifts = (Shift(learner_id, before[learner_id], after[learner_id]) for learner_id in learners)
    return OverrideImport(tuple(effects), tuple(shift for shift in shifts if has_moved(shift)), ())


@dataclass(frozen=True)
class Target:
    """A line of the file with the learner and item that it refers to."""

    line: OverrideLine
    learner_id: int
    name: str
    column: Column


def targets_of(
    course_id: int, lines: Sequence[OverrideLine], sight: LearnerSight
) -> tuple[list[Target], list[LineMistake]]:
    """Return the lines whose learner is in sight and whose item exists, and the mistakes in the others."""
    wanted = {line.username for line in lines}
    people = {row.user.username: row for row in learners_in(course_id, sight=sight).filter(user__username__in=wanted)}
    columns: dict[str, list[Column]] = {}
    for column in gradebook_columns(course_id):
        for name in {column.title, column.activity}:
            columns.setdefault(name, []).append(column)
    targets: list[Target] = []
    mistakes = []
    for line in lines:
        person, matches = people.get(line.username), columns.get(line.item, [])
        if person is None:
            mistakes.append(LineMistake(line.number, f"No learner of the course is called “{line.username}”."))
        elif len(matches) != 1:
            problem = "Several items are called" if matches else "No item of the course is called"
            mistakes.append(LineMistake(line.number, f"{problem} “{line.item}”."))
        else:
            targets.append(Target(line, person.user_id, person.name, matches[0]))
    return targets, mistakes


def write_lines(course: "Course", targets: Sequence[Target], author: "User", now: datetime) -> list[LineMistake]:
    """Write the lines. Return those that were refused.

    A learner's certificate is decided after the last of their lines, with its reason.
    """
    refused = []
    for target in targets:
        line = target.line
        arguments = (line.points, line.reason, author, now, line.is_exempt)
        order = OverrideOrder(course, target.column.activity, target.learner_id, *arguments, decides=False)
        try:
            override_activity(order)
        except Refusal as refusal:
            refused.append(LineMistake(line.number, refusal.sentence))
    reasons = {target.learner_id: target.line.reason for target in targets}
    for learner_id, reason in sorted(reasons.items()):
        action = GradeAction(Cause.OVERRIDE, now, author.pk, reason)
        decide_certificates(course_id=course.pk, learner_ids=[learner_id], action=action)
    return refused


def cell_text(outcome: GradeOutcome, column: Column) -> str:
    """Return the points in a cell as text: "3 of 5"."""
    cell = outcome.cell(column.activity)
    if cell is not None and cell.is_exempt:
        return EXEMPT
    return "–" if cell is None else f"{points_text(cell.earned)} of {points_text(cell.possible)}"


def has_moved(shift: Shift) -> bool:
    """Return whether the shown percent or the certificate changes."""
    return shift.before.percent != shift.after.percent or shift.before.held != shift.after.held
