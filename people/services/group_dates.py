"""Dates of activities for groups (D39)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.own_dates import DatesOfGroup, OwnDates, contradictions
from course.rules.schedule import UNDATED, Dates
from foundation.ids import new_id
from people.models import Enrollment, GroupDates, LearnerGroup, VaryingDates
from people.refusals import Refusal
from people.services.locks import lock_learners
from people.services.membership import lock_groups
from records.services import record_audit

WORDS = {"opens_at": "opening", "due_at": "due date", "closes_at": "closing"}


@transaction.atomic
def give_group_dates(
    *, course: Course, group: str, given: Mapping[str, tuple[Dates, Dates]], author: User, now: datetime
) -> list[int]:
    """Give a group dates in activities; without any, everyone's apply again. Return the ids of the group's learners.

    `given` holds by activity everyone's dates and the group's. The learners are locked, so that nobody starts an exam by
    the old dates in between. What the group has already is not written again. Raises Refusal not_found, dates_contradict.
    """
    lock_groups(course)
    chosen = LearnerGroup.objects.filter(course=course, name=group).first()
    if chosen is None:
        raise Refusal("not_found")
    rows = Enrollment.objects.filter(groups=chosen, course=course, role=Enrollment.Role.LEARNER)
    learner_ids = sorted(rows.values_list("user_id", flat=True))
    lock_learners(course_id=course.pk, learner_ids=learner_ids)
    newest = {row.activity: row.dates for row in GroupDates.objects.filter(group=chosen).order_by("pk")}
    changed = {activity: own for activity, (_, own) in given.items() if own != newest.get(activity, UNDATED)}
    for activity in changed:
        refuse_contradiction(given[activity][0], OwnDates(groups=(DatesOfGroup(group, changed[activity]),)))
    if not changed:
        return []
    order = {"group": chosen, "change": new_id(), "author": author, "created_at": now}
    GroupDates.objects.bulk_create(
        GroupDates(activity=activity, **vars(own), **order) for activity, own in changed.items()
    )
    mark_varying(course, changed.keys())
    details = {
        activity: {name: at and at.isoformat() for name, at in vars(own).items()} for activity, own in changed.items()
    }
    record_audit(
        actor=author,
        action="give_group_dates",
        now=now,
        course=course,
        target=f"course:{course.slug}",
        details={"group": group, "dates": details},
    )
    return learner_ids


def mark_varying(course: Course, activities: Collection[str]) -> None:
    """Record that the dates of these activities may vary. A first time makes a new revision of the course."""
    rows = [VaryingDates(course=course, activity=activity) for activity in sorted(activities)]
    VaryingDates.objects.bulk_create(rows, ignore_conflicts=True)


def refuse_contradiction(common: Dates, own: OwnDates) -> None:
    """Refuse dates in force that cannot all hold, naming both and who set them. Raises Refusal dates_contradict."""
    for first, before, second, after in contradictions(common, own):
        assert before.at is not None
        assert after.at is not None
        raise Refusal(
            "dates_contradict",
            first=WORDS[first],
            first_at=before.at.isoformat(),
            first_source=before.source,
            second=WORDS[second],
            second_at=after.at.isoformat(),
            second_source=after.source,
        )
