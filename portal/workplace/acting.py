"""How a page of the workplace acts: show what it would do, then do it; a refusal is said on the page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from course.rules.refusals import Refusal
from portal.templatetags.times import spoken

NOT_SAID_HERE = {"not_found"}
UNREADABLE = {"blank_response", "invalid_response"}  # their sentences speak to a learner, of attempts


def attempted(form: Any, act: Callable[[], Any]) -> Any:
    """What `act` returns; None where it is refused, which is then said in the form."""
    try:
        return act()
    except Refusal as refusal:
        if refusal.code in NOT_SAID_HERE:
            raise
        form.add_error(None, sentence_of(refusal))
        return None


def sentence_of(refusal: Refusal) -> str:
    if refusal.code in UNREADABLE:
        return _("The response is missing or cannot be read: {expected}.").format_map(refusal.facts)
    return spoken(refusal)


def tell(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def clock_words(at: Any) -> str:
    return date_format(localtime(at), "H:i")
