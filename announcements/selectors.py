"""The announcements of a course, as their readers and as staff see them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from announcements.models import Announcement, AnnouncementVisit
from announcements.refusals import Refusal
from course.selectors.snapshots import part_of_snapshot, published
from mail.selectors import MailProgress, mail_progress
from people.models import Enrollment
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors.learners import learners_in
from people.selectors.sight import learners_in_sight


def newest_posted(course_id: int) -> datetime | None:
    """Return when the newest announcement that is not withdrawn was posted, from the database."""
    rows = Announcement.objects.filter(course=course_id, withdrawn_at=None).order_by("-posted_at")
    return rows.values_list("posted_at", flat=True).first()


# So that the pages of a course without announcements run no query for them. Triggers on the table give the course a new
# revision whenever one is posted or withdrawn.
NEWEST = part_of_snapshot("announcements", newest_posted)


def is_announcing(course_id: int) -> bool:
    """Return whether the course has an announcement. Runs no query beside that for the revision."""
    return published(course_id)[NEWEST] is not None


def announcements_for(user: User, course_ids: Collection[int]) -> QuerySet[Announcement]:
    """Return what this learner may read, newest first. `is_new` says whether it was posted after their last visit."""
    mine = Enrollment.objects.filter(
        user=user.pk, course=OuterRef("course"), role=Enrollment.Role.LEARNER, unenrolled_at=None
    )
    at = AnnouncementVisit.objects.filter(user=user.pk, course=OuterRef("course")).values("at")[:1]
    listed = Announcement.readers.through.objects.filter(announcement=OuterRef("pk"), user=user.pk)
    is_theirs = (
        Q(audience=Announcement.Audience.EVERYONE)
        | Q(Exists(mine.filter(groups=OuterRef("group"))), audience=Announcement.Audience.GROUP)
        | Q(Exists(listed), audience=Announcement.Audience.AT_RISK)
    )
    rows = Announcement.objects.filter(is_theirs, Exists(mine), course__in=course_ids, withdrawn_at=None)
    seen_at = Coalesce(Subquery(at), Subquery(mine.values("enrolled_at")[:1]))
    return rows.annotate(is_new=Q(posted_at__gt=seen_at)).order_by("-posted_at", "-pk").select_related("course")


def new_announcements(user: User, course_ids: Collection[int]) -> QuerySet[Announcement]:
    """Return what was announced to this learner since they last looked."""
    return announcements_for(user, course_ids).filter(is_new=True)


def announcements_previewed(course_id: int) -> QuerySet[Announcement]:
    """Return what staff see on a learner's page: everything that is for the whole class, and nothing that is new."""
    rows = Announcement.objects.filter(course=course_id, withdrawn_at=None, audience=Announcement.Audience.EVERYONE)
    return rows.annotate(is_new=Q(posted_at__gt=F("posted_at"))).order_by("-posted_at", "-pk").select_related("course")


def announcements_in(course_id: int, sight: LearnerSight = EVERYONE) -> QuerySet[Announcement]:
    """Return everything that was announced in the course, withdrawn ones too, newest first, for its staff.

    Somebody who is limited to groups sees what is for one of these, whoever wrote it (D42).
    """
    rows = Announcement.objects.filter(course=course_id).select_related("author", "group")
    if sight.is_limited:
        rows = rows.filter(audience=Announcement.Audience.GROUP, group__role_limits=sight.limit_id)
    return rows.order_by("-posted_at", "-pk")


def progress_seen(announcement_ids: Collection[int], sight: LearnerSight = EVERYONE) -> dict[int, MailProgress]:
    """Return how far the mail of each announcement is, to the learners in sight. Runs one query."""
    return mail_progress(announcement_ids, learners_in_sight(sight) if sight.is_limited else None)


def announcement_by_id(course_id: int, announcement_id: int, sight: LearnerSight = EVERYONE) -> Announcement:
    """Return an announcement of this course that this person sees, withdrawn or not. Raises Refusal not_found."""
    announcement = announcements_in(course_id, sight).filter(pk=announcement_id).first()
    if announcement is None:
        raise Refusal("not_found")
    return announcement


def announcements_named(course_id: int, ids: Collection[int]) -> dict[int, str]:
    """Return the titles of announcements by id. Runs no query for none."""
    return dict(Announcement.objects.filter(course=course_id, pk__in=ids).values_list("pk", "title")) if ids else {}


def announcements_called(course_id: int, words: str) -> QuerySet[Announcement]:
    """Return the announcements whose titles contain the words."""
    return Announcement.objects.filter(course=course_id, title__icontains=words)


def audience_in(course_id: int, group: str = "", readers: Collection[int] | None = None) -> QuerySet[Enrollment, int]:
    """Return the ids of the people who would see an announcement now: to everyone, to one group, or to `readers`."""
    rows = learners_in(course_id, group=group).filter(user__is_active=True)
    if readers is not None:
        rows = rows.filter(user__in=readers)
    return rows.values_list("user_id", flat=True)
