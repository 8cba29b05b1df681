"""Instants in the reader's zone, and the zone by its name."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
def minutes(length: timedelta) -> int:
    """Whole minutes of a time limit."""
    return int(length.total_seconds() // 60)
