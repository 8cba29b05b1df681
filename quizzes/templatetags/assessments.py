"""Texts and figures about assessments and their questions on the workplace's pages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.templatetags.workplace import figure
from quizzes.forms import KIND_LABELS
from quizzes.rules.names import assessment_name
from quizzes.selectors import key_in_words, likely_mistake_in

if TYPE_CHECKING:
    from quizzes.selectors import QuestionEvidence
    from quizzes.workplace.analysis import AnalyzedQuestion

register = template.Library()
register.filter("assessment_name", assessment_name)
register.filter("key_words", key_in_words)
register.filter("likely_mistake", likely_mistake_in)


STEPS = {
    "enrolled": _("Enrolled"),
    "started": _("Started"),
    "exam": _("Started the exam"),
    "passed": _("Passed"),
}


@register.filter
def step_words(title: str) -> str:
    """Return the name of a step of the funnel; a module has its own title."""
    return str(STEPS.get(title, title))


SHOWN_WORDS: dict[str, str | Promise] = {
    "attempt": _("after each Check"),
    "final": _("when no attempt is left"),
    "end": _("when the learner’s exam is over"),
    "closed": _("when it has closed for everyone"),
    "release": _("when released"),
}


@register.filter
def shown_words(at: str, kind: str) -> str | Promise:
    """Return from when on something is shown, in words."""
    if at == "end" and kind == "review":
        return str(_("when it has closed for the learner"))
    return SHOWN_WORDS[at]


@register.filter
def kind_words(kind: str) -> str | Promise:
    return KIND_LABELS.get(kind, kind)


@register.filter
def has_right(asked: "QuestionEvidence") -> bool:
    return any(attempt.counts for attempt in asked.attempts)


@register.filter
def mean_attempts(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{sum(int(number) * count for number, count in counts.items()) / total:.1f}" if total else "–"


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
        ((percent, height + 20) for percent in range(0, 101, 25)),
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
