"""Texts of the workplace's pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from course.services import text_digest
from grading.rules.risk import Signal
from people.access import workplaces_of
from people.forms import ROLE_NAMES
from people.rules.roles import by_name
from quizzes.rules.names import assessment_name
from quizzes.rules.timing import SittingClock, deadline_as_of, is_paused
from quizzes.selectors import key_in_words, likely_mistake_in

if TYPE_CHECKING:
    from portal.workplace.views.analysis import AnalyzedQuestion

register = template.Library()
register.filter("assessment_name", assessment_name)
register.filter("key_words", key_in_words)
register.filter("likely_mistake", likely_mistake_in)


class TimedSitting(Protocol):
    """A sitting with its times."""

    started_at: datetime

    @property
    def clock(self) -> SittingClock: ...


@register.filter
def words(code: str) -> str:
    """Return a code in words: "view_as_learner" is "view as learner"."""
    return code.replace("_", " ")


@register.filter
def instant(at: datetime) -> SafeString:
    """Return "25 Nov 2026, 12:04", for a column of instants whose zone the page names once."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(localtime(at), "j M Y, H:i"))


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
def is_standing(sitting: TimedSitting, now: datetime) -> bool:
    """Return whether a running exam is paused."""
    return is_paused(sitting.clock, now)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """Return this page's address with some query parameters changed; None removes one."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.filter
def percent(share: float | None) -> str:
    """Return "50.0 %" for 0.5, and a dash for None."""
    return "–" if share is None else f"{share * 100:.1f} %"


@register.filter
def figure(value: float | None) -> str:
    """Return a coefficient with two decimals and a true minus."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


@register.filter
def duration(seconds: float | None) -> str:
    """Return "45 s" or "3:05 min"."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d} min"


@register.filter
def mean_attempts(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{sum(int(number) * count for number, count in counts.items()) / total:.1f}" if total else "–"


@register.simple_tag
def bar(share: float | Fraction, is_strong: bool = True) -> SafeString:
    """Draw a share as a bar. The number is next to it, so the bar is decoration."""
    return format_html(
        '<svg class="share-bar" aria-hidden="true" height="12"><rect class="track" width="100%" height="12"/>'
        '<rect class="{}" width="{}%" height="12"/></svg>',
        "value" if is_strong else "reached",
        f"{float(share) * 100:.2f}",  # a position in a drawing, so floats are exact enough
    )


@register.simple_tag
def bar_of(count: int, whole: int, is_strong: bool = True) -> SafeString:
    return bar(count / whole if whole else 0, is_strong)


@register.simple_tag
def scatter(entries: "Sequence[AnalyzedQuestion]") -> SafeString:
    """Draw facility (x) against discrimination (y, from −1 to 1); each square names its question."""
    height = 240
    dots = format_html_join(
        "",
        '<svg x="{}%" y="{}" overflow="visible"><rect class="{}" x="-4" y="-4" width="8" height="8"><title>{}</title></rect></svg>',
        (
            (
                f"{entry.item['facility'] * 100:.2f}",
                f"{(1 - entry.item['discrimination']) / 2 * height:.1f}",
                "cell-live" if entry.item["suspicion"] else "cell-full",
                entry.question.key,
            )
            for entry in entries
        ),
    )
    grid = format_html_join(
        "",
        '<line class="{}" x1="0" x2="100%" y1="{}" y2="{}"/><text x="-8" y="{}" text-anchor="end">{}</text>',
        (
            ("pa" if value == 0 else "pg", at, at, at + 4, figure(value).replace(".00", "").replace(".50", ".5"))
            for value, at in ((tenth / 2, (1 - tenth / 2) / 2 * height) for tenth in range(-2, 3))
        ),
    )
    ticks = format_html_join(
        "",
        '<text x="{0}%" y="{1}" text-anchor="middle">{0}</text>',
        ((place, height + 20) for place in range(0, 101, 25)),
    )
    label = ngettext(
        "%(count)d question by share right and discrimination",
        "%(count)d questions by share right and discrimination",
        len(entries),
    ) % {"count": len(entries)}
    return format_html(
        '<div class="plot scatter"><svg role="img" aria-label="{}" height="{}">{}{}{}</svg></div>',
        label,
        height,
        grid,
        ticks,
        dots,
    )


@register.simple_tag
def bar_within(share: float, done: float) -> SafeString:
    """Draw a share, and within it the part that is finished."""
    return format_html(
        '<svg class="share-bar" aria-hidden="true" height="12"><rect class="track" width="100%" height="12"/>'
        '<rect class="reached" width="{}%" height="12"/><rect class="value" width="{}%" height="12"/></svg>',
        f"{share * 100:.2f}",
        f"{done * 100:.2f}",
    )


@register.simple_tag
def time_used(exam: TimedSitting, now: datetime) -> SafeString:
    """Draw how much of a running exam's time is used."""
    end = ends_at(exam, now)
    if end is None or exam.clock.is_untimed:
        return SafeString()
    whole = (end - exam.started_at).total_seconds()
    return bar(min((now - exam.started_at).total_seconds() / whole, 1))


