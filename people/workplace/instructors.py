"""Who has which role in the course. Those who may give roles change it; administrators also undo changes."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.frame.forms import NoFields
from foundation.frame.outcomes import attempted, tell
from foundation.numbers import number_in
from people.forms import AccountForm, StaffInviteeForm
from people.gate import needs, workplace_page
from people.rules.roles import Permission, groups_after, groups_before
from people.selectors import group_names, learners_named, limits_in, role_changes, staff_of
from people.services import appoint_staff, dismiss_staff, invite_staff, undo_role_change

if TYPE_CHECKING:
    from django import forms

    from course.models import Course
    from people.models import Enrollment
    from records.models import AuditEntry

SHOWN = 20  # changes of roles, the newest ones; the audit has all


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.SEE_STAFF, to_change=Permission.GIVE_ROLES, asks={"username"}, in_archive=True)
def instructors(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the list, with the form filled in for a `username`. A POST appoints or, by `do`, dismisses, invites by email, or
    undoes a change.
    """
    action = request.POST.get("do", "")
    rows, groups = staff_with_limits(course.pk), group_names(course)
    options = {"known_groups": groups, "has_limits": any(row.limited_to is not None for row in rows)}
    initial = role_of(rows, request.GET.get("username", ""))
    sent = form_sent(request, action, options, initial)
    if sent.is_bound and sent.is_valid():
        message = perform(request, course, action, sent)
        if not sent.errors:
            tell(request, message)
            return redirect("instructors", course.slug)
    return workplace_page(
        request,
        course,
        "people/workplace/instructors.html",
        section="settings",
        title=_("Roles"),
        status=400 if sent.is_bound else 200,
        rows=rows,
        form=sent if isinstance(sent, AccountForm) else AccountForm(**options),
        invitee_form=sent if isinstance(sent, StaffInviteeForm) else invitee_form(options),
        undo_form=sent if isinstance(sent, NoFields) else NoFields(),
        changes=changes_shown(course.pk, list(role_changes(course.pk)[:SHOWN]), is_undoable=request.user.is_superuser),
    )


def staff_with_limits(course_id: int) -> "list[Enrollment]":
    """Return those who have a role. `limited_to` are the names of the groups to which it is limited, None for no limit."""
    rows, limits = staff_of(course_id), limits_in(course_id)
    for row in rows:
        row.limited_to = limits.get(row.pk)
    return rows


def role_of(rows: "list[Enrollment]", username: str) -> dict[str, object]:
    """Return what the form begins with: a username and, if the account has a role, this role and its groups."""
    for row in rows:
        if row.user.username == username:
            return {"username": username, "role": row.role, "groups": row.limited_to or []}
    return {"username": username}


def form_sent(request: HttpRequest, action: str, options: dict[str, Any], initial: dict[str, object]) -> "forms.Form":
    """Return the form that was sent, and for a GET the one that begins with `initial`."""
    if action == "invite":
        return invitee_form(options, request.POST)
    if action == "undo":
        return NoFields(request.POST)
    return AccountForm(request.POST or None, initial=initial, **options)


def invitee_form(options: dict[str, Any], sent: Any = None) -> StaffInviteeForm:
    # The page has another form with a role and a reason.
    return StaffInviteeForm(sent, auto_id="invitee_%s", **options)


def perform(request: HttpRequest, course: "Course", action: str, form: "forms.Form") -> str:
    """Do what the POST says, and return the message about it. The form has the mistakes, if there are any."""
    arguments: dict[str, Any] = {"course": course, "author": request.user, "now": request.now, **form.cleaned_data}
    match action:
        case "undo":
            attempted(form, lambda: undo_role_change(entry_id=number_in(request.POST, "entry"), **arguments))
            return _("Undone. The role is as it was before.")
        case "invite":
            attempted(form, lambda: invite_staff(**arguments))
            return _("The invitation is on its way.")
        case "dismiss":
            del arguments["role"], arguments["groups"], arguments["whole_class"]
            attempted(form, lambda: dismiss_staff(**arguments))
        case _:
            attempted(form, lambda: appoint_staff(**arguments))
    return _("Saved with your reason.")


def changes_shown(course_id: int, entries: "list[AuditEntry]", *, is_undoable: bool) -> list[dict[str, object]]:
    """Return the changes with what the page says of each. Only the newest of a person can be undone."""
    accounts = {entry.target: int(entry.target.removeprefix("user:")) for entry in entries}
    names = learners_named(course_id, set(accounts.values())) if entries else {}
    newest = {entry.target: entry for entry in reversed(entries)}
    return [
        {
            "entry": entry,
            "name": names.get(accounts[entry.target], entry.details.get("username", "–")),
            "role": entry.action.partition("_")[2],
            "groups": groups_after(entry.details),
            "groups_before": groups_before(entry.details),
            "is_end": entry.action.startswith("dismiss_"),
            "can_undo": is_undoable and newest[entry.target] is entry,
        }
        for entry in entries
    ]
