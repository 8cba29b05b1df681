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


def ask_staff(get_response: View) -> View:
    """Middleware for everything under /admin/."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/admin/") or not request.user.is_authenticated:
            return get_response(request)
        if lacks_second_factor(request.user):
            messages.warning(request, SENTENCES["second_factor_needed"])
            return redirect("mfa_index")
        if request.user.is_staff and must_confirm_again(request):
            return ask_again(request)
        return get_response(request)

    return middleware


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """Lead to the second factor, and from there back to the page. A form is kept in the session, and sent from there."""
    messages.info(request, _("You signed in a while ago. Confirm your second factor to go on. Nothing is lost."))
    return suspend_request(request, ways_to_use_factor(request.user)[0]["url"])
