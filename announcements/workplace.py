"""Announce something to the class: the earlier announcements with their reach, and a form with a preview."""

from collections.abc import Iterable
from secrets import token_hex
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from announcements.forms import AnnouncementForm, AnnouncementTextForm
from announcements.selectors import announcement_by_id, announcements_in, progress_seen
from announcements.services import (
    correct_announcement,
    plan_announcement,
    post_announcement,
    withdraw_announcement,
)
from foundation.frame.outcomes import attempted, tell
from foundation.mailers import sends_mail
from mail.selectors import MailProgress
from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from people.rules.sight import LearnerSight
from people.selectors import group_names

if TYPE_CHECKING:
    from announcements.models import Announcement
    from course.models import Course

ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ANNOUNCE, asks={"page"}, for_limited=True)
def announcing(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the announcements. A POST previews the form's announcement and its reach; with `confirmed`, it posts."""
    groups = group_names(course)
    options = {"groups": groups, "is_limited": request.sight.is_limited, "initial": {"key": token_hex(8)}}
    form = AnnouncementForm(request.POST or None, **options)
    plan = None
    if form.is_bound and form.is_valid():
        order = {"course": course, "now": request.now, "sight": request.sight, "group": "", **form.cleaned_data}
        if "confirmed" in request.POST:
            if attempted(form, lambda: post_announcement(author=request.user, **order)) is not None:
                tell(request, _("Posted. This page shows how far the email is."))
                return redirect("announcing", course.slug)
        elif "edit" not in request.POST:
            content = {name: order[name] for name in ("course", "text", "audience", "group", "now", "sight")}
            plan = attempted(form, lambda: plan_announcement(**content))
    rows = page_of_rows(request, announcements_in(course.pk, request.sight), ROWS)
    return workplace_page(
        request,
        course,
        "announcements/announcing.html",
        section="announcements",
        title=_("Announcements"),
        status=400 if form.errors else 200,
        form=form,
        plan=plan,
        rows=rows,
        announcements=with_progress(rows, request.sight),
        groups=groups,
        sends_mail=sends_mail(),
    )


def with_progress(rows: "Iterable[Announcement]", sight: LearnerSight) -> "list[tuple[Announcement, MailProgress]]":
    announcements = list(rows)
    progress = progress_seen([announcement.pk for announcement in announcements], sight)
    return [(announcement, progress.get(announcement.pk, MailProgress())) for announcement in announcements]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.ANNOUNCE, for_limited=True)
def announcement_page(request: HttpRequest, course: "Course", announcement_id: int) -> HttpResponse:
    """Show one announcement and how far its mail is. `do` corrects it or withdraws it."""
    announcement = announcement_by_id(course.pk, announcement_id, request.sight)
    form = AnnouncementTextForm(initial={"title": announcement.title, "text": announcement.text})
    target = {"course": course, "announcement_id": announcement.pk, "author": request.user, "now": request.now}
    target |= {"sight": request.sight}
    match request.POST.get("do") if request.method == "POST" else None:
        case "correct":
            form = AnnouncementTextForm(request.POST)
            done = form.is_valid() and attempted(form, lambda: correct_announcement(**target, **form.cleaned_data))
            sentence = _("Saved. Email that was sent already stays as it was.")
        case "withdraw":
            form = AnnouncementTextForm({"title": announcement.title, "text": announcement.text})
            done = attempted(form, lambda: withdraw_announcement(**target))
            sentence = _("Withdrawn. Learners no longer see it, and email that still waited is not sent.")
        case _:
            done, sentence = None, ""
    if done:
        tell(request, sentence)
        return redirect("announcement_page", course.slug, announcement.pk)
    return workplace_page(
        request,
        course,
        "announcements/announcement.html",
        section="announcements",
        title=announcement.title,
        status=400 if form.errors else 200,
        announcement=announcement,
        progress=progress_seen([announcement.pk], request.sight).get(announcement.pk, MailProgress()),
        form=form,
    )
