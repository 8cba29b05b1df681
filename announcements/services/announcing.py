"""Announcements to a class. They need the overview, which knows who is at risk."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from announcements.refusals import Refusal
from announcements.selectors import audience_in
from announcements.services.announcements import (
    announcement_html,
    audience_of,
    group_named,
    refuse_beyond_sight,
    refuse_unread,
    write_announcement,
)
from mail.selectors import Reach, reach_of
from people.rules.sight import EVERYONE, LearnerSight
from quizzes.services.overviews import current_overview

if TYPE_CHECKING:
    from accounts.models import User
    from announcements.models import Announcement
    from course.models import Course


def plan_announcement(
    *, course: "Course", text: str, audience: str, group: str, now: datetime, sight: LearnerSight = EVERYONE
) -> tuple[Reach, str]:
    """Return how many people an announcement would reach now, and its text as HTML. Writes nothing.

    Posted at the same moment, it is mailed to exactly as many people.

    Raises Refusal announcement_unfit, audience_out_of_sight, group_unknown, audience_empty, class_sees_nothing,
    overview_pending.
    """
    refuse_beyond_sight(audience, sight)
    readers = learners_at_risk(course, now) if audience == "at_risk" else ()
    refuse_unread(course, audience, readers)
    if audience == "group":
        group_named(course.pk, group, sight)
    people = audience_of(course.pk, audience, group, readers)
    return reach_of(people, kind="announcements", course_id=course.pk), announcement_html(text, course)


def post_announcement(
    *,
    course: "Course",
    author: "User",
    key: str,
    title: str,
    text: str,
    audience: str,
    group: str,
    is_mailed: bool,
    now: datetime,
    sight: LearnerSight = EVERYONE,
) -> "Announcement":
    """Post an announcement to everyone, to the group with this name, or to the learners who are at risk now.

    Somebody who is limited to groups announces to one of these alone. The same key again posts nothing. Raises Refusal
    announcement_unfit, audience_out_of_sight, group_unknown, audience_empty, class_sees_nothing, overview_pending.
    """
    refuse_beyond_sight(audience, sight)
    readers = learners_at_risk(course, now) if audience == "at_risk" else ()
    return write_announcement(
        course=course, author=author, key=key, title=title, text=text, audience=audience, group=group, readers=readers,
        is_mailed=is_mailed, now=now, sight=sight,
    )  # fmt: skip


def learners_at_risk(course: "Course", now: datetime) -> Collection[int]:
    """Return the learners of the at-risk list, as the dashboard shows it. Raises Refusal overview_pending."""
    overview = current_overview(course=course, now=now)
    if overview is None:
        raise Refusal("overview_pending")
    at_risk = [risk.learner_id for risk in overview.at_risk]
    return list(audience_in(course.pk, readers=at_risk))  # the overview may be older than the last who left
