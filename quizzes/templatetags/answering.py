"""Template filters and tags that show questions and points."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from foundation.frame.templatetags.drawings import cells
from grading.rules.arithmetic import points_text
from quizzes.rules.disclosure import DisclosurePolicy
from quizzes.selectors import Card, is_attempt_right, shown_body

register = template.Library()
register.filter("counts", is_attempt_right)


@register.filter
def points(worth: Decimal) -> str:
    """Return points without trailing zeros: "1", "0.5"."""
    return points_text(worth)


@register.filter
def variant_words(version: Any) -> str:
    """Return what follows the number of a version: ", variant 7", or nothing without a version or variants (D43)."""
    return ", " + _("variant {number}").format(number=version.variant) if version and version.variant else ""


WHEN_SHOWN = {
    ("end", "exam"): gettext_lazy("when the exam is over"),
    ("end", "review"): gettext_lazy("once these questions have closed"),
    ("closed", "exam"): gettext_lazy("once nobody can take the exam any more"),
    ("closed", "review"): gettext_lazy("once these questions have closed for everyone"),
    ("release", "exam"): gettext_lazy("once an instructor allows it"),
    ("release", "review"): gettext_lazy("once an instructor allows it"),
}


@register.filter
def when_shown(policy: DisclosurePolicy, kind: str) -> str:
    """Return from when on learners see what an assessment of this kind holds back, "" if each question shows it at once."""
    key, explanation = (str(WHEN_SHOWN.get((at, kind), "")) for at in (policy.key, policy.explanation))
    if key == explanation:
        return key and _("You can see the correct answer and the explanation %(when)s.") % {"when": key}
    first = key and _("You can see the correct answer %(when)s.") % {"when": key}
    return f"{first} {_('You can see the explanation %(when)s.') % {'when': explanation}}".strip()


@register.filter
def when_graded(policy: DisclosurePolicy) -> str:
    """Return from when on learners see the result of an exam that is graded at its end."""
    verdict, score = (str(WHEN_SHOWN[at, "exam"]) for at in (policy.verdict, policy.score))
    if verdict == score:
        return _("You can see your points, and which responses are correct, %(when)s.") % {"when": verdict}
    first = _("You can see your points %(when)s.") % {"when": score}
    return f"{first} {_('You can see which responses are correct %(when)s.') % {'when': verdict}}"


@register.filter
def plural(text: str) -> int:
    """Return a whole number with the same plural form as these points; a fraction takes the plural of two."""
    worth = Decimal(text)
    return int(worth) if worth == worth.to_integral_value() else 2


@register.filter
def field(question_id: str) -> str:
    """Return the name of a question's form fields, unique on the page."""
    return f"q-{question_id}"


@register.simple_tag
def attempt_cells(card: Card) -> SafeString:
    """Draw one cell per attempt; a filled cell is an attempt that is left."""
    limit = card.attempts_limit
    label = ngettext("%(left)d of %(limit)d attempt left", "%(left)d of %(limit)d attempts left", limit) % {
        "left": card.attempts_left,
        "limit": limit,
    }
    return cells(["done"] * card.attempts_left + ["open"] * (limit - card.attempts_left), label)


@register.filter
def attempt_words(card: Card) -> str:
    """Return which attempt the next Check uses: "Attempt 1 of 2"."""
    limit = card.attempts_limit
    if limit == 1:
        return _("1 attempt")
    return _("Attempt %(number)d of %(limit)d") % {"number": card.next_number, "limit": limit}


@register.filter
def looks(cards: Iterable[Card]) -> tuple[Hashable, ...]:
    """Return everything that decides how these cards look, as a key for what is rendered of all of them."""
    return tuple([card.look for card in cards])


class Viewed(NamedTuple):
    """Whose pages an instructor is viewing, as a key for what is rendered then."""

    learner_id: object
    name: object


