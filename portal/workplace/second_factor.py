"""Staff pages need a second factor. People without one are sent to the page where they can add it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from course.access import lacks_second_factor
from portal.refusals import SENTENCES
from portal.workplace.gate import View


def ask_staff(get_response: View) -> View:
    """Middleware for everything under /admin/."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/admin/") and request.user.is_authenticated and lacks_second_factor(request.user):
            messages.warning(request, SENTENCES["second_factor_needed"])
            return redirect("mfa_index")
        return get_response(request)

    return middleware
