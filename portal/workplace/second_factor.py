"""Staff pages need a second factor, used not long ago. People without one are sent to the page where they can add it."""

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.httpkit import deserialize_request, serialize_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.adapters import must_confirm_again, ways_to_use_factor
from accounts.selectors import works_as_staff
from people.access import lacks_second_factor
from people.errors import api_problem
from people.gate import View
from portal.refusals import SENTENCES

CONFIRMED = "confirmed_form"  # in the session: the last kept form whose sender has confirmed


class AskStaff:
    """Middleware for everything under /admin/. It runs after the CSRF check, so only a form of this site is kept."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        if not request.path.startswith("/admin/"):
            return None
        asked = ask_staff(request)
        if asked is None:
            send_kept(request)
        return asked


def ask_staff(request: HttpRequest) -> HttpResponseBase | None:
    """Return the way to the second factor, or None if nothing is missing or nobody is signed in."""
    if not request.user.is_authenticated:
        return None
    is_missing = lacks_second_factor(request.user)
    if not is_missing and not (must_confirm_again(request) and works_as_staff(request.user)):
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
    """Lead to the second factor, and from there back to the page. A form is kept in the session until then.

    Only the last form is kept, and none if its page is asked for again: then its sender has gone on without it.
    """
    forget_kept(request)
    back, sentence = request.get_full_path(), _("You signed in a while ago. Confirm your second factor to go on.")
    if request.FILES:
        sentence = _(
            "You signed in a while ago, so your files were not read, and nothing was changed. Confirm your second factor, "
            "then choose the files and send the form again."
        )
    elif request.method == "POST":
        keep_form(request, {"address": back, "request": serialize_request(request)})
        sentence = _("You signed in a while ago. Confirm your second factor, and your form is sent.")
    messages.info(request, sentence)
    way = ways_to_use_factor(request.user)[0]["url"]
    return redirect(f"{way}?{urlencode({REDIRECT_FIELD_NAME: back})}")


def forget_kept(request: HttpRequest) -> None:
    """Forget the form of this address."""
    kept = request.session.get(STATE_SESSION_KEY, {}).get("state", {})
    if kept.get("address") == request.get_full_path():
        del request.session[STATE_SESSION_KEY]


def lead_to_kept(request: HttpRequest, form: dict[str, str]) -> HttpResponseBase:
    """Lead to the address of a kept form. Called by allauth when the second factor is confirmed.

    The browser sends the confirmation there, too (status 307), and the form takes its place in `send_kept`. So the page
    that answers has its own address, as if the form had just been sent.
    """
    back = get_next_redirect_url(request)
    if back != form["address"]:  # another page asked for the factor; the form still waits
        keep_form(request, form)
        return redirect(back or settings.LOGIN_REDIRECT_URL)
    request.session[CONFIRMED] = form | {"confirmation": request.POST.urlencode()}
    return redirect(back, preserve_request=True)


def keep_form(request: HttpRequest, form: dict[str, str]) -> None:
    request.session[STATE_SESSION_KEY] = {"state": form, "callback": f"{__name__}.{lead_to_kept.__name__}"}


def send_kept(request: HttpRequest) -> None:
    """Put a kept form in the place of the confirmation that led to its address, also when the page is loaded again."""
    form = request.session.get(CONFIRMED)
    if form is None:
        return
    is_sent = (request.get_full_path(), request.POST.urlencode()) == (form["address"], form["confirmation"])
    if request.method == "POST" and is_sent:
        deserialize_request(form["request"], request)
    elif not is_of_script(request):  # a next page: nobody loads the answer again
        del request.session[CONFIRMED]
