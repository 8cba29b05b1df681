"""Invitations of one person by email: a form for one, and the list with what became of each."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import HAVE_A_PAGE, tell
from foundation.frame.wording import spoken
from foundation.numbers import number_in
from people.forms import InviteeForm
from people.gate import needs, page_of_rows, workplace_page
from people.refusals import Refusal
from people.rules.inviting import ENDED, PersonalState, state_of_personal
from people.rules.roles import Permission
from people.rules.roster import RosterRow, alike_groups, mistake_in
from people.rules.student_numbers import plain_number
from people.selectors import group_names, personal_invitations_of
from people.services import apply_roster, plan_roster, resend_invitation, withdraw_invitation

if TYPE_CHECKING:
    from course.models import Course

ROWS = 50
ON_ONE = ("resend", "withdraw")  # what is done to an invitation of the list
MESSAGES = {
    "invite": gettext_lazy("The invitation is on its way."),
    "invited": gettext_lazy(
        "This person has an open invitation, so no other was mailed. New groups and the student number were added to it."
    ),
    "return": gettext_lazy("This person was in the class before, and is in it again."),
    "group": gettext_lazy("This person is in the class already, and was added to the groups."),
    "number": gettext_lazy("This person is in the class already, and got the student number."),
    "unchanged": gettext_lazy("This person is in the class already. Nothing was changed."),
    "staff": gettext_lazy("This person has a role in the course already. Nothing was changed."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.MANAGE_CLASS, asks={"page"})
def inviting(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the page. A POST says in `do` whether to invite a person, or to mail or withdraw an invitation."""
    form = InviteeForm(None if request.POST.get("do") in ON_ONE else request.POST or None)
    if request.method != "POST":
        return inviting_page(request, course, form)
    try:
        message = perform_action(request, course, form)
    except Refusal as refusal:
        if refusal.code in HAVE_A_PAGE:
            raise
        return inviting_page(request, course, form, status=refusal.status, refusal=spoken(refusal))
    if form.errors:
        return inviting_page(request, course, form, status=400)
    tell(request, message)
    return redirect("inviting", course.slug)


def perform_action(request: HttpRequest, course: "Course", form: InviteeForm) -> str:
    """Do what the POST says, and return the message about it. The form has the mistakes, if there are any."""
    arguments = {"course": course, "author": request.user, "now": request.now}
    one = {"invitation_id": number_in(request.POST, "invitation"), **arguments}
    match request.POST.get("do"):
        case "resend":
            return _("The invitation to %s is on its way again.") % resend_invitation(**one).email
        case "withdraw":
            return _("The invitation to %s no longer works.") % withdraw_invitation(**one).email
    if not form.is_valid():
        return ""
    given = form.cleaned_data
    groups, student_number = tuple(given["groups"]), plain_number(given["student_number"])
    row = RosterRow(1, given["email"], given["name"], "", groups, student_number)
    plan = plan_roster(course=course, rows=[row], inviting_at=request.now, now=request.now)
    if sentence := mistake_in(row) or next((mistake.sentence for mistake in plan.mistakes), ""):
        form.add_error(None, sentence)
        return ""
    apply_roster(rows=[row], expected=plan.digest, invites=True, **arguments)
    for sentence in alike_groups(row.groups, group_names(course)):
        messages.warning(request, sentence)
    return str(MESSAGES[plan.fates[0].kind])


def inviting_page(
    request: HttpRequest, course: "Course", form: InviteeForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    rows = page_of_rows(request, personal_invitations_of(course.pk), ROWS)
    states = [(row, state_of_personal(row, mailed=row.mailed, now=request.now)) for row in rows]
    return workplace_page(
        request,
        course,
        "people/workplace/inviting.html",
        section="class",
        title=_("Invitations by email"),
        status=status,
        form=form,
        refusal=refusal,
        rows=rows,
        known=group_names(course),
        invitations=[
            {"row": row, "state": state.value, "is_open": state not in ENDED, "may_resend": may_resend(state)}
            for row, state in states
        ],
    )


def may_resend(state: PersonalState) -> bool:
    """Return whether a button makes sense. An expired invitation can be sent again; then it works again."""
    return state in (PersonalState.SENT, PersonalState.FAILED, PersonalState.EXPIRED)
