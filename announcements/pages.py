"""What was announced in a course, and which mail a person wants."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from announcements.selectors import announcements_for, announcements_previewed
from announcements.services import note_announcements_read
from course.selectors import course_by_slug
from mail.rules.delivery import KINDS
from mail.services import end_subscription, set_mail_wanted, subscription_of
from people.access import learner_or_preview

MOST_SHOWN = 100


@login_required
@require_safe
def announcements(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what was announced to this learner, newest first. From now on, nothing of it is new to them."""
    course = course_by_slug(slug)
    is_learner = learner_or_preview(request.user, course.pk) is not None
    rows = announcements_for(request.user, [course.pk]) if is_learner else announcements_previewed(course.pk)
    shown = list(rows[:MOST_SHOWN])
    if is_learner and request.method == "GET" and course.archived_at is None:
        note_announcements_read(user=request.user, course=course, now=request.now)
    context = {"section": "course", "course": course, "announcements": shown}
    return render(request, "announcements/announcements.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mail without signing in: of one kind, or of one course to the address on its class list.

    Opening the page changes nothing, because mail scanners open links.

    A mail program posts here at once (RFC 8058), so there is no CSRF token: the address contains what nobody can guess.
    """
    subscription = subscription_of(token)
    if request.method == "POST":
        end_subscription(subscription=subscription, now=request.now)
    context = {"kind": subscription.kind, "listing": subscription.listing, "is_done": request.method == "POST"}
    return render(request, "portal/unsubscribe.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Store which kinds of mail the person wants. A GET comes from a bookmark, or from signing in to send the form."""
    if request.method == "POST":
        set_mail_wanted(user=request.user, wanted={kind: kind in request.POST for kind in KINDS})
        messages.success(request, _("Saved."))
    return redirect("settings")
