"""Staff pages take a second factor: whoever has none is led to where one is added."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from course.rules.refusals import SENTENCES
from course.selectors import lacks_second_factor

type Handler = Callable[[HttpRequest], HttpResponse]


def ask_staff(get_response: Handler) -> Handler:
    """Middleware for everything under /admin/."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/") and request.user.is_authenticated and lacks_second_factor(request.user):
            messages.warning(request, SENTENCES["second_factor_needed"])
            return redirect("mfa_index")
        return get_response(request)

    return middleware
