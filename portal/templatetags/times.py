"""Instants in the reader's zone, and the zone by its name."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from course.rules.refusals import SENTENCES, Refusal

register = template.Library()


@register.simple_tag
def zone() -> str:
    """The name of the zone in which this page shows its times."""
    return timezone.get_current_timezone_name()


@register.filter
def moment(at: datetime) -> SafeString:
    """25 November 2026, 12:04 (Europe/Berlin)."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{} ({})</time>',
        at.isoformat(),
        date_format(local, "j F Y, H:i"),
        timezone.get_current_timezone_name(),
    )


@register.filter
def clock(at: datetime) -> SafeString:
    """12:04:31, for what is the same day."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(timezone.localtime(at), "H:i:s"))


@register.filter
def day(at: datetime) -> SafeString:
    """25 November 2026."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(timezone.localtime(at), "j F Y"))


@register.filter
def spoken(refusal: Refusal) -> str:
    """A refusal's sentence for a page: its instants in the reader's zone, where the wire has ISO text."""
    return SENTENCES[refusal.code].format_map(_in_zone(refusal.facts))


def _in_zone(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: _words(fact) if name.endswith("_at") else fact for name, fact in facts.items()}


def _words(fact: object) -> object:
    at = parse_datetime(fact) if isinstance(fact, str) else None
    if at is None:
        return fact
    return f"{date_format(timezone.localtime(at), 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"


@register.filter
def minutes(length: timedelta) -> int:
    """Whole minutes of a time limit."""
    return int(length.total_seconds() // 60)
