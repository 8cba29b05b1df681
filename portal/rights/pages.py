"""Settings → Your data, and the signed statement of a grade."""

import json

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.selectors import course_by_slug
from people.access import access_of, refuse_in_preview, refuse_stranger
from portal.rights.archives import archive_of
from portal.rights.selectors import export_for, pieces_of
from portal.rights.services import keep_account, make_statement, order_export, request_erasure


@require_safe
@login_required
def your_data(request: HttpRequest) -> HttpResponse:
    export = export_for(request.user.pk, request.user.pk)
    days = {"days": settings.TIME_TO_RECONSIDER.days, "kept": settings.EXPORTS_KEPT.days}
    return render(request, "portal/your_data.html", {"section": "settings", "export": export, **days})


@require_POST
@login_required
def prepare_export(request: HttpRequest) -> HttpResponse:
    order_export(user=request.user, now=request.now)
    return redirect("your_data")


@require_safe
@login_required
def own_export(request: HttpRequest) -> StreamingHttpResponse:
    """Return the archive that the person ordered."""
    return archive_of(*pieces_of(export_for(request.user.pk, request.user.pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, then note the wish. The password or passkey is asked for again first."""
    if request.method == "POST" and is_reauthentication_required(request, app="account"):
        return redirect("delete_account")  # the page asks, and shows the button again
    return confirm_deletion(request)


@reauthentication_required
def confirm_deletion(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        request_erasure(user=request.user, now=request.now)
        return redirect("your_data")
    return render(
        request, "portal/delete_account.html", {"section": "settings", "days": settings.TIME_TO_RECONSIDER.days}
    )


@require_POST
@login_required
def keep_own_account(request: HttpRequest) -> HttpResponse:
    keep_account(user=request.user, now=request.now)
    messages.success(request, _("Your account stays. Nothing was deleted."))
    return redirect("your_data")


@login_required
@require_safe
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    access = access_of(request.user, course.pk)
    refuse_stranger(access)
    refuse_in_preview(access)
    signed = make_statement(learner=request.user, course=course, site=request.build_absolute_uri("/"), now=request.now)
    answer = HttpResponse(json.dumps(signed, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="statement-{course.slug}-{request.now:%Y-%m-%d}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer
