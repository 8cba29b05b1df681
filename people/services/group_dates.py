"""Dates of activities for groups (D39)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.own_dates import (
    Contradiction,
    DatesOfGroup,
    OwnDates,
    SourcedDate,
    contradictions,
    outside_course,
)
from course.rules.schedule import UNDATED, Dates
from foundation.ids import new_id
from foundation.zones import known_zone
from people.models import DateExtension, Enrollment, GroupDates, LearnerGroup, VaryingDates
from people.refusals import Refusal
from people.selectors import own_dates, own_dates_by_learner
from people.services.locks import lock_learners
from people.services.membership import lock_groups
from records.services import record_audit


class DatesToGive(NamedTuple):
    """The dates that a group gets in an activity, with everyone's and the title for a refusal."""

    title: str
    common: Dates
    dates: Dates


WORDS = {"opens_at": "opening", "due_at": "due date", "closes_at": "closing"}


@transaction.atomic
def give_group_dates(
    *, course: Course, group: str, given: Mapping[str, DatesToGive], author: User, now: datetime
) -> tuple[str, list[int]]:
    """Give a group dates in activities; without any, everyone's apply again.

    Return the id of the change and the ids of the group's learners, or nothing if nothing changed.

    `given` holds by activity what the group gets. The learners are locked, so that nobody starts an exam by
    the old dates in between. What the group has already is not written again. Raises Refusal not_found, dates_contradict.
    """
    lock_groups(course)
    chosen = LearnerGroup.objects.filter(course=course, name=group).first()
    if chosen is None:
        raise Refusal("not_found")
    learners = members_of(chosen)
    lock_learners(course_id=course.pk, learner_ids=learners)
    newest = {row.activity: row.dates for row in GroupDates.objects.filter(group=chosen).order_by("pk")}
    changed = {name: order.dates for name, order in given.items() if order.dates != newest.get(name, UNDATED)}
    for activity, dates in changed.items():
        title, common, _dates = given[activity]
        of_group = DatesOfGroup(group, dates)
        pairs = [*outside_course(common, of_group), *against_course(common, of_group)]
        refuse_contradictions(course, pairs, item=title)
        for name, contradicting in against_learners(course.pk, activity, common, of_group, learners):
            refuse_contradictions(course, contradicting, name, item=title)
    if not changed:
        return "", []
    change = new_id()
    order = {"group": chosen, "change": change, "author": author, "created_at": now}
    rows = [GroupDates(activity=activity, **dates.named, **order) for activity, dates in changed.items()]
    GroupDates.objects.bulk_create(rows)
    mark_varying(course, changed.keys())
    details = {
        activity: {name: at and at.isoformat() for name, at in dates.named.items()}
        for activity, dates in changed.items()
    }
    record_audit(
        actor=author,
        action="give_group_dates",
        now=now,
        course=course,
        target=f"course:{course.slug}",
        details={"group": group, "dates": details},
    )
    return change, sorted(learners)


def members_of(group: LearnerGroup) -> dict[int, str]:
    """Return the names of a group's learners, also of those who left the course, by id."""
    rows = Enrollment.objects.filter(groups=group, role=Enrollment.Role.LEARNER).select_related("user")
    return {row.user_id: row.name or row.user.username for row in rows}


def mark_varying(course: Course, activities: Collection[str]) -> None:
    """Record that the dates of these activities may vary. A first time makes a new revision of the course."""
    rows = [VaryingDates(course=course, activity=activity) for activity in sorted(activities)]
    VaryingDates.objects.bulk_create(rows, ignore_conflicts=True)


def against_course(common: Dates, group: DatesOfGroup) -> list[Contradiction]:
    """Return the contradictions of a group's dates with each other and with everyone's."""
    return contradictions(common, OwnDates(groups=(group,)))


def against_learners(
    course_id: int, activity: str, common: Dates, group: DatesOfGroup, learners: Mapping[int, str]
) -> Iterator[tuple[str, list[Contradiction]]]:
    """Yield the names of learners with the contradictions between a group's dates and their own or another group's."""
    for learner_id, own in own_dates_by_learner(course_id, activity).items():
        if learner_id in learners:
            others = tuple(given for given in own.groups if given.group != group.group)
            pairs = contradictions(common, OwnDates(own.own, own.is_exact, (*others, group)))
            yield learners[learner_id], [pair for pair in pairs if group.group in (pair.before.group, pair.after.group)]


def refuse_contradictions(
    course: Course, pairs: Iterable[Contradiction], learner: str = "this learner", *, item: str = "this item"
) -> None:
    """Refuse dates in force that cannot all hold, naming both and who set them. Raises Refusal dates_contradict."""
    for pair in pairs:
        raise Refusal(
            "dates_contradict",
            item=item,
            first=WORDS[pair.first],
            first_at=date_in_words(pair.before, course),
            first_source=source_in_words(pair.before, learner),
            second=WORDS[pair.second],
            second_at=date_in_words(pair.after, course),
            second_source=source_in_words(pair.after, learner),
        )


def date_in_words(date: SourcedDate, course: Course) -> str:
    """Return a date as text, in the time zone of the course."""
    assert date.at is not None
    at = date.at.astimezone(known_zone(course.timezone))
    return f"{at.day} {at:%B %Y, %H:%M} ({course.timezone or 'UTC'})"


def source_in_words(date: SourcedDate, learner: str) -> str:
    """Return who has this date: everyone, a group or the learner."""
    return {"course": "everyone", "group": f"the group {date.group}", "learner": learner}[date.source]


def keep_group_dates(learner_id: int, now: datetime) -> None:
    """Give a learner the dates of their groups as dates of their own, because an erasure takes them out of the groups.

    Otherwise their late scores would follow everyone's dates. Call it inside a transaction, under the learner's locks.
    """
    for enrollment in Enrollment.objects.filter(user=learner_id, groups__isnull=False).distinct().order_by("pk"):
        newest = GroupDates.objects.filter(group__enrollments=enrollment).order_by("-pk").first()
        for activity, own in own_dates(learner_id, enrollment.course_id).items():
            if newest is not None and any(dates != UNDATED for _, dates in own.groups):
                DateExtension.objects.create(
                    enrollment=enrollment,
                    activity=activity,
                    **settled_dates(own).named,
                    is_exact=True,
                    author_id=newest.author_id,
                    created_at=now,
                )


def settled_dates(own: OwnDates) -> Dates:
    """Return what was given to a learner and their groups as one set of dates that holds as it is."""
    settled: dict[str, datetime | None] = {}
    for name, at in own.own.named.items():
        of_groups = max((date for _, dates in own.groups if (date := dates.named[name]) is not None), default=None)
        is_own = at is not None and (own.is_exact or of_groups is None or at > of_groups)
        settled[name] = at if is_own else of_groups
    return Dates(settled["opens_at"], settled["due_at"], settled["closes_at"])
