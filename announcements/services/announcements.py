"""Tell a class something: post, correct and withdraw announcements. Who is at risk, `quizzes` knows."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from announcements.models import Announcement, AnnouncementVisit
from announcements.refusals import Refusal
from announcements.selectors import announcement_by_id, audience_in, new_announcements
from course.models import Course, Lesson
from foundation.fast.lazy import lazily
from foundation.mailers import sends_mail
from mail.selectors import results_without_mail
from mail.services.sending import queue_mail
from people.models import Enrollment, LearnerGroup
from people.rules.sight import EVERYONE, LearnerSight
from records.services import record_audit

if TYPE_CHECKING:
    from course import markup
else:
    markup = lazily("course.markup")  # the sweeper and the worker render nothing

LONGEST_ANNOUNCEMENT = 20_000


def announcement_html(text: str, course: Course) -> str:
    """Return the text as sanitized HTML, in which lesson:ID links to a lesson of the course.

    Raises Refusal announcement_unfit if it is empty, too long or has a mistake.
    """
    if not text.strip() or len(text) > LONGEST_ANNOUNCEMENT or "\0" in text:
        raise Refusal("announcement_unfit", problem=f"it needs 1 to {LONGEST_ANNOUNCEMENT:,} characters")
    page = markup.render_fragment(text, markup.Setting(find_page=partial(lesson_path, course)))
    if page.problems:
        first = page.problems[0]
        raise Refusal("announcement_unfit", problem=f"line {first.line}: {first.text.rstrip('.')}")
    return page.html


def lesson_path(course: Course, link: str) -> str | None:
    """Return the path to which a link such as lesson:gradients leads, or None if the course has no such lesson."""
    kind, _, key = link.partition(":")
    lessons = Lesson.objects.filter(module__course=course, key=key, is_retired=False)
    return f"/courses/{course.slug}/lesson/{key}/" if kind == "lesson" and lessons.exists() else None


@transaction.atomic
def write_announcement(
    *,
    course: Course,
    author: User,
    key: str,
    title: str,
    text: str,
    audience: str,
    group: str,
    readers: Collection[int],
    is_mailed: bool,
    now: datetime,
    sight: LearnerSight = EVERYONE,
) -> Announcement:
    """Post an announcement, and queue its mail. The same key again returns the first one and posts nothing.

    `group` names the group, and `readers` are the learners of the at-risk list; both are empty for another audience.
    Raises Refusal announcement_unfit, audience_out_of_sight, group_unknown, audience_empty, class_sees_nothing.
    """
    list(Course.objects.select_for_update(no_key=True).filter(pk=course.pk).values("pk"))
    posted = Announcement.objects.filter(course=course, key=key).first()
    if posted is not None:
        return posted
    refuse_beyond_sight(audience, sight)
    refuse_unread(course, audience, readers)
    chosen = group_named(course.pk, group, sight) if audience == Announcement.Audience.GROUP else None
    is_listed = audience == Announcement.Audience.AT_RISK
    people = list(audience_of(course.pk, audience, group, readers))
    announcement = Announcement.objects.create(
        course=course, key=key, author=author, title=title, text=text, html=announcement_html(text, course), audience=audience,
        group=chosen, people=len(people), is_mailed=is_mailed and sends_mail(), posted_at=now,
    )  # fmt: skip
    if is_listed:
        announcement.readers.set(people)
    if announcement.is_mailed:
        results = results_without_mail(people, kind="announcements", course_id=course.pk)
        queue_mail(kind="announcements", key=f"announcement:{announcement.pk}", course_id=course.pk, user_ids=people,
                   announcement=announcement, results=results, now=now)  # fmt: skip
    audit_announcement("post_announcement", announcement, author, now)
    return announcement


def audience_of(course_id: int, audience: str, group: str, readers: Collection[int]) -> QuerySet[Enrollment, int]:
    """Return the ids of the people who are in this audience now."""
    is_listed = audience == Announcement.Audience.AT_RISK
    name = group if audience == Announcement.Audience.GROUP else ""
    return audience_in(course_id, name, readers if is_listed else None)


def refuse_unread(course: Course, audience: str, readers: Collection[int]) -> None:
    """Refuse what nobody would read. Raises Refusal class_sees_nothing, audience_empty."""
    if course.visibility == "hidden":
        raise Refusal("class_sees_nothing")
    if audience == Announcement.Audience.AT_RISK and not readers:
        raise Refusal("audience_empty")


def refuse_beyond_sight(audience: str, sight: LearnerSight) -> None:
    """Refuse somebody who is limited to groups to announce to learners of other groups (D42).

    Raises Refusal audience_out_of_sight.
    """
    if sight.is_limited and audience != Announcement.Audience.GROUP:
        raise Refusal("audience_out_of_sight")


def group_named(course_id: int, name: str, sight: LearnerSight) -> LearnerGroup:
    """Return a group of the course, of those that a limited person sees. Raises Refusal group_unknown."""
    groups = LearnerGroup.objects.filter(course=course_id, name=name)
    group = (groups.filter(role_limits=sight.limit_id) if sight.is_limited else groups).first()
    if group is None:
        raise Refusal("group_unknown")
    return group


@transaction.atomic
def correct_announcement(
    *,
    course: Course,
    announcement_id: int,
    title: str,
    text: str,
    author: User,
    now: datetime,
    sight: LearnerSight = EVERYONE,
) -> Announcement:
    """Change what an announcement says. Mail that was sent already stays as it is; what still waits has the new text.

    Raises Refusal not_found, announcement_unfit, announcement_withdrawn.
    """
    announcement = locked_announcement(course, announcement_id, sight)
    if (announcement.title, announcement.text) == (title, text):
        return announcement
    announcement.title, announcement.text, announcement.html, announcement.edited_at = (
        title,
        text,
        announcement_html(text, course),
        now,
    )
    announcement.save(update_fields=["title", "text", "html", "edited_at"])
    audit_announcement("correct_announcement", announcement, author, now)
    return announcement


@transaction.atomic
def withdraw_announcement(
    *, course: Course, announcement_id: int, author: User, now: datetime, sight: LearnerSight = EVERYONE
) -> Announcement:
    """Take an announcement off all pages. Mail that still waits is not sent.

    Raises Refusal not_found, announcement_withdrawn.
    """
    announcement = locked_announcement(course, announcement_id, sight)
    announcement.withdrawn_at = now
    announcement.save(update_fields=["withdrawn_at"])
    audit_announcement("withdraw_announcement", announcement, author, now)
    return announcement


def locked_announcement(course: Course, announcement_id: int, sight: LearnerSight) -> Announcement:
    list(Announcement.objects.select_for_update().filter(course=course, pk=announcement_id).values("pk"))
    announcement = announcement_by_id(course.pk, announcement_id, sight)
    if announcement.withdrawn_at is not None:
        raise Refusal("announcement_withdrawn")
    return announcement


def audit_announcement(action: str, announcement: Announcement, author: User, now: datetime) -> None:
    """Record an action on an announcement in the audit, with its author and audience but without its text."""
    group = announcement.group.name if announcement.group else None
    details = {"title": announcement.title, "audience": announcement.audience, "people": announcement.people}
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=announcement.course,
        target=f"announcement:{announcement.pk}",
        details={**details, **({"group": group} if group else {})},
    )


def note_announcements_read(*, user: User, course: Course, now: datetime) -> None:
    """Remember that the person has read the announcements of a course. Writes nothing if none is new."""
    if new_announcements(user, [course.pk]).exists():
        AnnouncementVisit.objects.update_or_create(user=user, course=course, defaults={"at": now})
