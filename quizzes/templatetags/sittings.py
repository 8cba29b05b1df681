"""The times of a sitting on the workplace's pages."""

from datetime import datetime
from typing import Any, Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.moments import duration_text
from people.templatetags.workplace import bar, instant
from quizzes.rules.timing import SittingClock, deadline_as_of, is_paused

register = template.Library()


class TimedSitting(Protocol):
    """A sitting with its times."""

    @property
    def clock(self) -> SittingClock: ...


@register.filter
def ends_at(sitting: TimedSitting, now: datetime) -> datetime | None:
    """Return the deadline that counts now, None if only handing in ends the exam. In a pause, it moves on with the time."""
    return deadline_as_of(sitting.clock, now)


@register.filter
def end_words(sitting: TimedSitting, now: datetime) -> str:
    """Return the time of the end, with its day if that is not today. An exam without a time limit may have none."""
    end = ends_at(sitting, now)
    if end is None:
        return _("when handed in")
    if sitting.clock.is_untimed or localtime(end).date() != localtime(now).date():
        return instant(end)
    return format_html('<time datetime="{}">{}</time>', end.isoformat(), f"{localtime(end):%H:%M:%S}")


@register.filter
def paused_now(sitting: TimedSitting, now: datetime) -> bool:
    """Return whether a running exam is paused."""
    return is_paused(sitting.clock, now)


@register.simple_tag
def time_used(exam: TimedSitting, now: datetime) -> SafeString:
    """Draw how much of a running exam's time is used."""
    end = ends_at(exam, now)
    if end is None or exam.clock.is_untimed:
        return SafeString()
    whole = (end - exam.clock.started_at).total_seconds()
    return bar(min((now - exam.clock.started_at).total_seconds() / whole, 1))


@register.filter
def time_left(exam: TimedSitting, now: datetime) -> str:
    """Return "12:05", or words without a time limit, in a pause, and between the deadline and the settlement."""
    end = ends_at(exam, now)
    if end is None or exam.clock.is_untimed:
        return _("no time limit")
    seconds = int((end - now).total_seconds())
    if paused_now(exam, now):
        return _("paused")
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds > 0 else _("time is up")


@register.filter
def seconds_left(sitting: TimedSitting, now: datetime) -> int | None:
    """Return the seconds left, None without a time limit."""
    end = ends_at(sitting, now)
    return None if end is None or sitting.clock.is_untimed else max(int((end - now).total_seconds()), 0)


@register.filter
def added(sitting: Any) -> str:
    """Return the time that was added to a sitting; its extensions are prefetched."""
    seconds = sum(extension.seconds for extension in sitting.extensions.all())
    return f"+{duration_text(seconds)}" if seconds else "–"
