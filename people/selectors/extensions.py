"""The dates that staff gave to learners and to groups (D22, D39), as `course.rules.own_dates` reads them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast

from course.rules.own_dates import NOTHING_OWN, DatesOfGroup, OwnDates, in_force, latest_closing_of
from course.rules.schedule import Dates
from people.models import DateExtension, DateExtensionNote, GroupDates, LearnerGroup, VaryingDates

GIVEN = ("opens_at", "due_at", "closes_at")
NO_GROUP = ""


class GivenRow(NamedTuple):
    """A record of dates, of a learner or, with the name of a group, of that group."""

    pk: int
    learner_id: int
    activity: str
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    is_exact: bool | None
    group: str

    @property
    def dates(self) -> Dates:
        return Dates(self.opens_at, self.due_at, self.closes_at)


def dates_vary() -> Exists:
    """Return, for a query of activities (OuterRef "pk"), whether a group or a learner may have other dates there."""
    return Exists(VaryingDates.objects.filter(activity=OuterRef("pk")))


def varying_activities(course_id: int) -> list[str]:
    """Return the activities of a course whose dates may vary, by id. Runs one query."""
    return list(VaryingDates.objects.filter(course=course_id).order_by("activity").values_list("activity", flat=True))


def dates_of_groups(course_id: int) -> list[GroupDates]:
    """Return the newest record of each group and activity, by name of the group, with groups. Runs one query."""
    newer = GroupDates.objects.filter(**of_same("group"), pk__gt=OuterRef("pk"))
    rows = GroupDates.objects.filter(~Exists(newer), group__course=course_id).select_related("group")
    return list(rows.order_by("group__name", "activity"))


def groups_without_due(course_id: int) -> dict[str, tuple[str, ...]]:
    """Return the groups that were given no due date, by activity, where another group was given one.

    Runs one query, and one more if a group has dates.
    """
    due: dict[str, set[str]] = {}
    for row in dates_of_groups(course_id):
        if row.due_at is not None:
            due.setdefault(row.activity, set()).add(row.group.name)
    names = LearnerGroup.objects.filter(course=course_id).order_by("name").values_list("name", flat=True)
    groups = list(names) if due else []
    without = {activity: tuple(name for name in groups if name not in given) for activity, given in due.items()}
    return {activity: names for activity, names in without.items() if names}


def given_rows(extensions: QuerySet[DateExtension], of_groups: QuerySet[GroupDates]) -> Iterable[GivenRow]:
    """Return the records of learners and of groups, oldest first. Runs one query."""
    own = extensions.order_by().annotate(learner=F("enrollment__user_id"), group_name=Value(NO_GROUP))
    named = of_groups.order_by().annotate(learner=F("group__enrollments__user_id"), group_name=F("group__name"))
    named = named.annotate(is_exact=Cast(Value(None), BooleanField()))
    columns = ("pk", "learner", "activity", *GIVEN, "is_exact", "group_name")
    rows = own.values_list(*columns).union(named.values_list(*columns), all=True)
    return sorted((GivenRow(*row) for row in rows), key=lambda row: row.pk)


def collected(rows: Iterable[GivenRow]) -> dict[tuple[int, str], OwnDates]:
    """Return the newest dates by learner and activity. `rows` come oldest first."""
    own: dict[tuple[int, str], GivenRow] = {}
    of_groups: dict[tuple[int, str], dict[str, Dates]] = {}
    for row in rows:
        key = (row.learner_id, row.activity)
        if row.group == NO_GROUP:
            own[key] = row
        else:
            of_groups.setdefault(key, {})[row.group] = row.dates
    return {key: own_dates_from(own.get(key), of_groups.get(key, {})) for key in {**own, **of_groups}}


def own_dates_from(row: GivenRow | None, of_groups: dict[str, Dates]) -> OwnDates:
    groups = tuple(DatesOfGroup(name, dates) for name, dates in sorted(of_groups.items()))
    if row is None:
        return OwnDates(groups=groups)
    return OwnDates(row.dates, is_exact=bool(row.is_exact), groups=groups)


def own_dates(learner_id: int, course_id: int) -> dict[str, OwnDates]:
    """Return what was given to a learner and their groups, by activity. Runs one query."""
    extensions = DateExtension.objects.filter(enrollment__user=learner_id, enrollment__course=course_id)
    of_groups = GroupDates.objects.filter(group__enrollments__user=learner_id, group__course=course_id)
    return {activity: own for (_, activity), own in collected(given_rows(extensions, of_groups)).items()}


def own_dates_by_learner(course_id: int, activity: str) -> dict[int, OwnDates]:
    """Return what was given in one activity, by learner, without those who have everyone's dates. Runs one query."""
    extensions = DateExtension.objects.filter(enrollment__course=course_id, activity=activity)
    of_groups = GroupDates.objects.filter(group__course=course_id, activity=activity)
    rows = given_rows(extensions, of_groups.filter(group__enrollments__isnull=False))
    return {learner_id: own for (learner_id, _), own in collected(rows).items()}