@register.filter
def viewed(viewing: Mapping[str, object] | Viewed | None) -> Viewed | None:
    """Return whose pages an instructor is viewing, or None if nobody is. A part inside of another one gets it as it is."""
    return Viewed(viewing["learner_id"], viewing["name"]) if isinstance(viewing, Mapping) else viewing


@register.filter
def standings(cards: Iterable[Card]) -> dict[str, int]:
    """Count the questions by their mark in the navigator."""
    return dict(Counter(card.standing for card in cards))


@register.filter
def first_open(cards: Iterable[Card]) -> Card | None:
    """Return the first question that still accepts a response."""
    return next((card for card in cards if card.accepts_answers), None)


@register.filter
def two_digits(number: int) -> str:
    return f"{number:02d}"


@register.filter
def countdown(seconds: int) -> str:
    """Return 59:07, or 1:05:00 from one hour on."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


@register.filter
def described(attempt: Any, card: Card) -> str:
    """Describe a checked response in words, its options in the order in which the learner saw them."""
    return card.type.describe(shown_body(attempt.version, card.order), attempt.response)


@register.filter
def is_corrected(attempt: Any) -> bool:
    """Return whether a regrade changed the outcome of the attempt."""
    return attempt.is_correct is not is_attempt_right(attempt)


PHASES = (1, 5, 10, 30)  # minutes left, each of which an exam's page shows; clock.js has the same


@register.filter
def phase(seconds: int) -> str:
    """Return the shortest time, in minutes, that the time left has fallen to, "" for more than half an hour."""
    return next((str(minutes) for minutes in PHASES if seconds <= minutes * 60), "")


@register.simple_tag
def timeline(started_at: datetime, deadline_at: datetime, now: datetime) -> SafeString:
    """Draw the time of a sitting as a bar: a tick each minute up to two hours, clock times at each third."""
    whole = (deadline_at - started_at).total_seconds()
    used = min(max((now - started_at).total_seconds() / whole, 0), 1)
    return format_html(
        '<svg class="gauge" height="24" aria-hidden="true" data-timeline><rect class="track" width="100%" y="6" height="12"/>'
        '<rect class="value" width="{used}" y="6" height="12"/>'
        '<svg x="{used}" overflow="visible"><rect class="needle" x="-1.5" y="1" width="3" height="22"/></svg></svg>'
        "{scale}",
        used=share(used),
        scale=drawn_scale(started_at, deadline_at, get_current_timezone()),
    )


@lru_cache(maxsize=1024)
def drawn_scale(started_at: datetime, deadline_at: datetime, zone: tzinfo) -> SafeString:
    """Draw the ticks below the bar, and the times of a time zone at each third."""
    whole = deadline_at - started_at
    form = third_form(whole)
    words = format_html_join(
        "",
        '<text x="{}" y="22" text-anchor="{}" data-third="{}">{}</text>',
        (
            (share(third / 3), anchor, third, localtime(started_at + whole * third / 3, zone).strftime(form))
            for third, anchor in enumerate(("start", "middle", "middle", "end"))
        ),
    )
    ticks = drawn_ticks(min(int(whole.total_seconds() // 60), 120) or 1)
    return format_html('<svg class="gauge" height="24" aria-hidden="true" data-ticks>{}{}</svg>', ticks, words)


def third_form(whole: timedelta) -> str:
    """Return how the scale writes its times: "12:04", or "Thu 12:04" for days, or "26 Nov" for a week and more."""
    if whole < timedelta(days=1):
        return "%H:%M"
    return "%a %H:%M" if whole < timedelta(days=7) else "%-d %b"


@lru_cache(maxsize=256)
def drawn_ticks(number: int) -> SafeString:
    """Draw the ticks that divide a bar into this number of equal parts."""
    line = '<line class="tick" x1="{0}" x2="{0}" y1="0" y2="4"/>'
    return format_html_join("", line, ((share(index / number),) for index in range(number + 1)))


def share(part: float) -> str:
    return f"{part * 100:.2f}%"
