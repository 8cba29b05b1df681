"""Staff pages need a second factor, used not long ago. People without one are sent to the page where they can add it."""

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.internal.httpkit import serialize_request
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from course.access import lacks_second_factor
from course.accounts import must_confirm_again, ways_to_use_factor
from portal.errors import api_problem
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
    is_missing = lacks_second_factor(request.user)
    if not is_missing and not (request.user.is_staff and must_confirm_again(request)):
        return None
    if is_of_script(request):
        return ask_script(request)
    if is_missing:
        messages.warning(request, SENTENCES["second_factor_needed"])
        return redirect("mfa_index")
    return ask_again(request)


def is_of_script(request: HttpRequest) -> bool:
    is_call = request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"
    return is_call or bool(request.htmx)


def ask_script(request: HttpRequest) -> HttpResponse:
    """Refuse a request in the background. It is not kept, so it cannot replace a form that is.

    Our scripts keep the text and send it again: to them, an answer that is not JSON means that nobody is signed in.
    """
    detail = _("Confirm your second factor first. Nothing was changed.")
    if request.path.startswith("/api/"):
        return api_problem(401, "not_authenticated", detail)
    return HttpResponse(detail, status=403, content_type="text/plain")


def ask_again(request: HttpRequest) -> HttpResponseBase:
    """Lead to the second factor, and from there back to the page. A form is kept in the session, and sent from there."""
    back, sentence = request.get_full_path(), _("You signed in a while ago. Confirm your second factor to go on.")
    if request.FILES:
        sentence = _(
            "You signed in a while ago, so your files were not read, and nothing was changed. Confirm your second factor, "
            "then choose the files and send the form again."
        )
    elif request.method == "POST":
        request.session[STATE_SESSION_KEY] = {"request": serialize_request(request)}
        back = request.path  # allauth sends a kept form only to this path. The form keeps its query
        sentence = _("You signed in a while ago. Confirm your second factor, and your form is sent.")
    messages.info(request, sentence)
    way = ways_to_use_factor(request.user)[0]["url"]
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: back})}")
