"""Staff pages need a second factor, used not long ago. People without one are sent to the page where they can add it."""

from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from course.access import lacks_second_factor
from course.accounts import must_confirm_again, ways_to_use_factor
from portal.refusals import SENTENCES
from portal.workplace.gate import View


class AskStaff:
    """Middleware for everything under /admin/. It runs after the CSRF check, so only a form of this site is kept."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        return ask_staff(request) if request.path.startswith("/admin/") else None


def ask_staff(request: HttpRequest) -> HttpResponseBase | None:
    """Return the way to the second factor, or None if nothing is missing or nobody is signed in."""
    if not request.user.is_authenticated:
        return None
    if lacks_second_factor(request.user):
        messages.warning(request, SENTENCES["second_factor_needed"])
        return redirect("mfa_index")
    if request.user.is_staff and must_confirm_again(request):
        return ask_again(request)
    return None


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """Lead to the second factor, and from there back to the page. A form is kept in the session, and sent from there."""
    messages.info(request, _("You signed in a while ago. Confirm your second factor to go on. Nothing is lost."))
    return suspend_request(request, ways_to_use_factor(request.user)[0]["url"])
