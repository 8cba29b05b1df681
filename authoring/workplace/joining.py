"""Who may join the course: the rule, the code and the invitation links."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.access import InvitationForm, JoiningForm
from authoring.workplace.exposed_keys import exposed_exams
from course.rules.joining import InvitationState, state_of_invitation
from foundation.frame.outcomes import attempted, tell
from foundation.numbers import number_in
from people.gate import needs, page_of_rows, workplace_page
from people.rules.roles import Permission
from people.selectors import invitations_of
from people.services import create_invitation, renew_join_code, revoke_invitation, set_joining

if TYPE_CHECKING:
    from course.models import Course

ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS, asks={"page"})
def joining(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the page. A POST says in `do` what to change."""
    rule, link = JoiningForm(course, initial={"way": course.joining_here}), InvitationForm()
    arguments = {"course": course, "author": request.user, "now": request.now}
    match request.POST.get("do") if request.method == "POST" else None:
        case None:
            return joining_page(request, course, rule, link)
        case "set":
            rule = JoiningForm(course, request.POST)
            if rule.is_valid():
                set_joining(way=rule.cleaned_data["way"], **arguments)
                return saved(request, course, _("Saved. This applies to everyone who enrolls from now on."))
        case "code":
            renew_join_code(**arguments)
            return saved(request, course, _("The code is new. The old one no longer works."))
        case "invite":
            link = InvitationForm(request.POST)
            if link.is_valid():
                days = link.cleaned_data["days"]
                expires_at = request.now + timedelta(days=days) if days else None
                limits = {"note": link.cleaned_data["note"], "most_uses": link.cleaned_data["most_uses"]}
                attempted(link, lambda: create_invitation(expires_at=expires_at, **limits, **arguments))
                if not link.errors:
                    return saved(request, course, _("The link is ready. Copy it from the list and send it."))
        case "revoke":
            revoke_invitation(invitation_id=number_in(request.POST, "invitation"), **arguments)
            return saved(request, course, _("The link no longer works. Everyone who joined by it stays enrolled."))
        case _:
            return redirect("joining", course.slug)
    return joining_page(request, course, rule, link, status=400)


def saved(request: HttpRequest, course: "Course", sentence: str) -> HttpResponse:
    tell(request, sentence)
    return redirect("joining", course.slug)


def joining_page(
    request: HttpRequest, course: "Course", rule: JoiningForm, link: InvitationForm, *, status: int = 200
) -> HttpResponse:
    rows = page_of_rows(request, invitations_of(course.pk), ROWS)
    return workplace_page(
        request,
        course,
        "authoring/joining.html",
        section="class",
        title=_("Who may join"),
        status=status,
        rule=rule,
        exposed=exposed_exams(request, course),
        link=link,
        rows=rows,
        code_address=request.build_absolute_uri(reverse("join", args=[course.join_code or "-"])),
        invitations=[
            {
                "row": row,
                "state": (state := state_of_invitation(row, request.now)).value,
                "is_valid": state is InvitationState.VALID,
                "address": request.build_absolute_uri(reverse("join", args=[row.token])),
            }
            for row in rows
        ],
    )