@register.filter
def time_left(exam: TimedSitting, now: datetime) -> str:
    """Return "12:05", or words without a time limit, in a pause, and between the deadline and the settlement."""
    end = ends_at(exam, now)
    if end is None or exam.clock.is_untimed:
        return _("no time limit")
    seconds = int((end - now).total_seconds())
    if is_standing(exam, now):
        return _("paused")
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds > 0 else _("time is up")


STEPS = {
    "enrolled": gettext_lazy("Enrolled"),
    "started": gettext_lazy("Started"),
    "exam": gettext_lazy("Started the exam"),
    "passed": gettext_lazy("Passed"),
}
SIGNALS = {
    "away": gettext_lazy("Away"),
    "wrong": gettext_lazy("Often wrong"),
    "tight": gettext_lazy("Pass in doubt"),
}


@register.filter
def step_words(title: str) -> str:
    """Return the name of a step of the funnel; a module has its own title."""
    return str(STEPS.get(title, title))


@register.filter
def signal_name(signal: Signal) -> str:
    return str(SIGNALS[signal.name])


@register.filter
def signal_words(signal: Signal) -> str:
    """Return the numbers behind a signal, in words."""
    match signal.name:
        case "away":
            return _("not active for %s days") % signal.figures[0]
        case "wrong":
            return _("%(wrong)s of %(final)s final review questions are incorrect") % {
                "wrong": signal.figures[0],
                "final": signal.figures[1],
            }
        case _ if signal.figures[0]:
            return _("needs at least %s %% in the exam, even with all remaining review points") % signal.figures[0]
        case _:
            return _("can no longer pass, even with all remaining points")


@register.filter
def file_name(path: str) -> str:
    """Return the last part of a path."""
    return path.rpartition("/")[2]


@register.filter
def digest(text: str) -> str:
    """Return the digest with which a publication identifies the text that it replaces."""
    return text_digest(text)


@register.simple_tag
def courses_of(user: Any) -> list[tuple[Any, dict[str, bool]]]:
    """Return the courses in which this person may work, each with what they may do there. Runs one query."""
    return [(course, by_name(permissions)) for course, permissions in workplaces_of(user)]


@register.filter
def any_allow(courses: list[tuple[Any, dict[str, bool]]], name: str) -> bool:
    """Tell whether this person's role in one of these courses allows what the permission says."""
    return any(may[name] for _course, may in courses)


@register.filter
def role_name(role: str) -> str:
    return str(ROLE_NAMES[role])


FATE_WORDS = {
    "add": gettext_lazy("enrolled, with a new account if there is none"),
    "create": gettext_lazy("new account, enrolled"),
    "enroll": gettext_lazy("enrolled"),
    "invite": gettext_lazy("invited by email"),
    "invited": gettext_lazy("has an open invitation; not mailed again"),
    "return": gettext_lazy("back in the class"),
    "group": gettext_lazy("added to groups"),
    "unchanged": gettext_lazy("unchanged"),
    "staff": gettext_lazy("works in the course; unchanged"),
}


@register.filter
def fate_words(fate: str) -> str:
    """Return what becomes of a row of a class list, in words."""
    return str(FATE_WORDS[fate])
