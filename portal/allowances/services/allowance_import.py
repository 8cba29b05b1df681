"""Give many learners exam time, later dates and extra attempts at once: preview each line, then apply all or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from django.db import transaction

from course.rules.own_dates import NOTHING_OWN
from grading.rules.overrides import LineMistake
from grading.services import Cause, GradeAction, decide_certificates, settle_grades
from grading.services.previews import Shift, outcomes
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import accommodations_of, learners_in, own_dates
from people.services import lock_learners, set_accommodation
from portal.allowances.rules.allowances import AllowanceLine
from portal.allowances.selectors.activity_dates import DatedActivity, activities_of_course, is_dated
from portal.allowances.services.later_dates import extend_activity
from portal.refusals import Refusal
from quizzes.selectors import ExamTime, exam_times, extra_attempts_of
from quizzes.services import give_extra_attempts

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

type Allowed = Decimal | datetime | int | None


@dataclass(frozen=True)
class AllowanceChange:
    """One thing that a line changes for its learner. A date that is None is that of everyone."""

    kind: Literal["multiplier", "due", "closes", "extra_attempts"]
    before: Allowed
    after: Allowed


@dataclass(frozen=True)
class AllowanceEffect:
    """A line of the file with its learner and item, and what it changes; nothing if the learner has all of it already."""

    line: AllowanceLine
    learner_id: int
    name: str
    item: DatedActivity | None
    changes: tuple[AllowanceChange, ...]

    def has(self, *kinds: str) -> bool:
        return any(change.kind in kinds for change in self.changes)


@dataclass(frozen=True)
class AllowanceImport:
    """What a file would change. It can be applied only if `mistakes` is empty.

    `shifts` are the overall grades that move, because late answers count by the new due dates (D34). `cuts` are the names
    of learners with each exam that closes before the time of the file is over, whenever the learner starts it.
    """

    effects: tuple[AllowanceEffect, ...]
    mistakes: tuple[LineMistake, ...]
    shifts: tuple[Shift, ...] = ()
    cuts: tuple[tuple[str, ExamTime], ...] = ()

    @property
    def digest(self) -> str:
        moved = [(shift.learner_id, shift.before.exact, shift.after.exact) for shift in self.shifts]
        return sha256(repr((self.effects, moved)).encode()).hexdigest()

    @property
    def named_shifts(self) -> list[tuple[str, Shift]]:
        """Return the moved grades with the learners' names."""
        names = {effect.learner_id: effect.name or effect.line.username for effect in self.effects}
        return [(names[shift.learner_id], shift) for shift in self.shifts]

    @property
    def changing(self) -> list[AllowanceEffect]:
        return [effect for effect in self.effects if effect.changes]


def plan_allowances(
    *,
    course: "Course",
    lines: Sequence[AllowanceLine],
    author: "User",
    now: datetime,
    sight: LearnerSight = EVERYONE,
) -> AllowanceImport:
    """Return the effect of each line, or why it cannot be applied. Nothing stays written.

    A learner out of the author's sight is like somebody who does not take the course.
    `item` is the title or the id of an assessment or a lab.
    """
    with transaction.atomic():
        plan = write_allowances(course, lines, author, now, sight)
        plan = replace(plan, cuts=tuple(cuts_in(course.pk, plan.effects, now)))
        transaction.set_rollback(True)
    return plan


def cuts_in(course_id: int, effects: Sequence[AllowanceEffect], now: datetime) -> Iterator[tuple[str, ExamTime]]:
    """Yield the names of learners with each exam whose closing cuts the exam time that a line gives."""
    for effect in effects:
        if effect.has("multiplier") and effect.line.multiplier is not None:
            for exam in exam_times(course_id, effect.learner_id, effect.line.multiplier, now):
                if exam.cut is not None and exam.cut.is_always:
                    yield effect.name or effect.line.username, exam


@transaction.atomic
def import_allowances(
    *,
    course: "Course",
    lines: Sequence[AllowanceLine],
    author: "User",
    now: datetime,
    expected: str,
    sight: LearnerSight = EVERYONE,
) -> AllowanceImport:
    """Apply the plan of plan_allowances, all or nothing. Return what was done.

    Raises Refusal preview_stale if the plan's digest is not `expected` any more, or if a line cannot be applied.
    """
    done = write_allowances(course, lines, author, now, sight)
    if done.mistakes or done.digest != expected:
        raise Refusal("preview_stale")
    return done


