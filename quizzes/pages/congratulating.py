"""What a learner reads once after passing a course."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from grading.selectors import CertificateState
from quizzes.models import Sitting

COOKIE = f"{settings.HOST_PREFIX}passed"
MOST_CODES = 8  # certificates that a browser remembers
YEAR = 365 * 24 * 60 * 60


def congratulate(request: HttpRequest, state: CertificateState | None, at: datetime) -> None:
    """Say on the next page, and never again, that the learner passed, if what they did at this instant earned it."""
    if sentence := congratulation(request, state, at):
        messages.success(request, sentence, extra_tags="passing")


def congratulation(request: HttpRequest, state: CertificateState | None, at: datetime | None) -> str:
    """Return the sentence for a learner whose certificate was issued at this instant, and "" for everybody else."""
    if state is None or state.issued_at != at:
        return ""
    return _("You passed, %(name)s. Your certificate is ready.") % {"name": request.user.get_short_name()}


def congratulation_after_time(request: HttpRequest, state: CertificateState | None, sitting: Sitting) -> str:
    """Return the sentence for a learner who passed when time was up, whether this request or the sweeper graded the exam.

    Return "" if this browser has shown it. Who hands in reads it as a message.
    """
    if state is None or sitting.ended_by != Sitting.Ending.DEADLINE or state.certificate.code in codes_shown(request):
        return ""
    return congratulation(request, state, sitting.settled_at)


def remember_congratulation(request: HttpRequest, response: HttpResponse, state: CertificateState) -> None:
    """Let this browser remember that it has shown the sentence about a certificate. Pages that are read store nothing."""
    codes = [state.certificate.code, *codes_shown(request)][:MOST_CODES]
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, ".".join(codes), max_age=YEAR, secure=secure, httponly=True, samesite="Lax")


def codes_shown(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(COOKIE, "").split(".")[:MOST_CODES]
