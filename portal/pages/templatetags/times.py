"""Format instants in the reader's time zone, and name the zone."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.errors import spoken

register = template.Library()
register.filter("spoken", spoken)


@register.simple_tag
def zone() -> str:
    """Return the name of the zone in which this page shows times."""
    return timezone.get_current_timezone_name()


@register.filter
def moment(at: datetime) -> SafeString:
    """Return "25 November 2026, 12:04 (Europe/Berlin)"."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{} ({})</time>',
        at.isoformat(),
        date_format(local, "j F Y, H:i"),
        timezone.get_current_timezone_name(),
    )


@register.filter
def clock(at: datetime) -> SafeString:
    """Return "12:04:31", for an instant on the same day."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{timezone.localtime(at):%H:%M:%S}")


@register.filter
def clock_or_date(at: datetime, now: datetime) -> SafeString:
    """Return "12:04:31" for an instant of today, and otherwise "25 Nov, 12:04"."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now).date():
        return clock(at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(local, "j M, H:i"))


@register.filter
def day(at: datetime) -> SafeString:
    """Return "25 November 2026"."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(timezone.localtime(at), "j F Y"))


@register.filter
def minutes(length: timedelta) -> int:
    """Return the whole minutes of a time limit."""
    return int(length.total_seconds() // 60)
