"""Words of the workplace's pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from course.selectors import courses_taught
from course.services import text_digest
from quizzes.selectors import key_in_words

register = template.Library()


@register.filter
def words(code: str) -> str:
    """A code as one says it: "view_as_learner" is "view as learner"."""
    return code.replace("_", " ")


@register.filter
def pairs(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{words(name)}: {_('none') if fact is None else fact}" for name, fact in facts.items())


@register.filter
def instant(at: datetime) -> SafeString:
    """25 Nov 2026, 12:04: for a column of instants, whose zone the page names once."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(localtime(at), "j M Y, H:i"))


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: object) -> str:
    """This page's address with some of what it asks for changed; None takes it away."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.filter
def percent(share: float | None) -> str:
    """0.5 is "50.0 %"; nothing is a dash."""
    return "–" if share is None else f"{share * 100:.1f} %"


@register.filter
def figure(value: float | None) -> str:
    """A coefficient with two decimals and a true minus."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


@register.filter
def duration(seconds: float | None) -> str:
    """ "45 s", "3:05 min"."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60}:{whole % 60:02d} min"


@register.filter
def mean_attempts(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{sum(int(number) * count for number, count in counts.items()) / total:.1f}" if total else "–"


@register.filter
def key_words(question: Any) -> str:
    """The newest version's key in words, as its corrections have it."""
    return key_in_words(question)


@register.simple_tag
def bar(share: float | Fraction, is_strong: bool = True) -> SafeString:
    """A share as a bar; the number stands beside it, so it is decoration."""
    return format_html(
        '<svg class="hb" aria-hidden="true" height="12"><rect class="tr" width="100%" height="12"/>'
        '<rect class="{}" width="{}%" height="12"/></svg>',
        "v" if is_strong else "w",
        f"{float(share) * 100:.2f}",  # a place on a drawing, not points
    )


@register.simple_tag
def bar_of(count: int, whole: int, is_strong: bool = True) -> SafeString:
    return bar(count / whole if whole else 0, is_strong)


@register.simple_tag
def scatter(entries: Sequence[Any]) -> SafeString:
    """Facility across, discrimination up, from −1 to 1; each square names its question."""
    height = 240
    dots = format_html_join(
        "",
        '<svg x="{}%" y="{}" overflow="visible"><rect class="{}" x="-4" y="-4" width="8" height="8"><title>{}</title></rect></svg>',
        (
            (
                f"{entry.item['facility'] * 100:.2f}",
                f"{(1 - entry.item['discrimination']) / 2 * height:.1f}",
                "c2" if entry.item["suspicion"] else "c1",
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
        '<div class="plot sc"><svg role="img" aria-label="{}" height="{}">{}{}{}</svg></div>',
        label,
        height,
        grid,
        ticks,
        dots,
    )


@register.simple_tag
def bar_within(share: float, done: float) -> SafeString:
    """A share, and within it the part that is finished."""
    return format_html(
        '<svg class="hb" aria-hidden="true" height="12"><rect class="tr" width="100%" height="12"/>'
        '<rect class="w" width="{}%" height="12"/><rect class="v" width="{}%" height="12"/></svg>',
        f"{share * 100:.2f}",
        f"{done * 100:.2f}",
    )


@register.simple_tag
def bar_percent(percent: str) -> SafeString:
    """A percent as shown, "76.0", as a bar."""
    return bar(Fraction(percent) / 100)


@register.simple_tag
def time_used(exam: Any, now: datetime) -> SafeString:
    """How much of a running exam's time is gone."""
    whole = (exam.deadline_at - exam.started_at).total_seconds()
    return bar(min((now - exam.started_at).total_seconds() / whole, 1))


@register.filter
def time_left(exam: Any, now: datetime) -> str:
    """ "12:05", or words between the deadline and the settlement."""
    seconds = int((exam.deadline_at - now).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds > 0 else _("time is up")


STEPS = {
    "enrolled": gettext_lazy("Enrolled"),
    "started": gettext_lazy("Started"),
    "exam": gettext_lazy("Began the exam"),
    "passed": gettext_lazy("Passed"),
}
SIGNALS = {
    "away": gettext_lazy("Away"),
    "wrong": gettext_lazy("Often wrong"),
    "tight": gettext_lazy("Tight"),
}


@register.filter
def step_words(title: str) -> str:
    """A step of the funnel; a module has its own title."""
    return str(STEPS.get(title, title))


@register.filter
def signal_name(signal: Any) -> str:
    return str(SIGNALS[signal.name])


@register.filter
def signal_words(signal: Any) -> str:
    """What a signal was seen by."""
    match signal.name:
        case "away":
            return _("nothing done for %s days") % signal.figures[0]
        case "wrong":
            return _("%(wrong)s of %(final)s final review questions ended wrong") % {
                "wrong": signal.figures[0],
                "final": signal.figures[1],
            }
        case _ if signal.figures[0]:
            return _("needs at least %s %% on the exam, with all review points that are left") % signal.figures[0]
        case _:
            return _("cannot pass any more, even with all points that are left")


@register.filter
def digest(text: str) -> str:
    """By which a publication knows the text that it replaces."""
    return text_digest(text)


@register.simple_tag
def courses_of(user: Any) -> list[Any]:
    """Where this person may work: one statement."""
    return list(courses_taught(user)) if user.is_authenticated else []


@register.filter
def assessment_name(assessment: Any) -> str:
    """Reviews share their title, so their module stands before it."""
    is_review = assessment.kind == "review"
    return f"{assessment.module.title}: {assessment.title}" if is_review else assessment.title
