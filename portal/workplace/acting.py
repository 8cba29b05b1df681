"""How a page of the workplace acts: show what it would do, then do it; a refusal is said on the page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from course.rules.refusals import Refusal
from portal.templatetags.times import spoken

NOT_SAID_HERE = {"not_found"}


def attempted(form: Any, act: Callable[[], Any]) -> Any:
    """What `act` returns; None where it is refused, which is then said in the form."""
    try:
        return act()
    except Refusal as refusal:
        if refusal.code in NOT_SAID_HERE:
            raise
        form.add_error(None, spoken(refusal))
        return None


def tell(request: HttpRequest, sentence: str) -> None:
    messages.success(request, sentence)


def clock_words(at: Any) -> str:
    return date_format(localtime(at), "H:i")
