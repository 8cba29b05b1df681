"""Announcements, for their readers and for staff."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from announcements import serializers as shapes
from announcements.selectors import announcements_for, announcements_in, announcements_previewed, progress_seen
from announcements.services import (
    correct_announcement,
    note_announcements_read,
    plan_announcement,
    post_announcement,
    withdraw_announcement,
)
from course.selectors import course_by_slug
from foundation.frame.endpoint import Endpoint, leads, number
from foundation.idempotency import Answer
from foundation.ids import new_id
from foundation.mailers import sends_mail
from foundation.paging import PAGING, NewestPages, page_of
from foundation.refusals import refuses
from mail.selectors import MailProgress, Reach
from people.access import learner_or_preview, refuse_archived
from people.endpoint import Taught
from people.rules.roles import Permission

if TYPE_CHECKING:
    from announcements.models import Announcement
    from course.models import Course


class AnnouncementPages(NewestPages):
    ordering = ("-posted_at", "-id")


class OwnAnnouncements(Endpoint):
    """What was announced to you in the course, newest first. A POST remembers that you have read everything."""

    takes_key = False

    @extend_schema(parameters=PAGING, responses=page_of(shapes.AnnouncementOut))
    @refuses(learner_or_preview)
    def get(self, request: Request, slug: str) -> Response:
        course, is_learner = self.course_read(slug)
        rows = announcements_for(self.person, [course.pk]) if is_learner else announcements_previewed(course.pk)
        pages = AnnouncementPages()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(shapes.AnnouncementOut(page, many=True).data)

    @extend_schema(request=None, responses={204: None})
    @refuses(learner_or_preview, refuse_archived)
    def post(self, request: Request, slug: str) -> Response:
        self.read_nothing()
        course, is_learner = self.course_read(slug)
        refuse_archived(course)
        if is_learner:
            note_announcements_read(user=self.person, course=course, now=self.now)
        return Response(status=204)

    def course_read(self, slug: str) -> "tuple[Course, bool]":
        course = course_by_slug(slug)
        return course, learner_or_preview(self.person, course.pk) is not None


class PostedAnnouncements(Taught):
    """Everything that was announced in the course, newest first, for its staff. With `dry_run`, only preview it (200)."""

    needs = Permission.ANNOUNCE
    is_for_limited = True

    @extend_schema(parameters=PAGING, responses=page_of(shapes.PostedAnnouncement))
    @leads(announcement_id="/results/0/id")
    def get(self, request: Request, slug: str) -> Response:
        pages = AnnouncementPages()
        page = pages.paginate_queryset(announcements_in(self.course.pk, self.sight), request, self)
        progress = progress_seen([announcement.pk for announcement in page], self.sight)
        return pages.get_paginated_response(
            [posted_body(announcement, progress.get(announcement.pk)) for announcement in page]
        )

    @extend_schema(
        request=shapes.AnnouncementIn, responses={200: shapes.PostedAnnouncement, 201: shapes.PostedAnnouncement}
    )
    @leads(announcement_id="/id")
    @refuses(
        "announcement_unfit",
        "audience_out_of_sight",
        "group_unknown",
        "audience_empty",
        "class_sees_nothing",
        "overview_pending",
    )
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AnnouncementIn)
        is_dry, is_mailed = body.pop("dry_run"), body.pop("by_mail")

        def answer() -> Answer:
            if is_dry:
                content = {name: body[name] for name in ("text", "audience", "group")}
                reach, html = plan_announcement(course=self.course, now=self.now, sight=self.sight, **content)
                return 200, planned_body(body, reach, html, is_mailed=is_mailed and sends_mail())
            order = {"course": self.course, "author": self.person, "now": self.now, "sight": self.sight}
            made = post_announcement(key=new_id(), is_mailed=is_mailed, **body, **order)
            return 201, posted_body(made, progress_seen([made.pk], self.sight).get(made.pk))

        return self.once(answer)


class OneAnnouncement(Taught):
    """Correct what an announcement says. Mail that was sent already stays as it is."""

    needs = Permission.ANNOUNCE
    is_for_limited = True

    @extend_schema(request=shapes.AnnouncementTextIn, responses=shapes.PostedAnnouncement)
    @refuses("announcement_unfit", "announcement_withdrawn")
    def put(self, request: Request, slug: str, announcement_id: str) -> Response:
        body = self.read(shapes.AnnouncementTextIn)
        target = {"course": self.course, "announcement_id": number(announcement_id), "sight": self.sight}
        done = correct_announcement(author=self.person, now=self.now, **target, **body)
        return Response(posted_body(done, progress_seen([done.pk], self.sight).get(done.pk)))


class WithdrawnAnnouncement(Taught):
    """Withdraw an announcement: learners no longer see it, and mail that still waits is not sent."""

    needs = Permission.ANNOUNCE
    is_for_limited = True

    @extend_schema(request=None, responses=shapes.PostedAnnouncement)
    @refuses("announcement_withdrawn")
    def post(self, request: Request, slug: str, announcement_id: str) -> Response:
        self.read_nothing()
        target = {"course": self.course, "announcement_id": number(announcement_id), "sight": self.sight}

        def answer() -> Answer:
            done = withdraw_announcement(author=self.person, now=self.now, **target)
            return 200, posted_body(done, progress_seen([done.pk], self.sight).get(done.pk))

        return self.once(answer)


def posted_body(announcement: "Announcement", progress: MailProgress | None) -> dict[str, object]:
    names = ("id", "title", "text", "html", "audience", "people", "posted_at", "edited_at", "withdrawn_at")
    columns = {name: getattr(announcement, name) for name in names}
    group = announcement.group.name if announcement.group else None
    also = {"group": group, "by_mail": announcement.is_mailed, "mail": progress or MailProgress(), "reach": None}
    return dict(shapes.PostedAnnouncement({**columns, **also}).data)


def planned_body(body: dict[str, str], reach: Reach, html: str, *, is_mailed: bool) -> dict[str, object]:
    nothing = dict.fromkeys(("id", "posted_at", "edited_at", "withdrawn_at"))
    audience = {"group": body["group"] or None, "people": reach.people, "by_mail": is_mailed}
    planned = {**nothing, **body, **audience, "html": html, "mail": MailProgress(), "reach": reach}
    return dict(shapes.PostedAnnouncement(planned).data)