def own_dates_in_course(course_id: int) -> dict[tuple[int, str], OwnDates]:
    """Return what was given in a course, by learner and activity. Runs one query."""
    extensions = DateExtension.objects.filter(enrollment__course=course_id)
    of_groups = GroupDates.objects.filter(group__course=course_id, group__enrollments__isnull=False)
    return collected(given_rows(extensions, of_groups))


def activities_to_open(learner_id: int, now: datetime) -> list[QuerySet[Any, Any]]:
    """Return, for use in a query, the activities that a group of a learner, or a date of their own, opens after `now`.

    An activity that another group has opened already is among them, too.
    """
    newer_own = DateExtension.objects.filter(**of_same("enrollment"), pk__gt=OuterRef("pk"))
    newer = GroupDates.objects.filter(**of_same("group"), pk__gt=OuterRef("pk"))
    own = DateExtension.objects.filter(~Exists(newer_own), enrollment__user=learner_id, is_exact=True)
    of_groups = GroupDates.objects.filter(~Exists(newer), group__enrollments__user=learner_id)
    return [rows.filter(opens_at__gt=now).order_by().values("activity") for rows in (own, of_groups)]


def of_same(owner: str) -> dict[str, OuterRef]:
    """Return what finds the records of the same owner and activity as the row of the outer query."""
    return {name: OuterRef(name) for name in (owner, "activity")}


@dataclass(frozen=True)
class GroupDatesChange:
    """A change of a group's dates: the dates after and before it, by activity. Before the first change, there are no dates.

    `is_newest` says whether no later change gave the group dates in one of these activities.
    """

    id: str
    group: str
    author: str
    at: datetime
    after: dict[str, Dates]
    before: dict[str, Dates | None]
    is_newest: bool


def changes_of_group_dates(course_id: int) -> list[GroupDatesChange]:
    """Return the changes of groups' dates, newest first. Runs one query."""
    rows = GroupDates.objects.filter(group__course=course_id).select_related("group", "author").order_by("pk")
    newest: dict[tuple[int, str], GroupDates] = {}
    made: dict[str, list[tuple[GroupDates, Dates | None]]] = {}
    for row in rows:
        earlier = newest.get((row.group_id, row.activity))
        made.setdefault(row.change, []).append((row, earlier and earlier.dates))
        newest[row.group_id, row.activity] = row
    return [change_from(lines, newest) for lines in reversed(made.values())]


def change_from(
    lines: list[tuple[GroupDates, Dates | None]], newest: dict[tuple[int, str], GroupDates]
) -> GroupDatesChange:
    first = lines[0][0]
    return GroupDatesChange(
        first.change,
        first.group.name,
        first.author.get_full_name(),
        first.created_at,
        {row.activity: row.dates for row, _ in lines},
        {row.activity: before for row, before in lines},
        all(newest[row.group_id, row.activity] is row for row, _ in lines),
    )


def latest_closing(common: Dates, *, course_id: int, activity: str) -> datetime | None:
    """Return when an activity has closed for everyone, whatever dates they have, or None if it never does.

    Runs one query.
    """
    return latest_closing_of(common, own_dates_by_learner(course_id, activity))


def dates_for(common: Dates, *, activity: str, learner_id: int | None, course_id: int, may_vary: bool = True) -> Dates:
    """Return the dates of an activity in force for a learner.

    Runs one query if the activity is due or closes, or if its dates may vary (`dates_vary`), else none.
    """
    if learner_id is None or not (may_vary or common.due_at is not None or common.closes_at is not None):
        return common
    return in_force(common, own_dates(learner_id, course_id).get(activity, NOTHING_OWN))


def date_extensions_of(learner_id: int, course_id: int) -> QuerySet[DateExtension]:
    """Return the records of a learner's own dates, newest first, without notes."""
    rows = DateExtension.objects.filter(enrollment__user=learner_id, enrollment__course=course_id)
    return rows.select_related("author").order_by("-pk")


def date_extension_notes(learner_id: int, course_id: int, written_by: int | None) -> dict[int, str]:
    """Return the private notes that still exist, by record: those of one author, or with None all.

    Only the page that manages them may use this.
    """
    rows = DateExtensionNote.objects.filter(extension__enrollment__user=learner_id)
    if written_by is not None:
        rows = rows.filter(extension__author=written_by)
    return dict(rows.filter(extension__enrollment__course=course_id).values_list("extension_id", "text"))
