"""Perform an action of a workplace page after its preview, and show refusals on the page."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.frame.wording import spoken
from foundation.refusals import Refusal

REFRESH = "2"  # seconds after which a page about something that goes on loads again
HAVE_A_PAGE = {"not_found"}
UNREADABLE = {"blank_response", "invalid_response"}  # their messages speak to a learner about attempts


def attempted[Done](form: BaseForm, act: Callable[[], Done]) -> Done | None:
    """Return what `act` returns. If it is refused, add the message to the form and return None."""
    try:
        return act()
    except Refusal as refusal:
        if refusal.code in HAVE_A_PAGE:
            raise
        form.add_error(None, sentence_of(refusal))
        return None


def sentence_of(refusal: Refusal) -> str:
    if refusal.code in UNREADABLE:
        return _("The response is missing or cannot be read. {expected}.").format_map(refusal.facts)
    return spoken(refusal)


def tell(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def clock_words(at: datetime) -> str:
    return date_format(localtime(at), "H:i")
