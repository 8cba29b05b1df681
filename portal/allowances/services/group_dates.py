"""Dates for groups in any activity, and everything that follows from them (D34, D36, D39)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from course.rules.own_dates import NAMES, NOTHING_OWN, DateName, OwnDates, in_force
from course.rules.schedule import UNDATED, Dates
from grading.services import Cause, GradeAction, decide_certificates, settle_grades
from grading.services.previews import Shift, outcomes, preview
from labs.selectors import lab_activities
from labs.services import follow_lab_dates
from mail.services.notices import notify
from people.selectors import changes_of_group_dates, learners_in, own_dates_in_course, varying_activities
from people.services import DatesToGive, GradeMovedByGroup, give_group_dates, lock_groups
from portal.allowances.selectors.activity_dates import DatedActivity, activities_of_course
from portal.refusals import Refusal
from quizzes.selectors import assessments_of
from quizzes.services import follow_closings, rescore_after_dates, settle_due

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

type OwnByLearner = Mapping[tuple[int, str], OwnDates]


@dataclass(frozen=True)
class DateMove:
    """A date in force of a learner that a change of a group's dates moves."""

    learner_id: int
    learner: str
    activity: DatedActivity
    name: DateName
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class GroupDatesPlan:
    """What a change of a group's dates would do: the dates that move, and the grades that follow (D34)."""

    moves: tuple[DateMove, ...]
    shifts: tuple[Shift, ...]
    names: Mapping[int, str]

    @property
    def digest(self) -> str:
        moved = [(move.learner_id, move.activity.id, move.name, move.before, move.after) for move in self.moves]
        grades = [(shift.learner_id, shift.before.exact, shift.after.exact) for shift in self.shifts]
        return sha256(repr((moved, grades)).encode()).hexdigest()

    @property
    def named_shifts(self) -> list[tuple[str, Shift]]:
        """Return the moved grades with the learners' names."""
        return [(self.names[shift.learner_id], shift) for shift in self.shifts]

    @property
    def learners(self) -> list[tuple[str, list[DateMove]]]:
        """Return the moved dates by learner, in the order of names."""
        moved: dict[tuple[str, int], list[DateMove]] = {}
        for move in self.moves:
            moved.setdefault((move.learner, move.learner_id), []).append(move)
        return [(name, moved[name, learner_id]) for name, learner_id in sorted(moved)]


def plan_group_dates(change: Callable[[], GroupDatesPlan]) -> GroupDatesPlan:
    """Return what a change of a group's dates would move. Nothing stays written. Raises the refusals of the change."""
    with transaction.atomic():
        plan = change()
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def set_group_dates(
    *,
    course: "Course",
    group: str,
    dates: Mapping[str, Dates],
    author: "User",
    now: datetime,
    expected: str | None = None,
) -> GroupDatesPlan:
    """Give a group dates in these activities, count late answers by them, and tell its learners. Return what moved.

    Running exams without a time limit end at a later closing, and no running exam ends earlier. Raises Refusal not_found,
    dates_contradict, and preview_stale if the change does not move what `expected` says.
    """
    done = write_group_dates(course, group, dates, author, now)
    if expected is not None and done.digest != expected:
        raise Refusal("preview_stale")
    return done


@transaction.atomic
def undo_group_dates(
    *, course: "Course", change: str, author: "User", now: datetime, expected: str | None = None
) -> GroupDatesPlan:
    """Give a group the dates back that it had before a change, in the activities of that change.

    Raises Refusal not_found for a change that is not the group's newest there, and the refusals of `set_group_dates`.
    """
    lock_groups(course)
    made = next((made for made in changes_of_group_dates(course.pk) if made.id == change), None)
    if made is None or not made.is_newest:
        raise Refusal("not_found")
    before = {activity: dates or UNDATED for activity, dates in made.before.items()}
    return set_group_dates(course=course, group=made.group, dates=before, author=author, now=now, expected=expected)


