"""Overrides from a file: what it would do, line by line, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from course.selectors import learners_in
from grading.rules.arithmetic import points_text
from grading.selectors import Column, Outcome
from portal.rules.overrides import LineMistake, OverrideLine
from portal.selectors.gradebook import gradebook_columns
from portal.services.previews import Shift, preview
from quizzes.services import override_score, undo_override


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
    """What a file would do; applied only where `mistakes` is empty."""

    effects: tuple[LineEffect, ...]
    shifts: tuple[Shift, ...]
    mistakes: tuple[LineMistake, ...]

    @property
    def digest(self) -> str:
        said = [(found.line, found.learner_id, found.before, found.after) for found in self.effects]
        return sha256(repr(said).encode()).hexdigest()


def plan_overrides(*, course: Any, lines: Sequence[OverrideLine], author: Any, now: datetime) -> OverrideImport:
    """The dry run: what each line does, or why it cannot be done. `item` is a column's title or id."""
    targets, mistakes = targets_of(course.pk, lines)
    learners = list(dict.fromkeys(target.learner_id for target in targets))

    def act() -> None:
        mistakes.extend(write_lines(course, targets, author, now))

    shifts = preview(course_id=course.pk, learner_ids=learners, act=act)
    if mistakes:
        return OverrideImport((), (), tuple(sorted(mistakes, key=lambda found: found.number)))
    by_learner = {shift.learner_id: shift for shift in shifts}
    effects = (
        LineEffect(
            target.line,
            target.name,
            target.learner_id,
            target.column,
            shown(by_learner[target.learner_id].before, target.column),
            shown(by_learner[target.learner_id].after, target.column),
        )
        for target in targets
    )
    return OverrideImport(tuple(effects), tuple(shift for shift in shifts if has_moved(shift)), ())


def import_overrides(*, course: Any, lines: Sequence[OverrideLine], author: Any, now: datetime, expected: str) -> int:
    """Do what plan_overrides says, all or nothing; returns how many lines. Raises Refusal preview_stale where the
    plan's digest is not `expected` any more, or anything in it cannot be done."""
    planned = plan_overrides(course=course, lines=lines, author=author, now=now)
    if planned.mistakes or planned.digest != expected:
        raise Refusal("preview_stale")
    targets, _mistakes = targets_of(course.pk, lines)
    with transaction.atomic():
        if write_lines(course, targets, author, now):
            raise Refusal("preview_stale")
    return len(lines)


@dataclass(frozen=True)
class Target:
    """A line of the file with the learner and the item that it means."""

    line: OverrideLine
    learner_id: int
    name: str
    column: Column


def targets_of(course_id: int, lines: Sequence[OverrideLine]) -> tuple[list[Target], list[LineMistake]]:
    """The lines whose learner and item there are, and what is wrong with the others."""
    wanted = {line.username for line in lines}
    people = {row.user.username: row for row in learners_in(course_id).filter(user__username__in=wanted)}
    columns: dict[str, list[Column]] = {}
    for column in gradebook_columns(course_id):
        for name in {column.title, column.activity}:
            columns.setdefault(name, []).append(column)
    targets: list[Target] = []
    mistakes = []
    for line in lines:
        person, found = people.get(line.username), columns.get(line.item, [])
        if person is None:
            mistakes.append(LineMistake(line.number, f"No learner of the course is called “{line.username}”."))
        elif len(found) != 1:
            problem = "Several items are called" if found else "No item of the course is called"
            mistakes.append(LineMistake(line.number, f"{problem} “{line.item}”."))
        else:
            targets.append(Target(line, person.user_id, person.name, found[0]))
    return targets, mistakes


def write_lines(course: Any, targets: Sequence[Target], author: Any, now: datetime) -> list[LineMistake]:
    """Returns the lines that were refused."""
    refused = []
    for target in targets:
        line = target.line
        said = {
            "course": course,
            "assessment_id": target.column.activity,
            "learner_id": target.learner_id,
            "reason": line.reason,
            "author": author,
            "now": now,
        }
        try:
            if line.points is None:
                undo_override(**said)
            else:
                override_score(points=line.points, **said)
        except Refusal as refusal:
            refused.append(LineMistake(line.number, refusal.sentence))
    return refused


def shown(outcome: Outcome, column: Column) -> str:
    cell = outcome.cell(column.activity)
    return "–" if cell is None else f"{points_text(cell.earned)} of {points_text(cell.possible)}"


def has_moved(shift: Shift) -> bool:
    return shift.before.percent != shift.after.percent or shift.before.held != shift.after.held
