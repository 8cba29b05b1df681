"""A refusal in the words of a page."""

from collections.abc import Mapping

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format

from foundation.refusals import SENTENCES, Refusal


def spoken(refusal: Refusal) -> str:
    """Return a refusal's message for a page, with its instants in the reader's zone instead of ISO text."""
    return SENTENCES[refusal.code].format_map(_in_zone(refusal.facts))


def _in_zone(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _time_in_words(value) if name.endswith("_at") else value for name, value in values.items()}


def _time_in_words(fact: object) -> object:
    at = parse_datetime(fact) if isinstance(fact, str) else None
    if at is None:
        return fact
    return f"{date_format(timezone.localtime(at), 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"