def write_allowances(
    course: "Course", lines: Sequence[AllowanceLine], author: "User", now: datetime, sight: LearnerSight
) -> AllowanceImport:
    """Write the lines, and return what that did. With mistakes, the caller rolls back what was written."""
    items: dict[str, list[DatedActivity]] = {}
    for activity in activities_of_course(course.pk):
        for name in {activity.title, activity.id}:
            items.setdefault(name, []).append(activity)
    wanted = {line.username for line in lines}
    people = {row.user.username: row for row in learners_in(course.pk, sight=sight).filter(user__username__in=wanted)}
    lock_learners(course_id=course.pk, learner_ids=[row.user_id for row in people.values()])
    dated = [people[line.username].user_id for line in lines if line.has_dates and line.username in people]
    grades = settle_grades(now=now, course_id=course.pk)
    before = outcomes(grades, course.pk, set(dated)) if dated else {}
    effects: list[AllowanceEffect] = []
    mistakes: list[LineMistake] = []
    for line in lines:
        person, called_so = people.get(line.username), items.get(line.item, [])
        if person is None:
            mistakes.append(LineMistake(line.number, f"No learner of the course is called “{line.username}”."))
        elif line.item and (sentence := misfit(line, called_so)):
            mistakes.append(LineMistake(line.number, sentence))
        else:
            name = person.name or person.user.get_full_name()
            item = called_so[0] if line.item else None
            changes = changes_in_line(course.pk, line, person.user_id, item)
            effect = AllowanceEffect(line, person.user_id, name, item, changes)
            effects.append(effect)
            if sentence := write_allowance(course, effect, author, now):
                mistakes.append(LineMistake(line.number, sentence))
    if mistakes:
        return AllowanceImport((), tuple(mistakes))
    action = GradeAction(Cause.DATES, now, author.pk)
    decide_certificates(course_id=course.pk, learner_ids=sorted(before), action=action)
    after = outcomes(grades, course.pk, before.keys()) if before else {}
    shifts = (Shift(learner_id, before[learner_id], after[learner_id]) for learner_id in dict.fromkeys(dated))
    return AllowanceImport(tuple(effects), (), tuple(shift for shift in shifts if shift.has_moved))


def misfit(line: AllowanceLine, called_so: Sequence[DatedActivity]) -> str:
    """Return why what a line gives cannot be given for its item, of which these have the name, or ""."""
    if len(called_so) != 1:
        return f"{'Several items are' if called_so else 'No item of the course is'} called “{line.item}”."
    (item,) = called_so
    if line.extra_attempts is not None and item.kind == "lab":
        return f"“{line.item}” is a lab, whose tests run any number of times."
    if line.has_dates and not is_dated(item):
        return f"“{line.item}” is neither due nor closes, so nothing can be later."
    return ""


def changes_in_line(
    course_id: int, line: AllowanceLine, learner_id: int, item: DatedActivity | None
) -> tuple[AllowanceChange, ...]:
    """Return what a line would change, before it is written."""
    changes: list[AllowanceChange] = []
    if line.multiplier is not None:
        newest = accommodations_of(learner_id, course_id).first()
        changes.append(AllowanceChange("multiplier", newest.multiplier if newest else Decimal(1), line.multiplier))
    if line.has_dates and item is not None:
        own = own_dates(learner_id, course_id).get(item.id, NOTHING_OWN).own
        changes.append(AllowanceChange("due", own.due_at, line.due_at))
        changes.append(AllowanceChange("closes", own.closes_at, line.closes_at))
    if line.extra_attempts is not None and item is not None:
        changes.append(AllowanceChange("extra_attempts", extra_attempts_of(learner_id, item.id), line.extra_attempts))
    return tuple(change for change in changes if change.before != change.after)


def write_allowance(course: "Course", effect: AllowanceEffect, author: "User", now: datetime) -> str:
    """Write what one line changes. Return the sentence of a refusal, or ""."""
    line, item = effect.line, effect.item
    try:
        with transaction.atomic():
            if effect.has("multiplier") and line.multiplier is not None:
                set_accommodation(
                    course=course,
                    learner_id=effect.learner_id,
                    multiplier=line.multiplier,
                    reason=line.note,
                    author=author,
                    now=now,
                )
            if effect.has("due", "closes") and item is not None:
                extend_activity(
                    course=course,
                    learner_id=effect.learner_id,
                    activity=item.id,
                    due_at=line.due_at,
                    closes_at=line.closes_at,
                    reason=line.note,
                    author=author,
                    now=now,
                    decides=False,
                )
            if effect.has("extra_attempts") and line.extra_attempts is not None and item is not None:
                give_extra_attempts(
                    course=course,
                    assessment_id=item.id,
                    learner_ids=[effect.learner_id],
                    extra=line.extra_attempts,
                    reason=line.note,
                    author=author,
                    now=now,
                )
    except Refusal as refusal:
        return refusal.sentence
    return ""
