"""Format instants in the reader's time zone, and name the zone."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from foundation.frame.wording import spoken
from foundation.moments import duration_text

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
def time_limit(limit: timedelta) -> dict[str, object]:
    """Return a time limit's number and unit: minutes up to three hours, and then whole hours or days where they fit."""
    minutes = limit // timedelta(minutes=1)
    if minutes > 180 and minutes % 1440 == 0:
        return {"number": minutes // 1440, "unit": ngettext("day", "days", minutes // 1440)}
    if minutes > 180 and minutes % 60 == 0:
        return {"number": minutes // 60, "unit": ngettext("hour", "hours", minutes // 60)}
    return {"number": minutes, "unit": ngettext("minute", "minutes", minutes)}


@register.filter
def time_limit_words(limit: timedelta) -> str:
    """Return "60 minutes" or "2 days"."""
    return "{number} {unit}".format(**time_limit(limit))


@register.filter
def lasting(length: timedelta | int) -> str:
    """Return a length of time, or a number of seconds, as "10 min" or "1 min 33 s"."""
    return duration_text(length if isinstance(length, int) else length // timedelta(seconds=1))