def write_group_dates(
    course: "Course", group: str, dates: Mapping[str, Dates], author: "User", now: datetime
) -> GroupDatesPlan:
    """Write the dates with everything that follows, and return what moved."""
    lock_groups(course)  # before the enrollments, as whatever else changes groups
    settle_due(now=now, course_id=course.pk)
    activities = {activity.id: activity for activity in activities_of_course(course.pk)}
    if not dates.keys() <= activities.keys():
        raise Refusal("not_found")
    rows = learners_in(course.pk, group=group).order_by("name", "user_id")
    learners = {row.user_id: row.name or row.user.get_full_name() for row in rows}
    grades = settle_grades(now=now, course_id=course.pk)
    grades_before, own_before = outcomes(grades, course.pk, learners), own_dates_in_course(course.pk)
    given = {name: DatesToGive(activities[name].title, activities[name].dates, own) for name, own in dates.items()}
    change, members = give_group_dates(course=course, group=group, given=given, author=author, now=now)
    if not members:
        return GroupDatesPlan((), (), learners)
    follow_own_dates(course.pk, members, dates.keys(), GradeAction(Cause.DATES, now, author.pk, decides=False))
    own_after = own_dates_in_course(course.pk)
    moves = moved_dates(learners, [activities[activity] for activity in dates], own_before, own_after)
    moved = sorted({move.learner_id for move in moves})
    notify(what="dates", key=change, course_id=course.pk, user_ids=moved, now=now)
    grades_after = outcomes(grades, course.pk, learners)
    shifts = (Shift(learner_id, grades_before[learner_id], grades_after[learner_id]) for learner_id in learners)
    return GroupDatesPlan(tuple(moves), tuple(shift for shift in shifts if shift.has_moved), learners)


def moved_dates(
    learners: Mapping[int, str], activities: Collection[DatedActivity], before: OwnByLearner, after: OwnByLearner
) -> list[DateMove]:
    """Return the dates in force that differ, by learner and activity."""
    moves = []
    for learner_id, learner in learners.items():
        for activity in activities:
            old = in_force(activity.dates, before.get((learner_id, activity.id), NOTHING_OWN))
            new = in_force(activity.dates, after.get((learner_id, activity.id), NOTHING_OWN))
            pairs = ((name, old.named[name], new.named[name]) for name in NAMES)
            moves += [DateMove(learner_id, learner, activity, *pair) for pair in pairs if pair[1] != pair[2]]
    return moves


def follow_moved_learners(course_id: int, learner_ids: Collection[int], now: datetime) -> None:
    """Let exams and scores follow learners into other groups, whose dates may be others."""
    if activities := varying_activities(course_id):
        follow_own_dates(course_id, learner_ids, activities, GradeAction(Cause.DATES, now, decides=False))


def preview_moved_learners(
    course_id: int, learner_ids: Collection[int], move: Callable[[], object], now: datetime
) -> tuple[GradeMovedByGroup, ...]:
    """Return the grades that would move if these learners joined groups with other dates. `move` is undone."""
    if not varying_activities(course_id):
        return ()
    grades = settle_grades(now=now, course_id=course_id)
    shifts = preview(grades=grades, course_id=course_id, learner_ids=learner_ids, act=move)
    return tuple(
        GradeMovedByGroup(
            shift.learner_id,
            shift.before.percent,
            shift.after.percent,
            shift.crosses,
            shift.after.has_passed,
            shift.certificate,
        )
        for shift in shifts
        if shift.has_moved or shift.certificate
    )


def follow_own_dates(
    course_id: int, learner_ids: Collection[int], activities: Collection[str], action: GradeAction
) -> None:
    """Let exams and scores of these learners follow their dates, then decide about their certificates."""
    late = {assessment.pk for assessment in assessments_of(course_id) if assessment.late_terms is not None}
    late |= {lab.id for lab in lab_activities(course_id) if lab.late is not None}
    for learner_id in sorted(learner_ids):
        follow_closings(course_id=course_id, learner_id=learner_id, now=action.now)
        for activity in sorted(late.intersection(activities)):
            rescore_after_dates(assessment_id=activity, course_id=course_id, learner_id=learner_id, action=action)
            follow_lab_dates(lab_id=activity, course_id=course_id, learner_id=learner_id, action=action)
    decided = replace(action, decides=True)
    decide_certificates(course_id=course_id, learner_ids=sorted(learner_ids), action=decided)
