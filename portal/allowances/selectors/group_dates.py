"""The table of items and groups with their dates, and what contradicts itself in it (D39)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.rules.own_dates import Contradiction, DatesOfGroup, OwnDates, contradictions, outside_course
from course.rules.schedule import UNDATED, Dates
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import (
    GroupDatesChange,
    changes_of_group_dates,
    dates_of_groups,
    group_names,
    learners_in,
    own_dates_in_course,
)
from portal.allowances.selectors.activity_dates import DatedActivity, activities_of_course

if TYPE_CHECKING:
    from course.models import Course


@dataclass(frozen=True)
class DatesConflict:
    """Two dates of an activity that cannot both hold, and the group or learner that has them."""

    activity: DatedActivity
    who: str
    pair: Contradiction


@dataclass(frozen=True)
class GroupDatesTable:
    """The items of a course with the dates of its groups: `given` by name of the group and id of the item."""

    groups: tuple[str, ...]
    activities: tuple[DatedActivity, ...]
    given: Mapping[tuple[str, str], Dates]
    conflicts: tuple[DatesConflict, ...]
    changes: tuple[GroupDatesChange, ...]

    @property
    def rows(self) -> list[tuple[DatedActivity, list[Dates]]]:
        """Return each item with the dates of every group, in the order of the groups."""
        return [
            (activity, [self.given.get((group, activity.id), UNDATED) for group in self.groups])
            for activity in self.activities
        ]

    def of_group(self, group: str) -> dict[str, Dates]:
        """Return the dates of a group by item, also where it has none."""
        return {activity.id: self.given.get((group, activity.id), UNDATED) for activity in self.activities}

    @property
    def history(self) -> list[tuple[GroupDatesChange, list[tuple[str, Dates]]]]:
        """Return each change, newest first, with the titles of its items and the dates that it gave."""
        titles = {activity.id: activity.title for activity in self.activities}
        return [
            (change, [(titles.get(activity, activity), dates) for activity, dates in change.after.items()])
            for change in self.changes
        ]


def group_dates_table(course: "Course", sight: LearnerSight = EVERYONE) -> GroupDatesTable:
    """Return the dates of a course's groups, or of those in sight. Runs a constant number of queries."""
    activities, known = activities_of_course(course.pk), group_names(course)
    rows = [row for row in dates_of_groups(course.pk) if not sight.is_limited or row.group.name in known]
    given = {(row.group.name, row.activity): row.dates for row in rows}
    conflicts = conflicts_in(course.pk, activities, given, sight) if given else []
    changes = changes_of_group_dates(course.pk) if given else []
    groups = sorted({*known, *(group for group, _ in given)})
    changes = [change for change in changes if change.group in groups]
    return GroupDatesTable(tuple(groups), tuple(activities), given, tuple(conflicts), tuple(changes))


def conflicts_in(
    course_id: int, activities: list[DatedActivity], given: Mapping[tuple[str, str], Dates], sight: LearnerSight
) -> list[DatesConflict]:
    """Return what came to contradict itself after it was given, as after a change of the course's own dates."""
    common = {activity.id: activity for activity in activities}
    conflicts = []
    for (group, activity_id), dates in given.items():
        if (activity := common.get(activity_id)) is not None:
            of_group = DatesOfGroup(group, dates)
            pairs = [
                *outside_course(activity.dates, of_group),
                *contradictions(activity.dates, OwnDates(groups=(of_group,))),
            ]
            conflicts += [DatesConflict(activity, group, pair) for pair in pairs if "group" in sources_of(pair)]
    names = {row.user_id: row.name or row.user.get_full_name() for row in learners_in(course_id, sight=sight)}
    for (learner_id, activity_id), own in own_dates_in_course(course_id).items():
        if learner_id in names and (activity := common.get(activity_id)) is not None:
            mixed = [pair for pair in contradictions(activity.dates, own) if is_mixed(pair)]
            conflicts += [DatesConflict(activity, names[learner_id], pair) for pair in mixed]
    return conflicts


def sources_of(pair: Contradiction) -> set[str]:
    return {pair.before.source, pair.after.source}


def is_mixed(pair: Contradiction) -> bool:
    """Return whether a contradiction is between what two groups, or a group and a learner, were given."""
    return pair.before.group != pair.after.group and "course" not in sources_of(pair)
