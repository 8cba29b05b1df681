"""Texts and parts of the workplace's pages."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors import may_create_courses
from people.access import workplaces_of
from people.forms import ROLE_NAMES
from people.rules.roles import by_name

register = template.Library()
register.filter(may_create_courses)


@register.filter
def words(code: str) -> str:
    """Return a code in words: "view_as_learner" is "view as learner"."""
    return code.replace("_", " ")


@register.filter
def instant(at: datetime) -> SafeString:
    """Return "25 Nov 2026, 12:04", for a column of instants whose zone the page names once."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), date_format(localtime(at), "j M Y, H:i"))


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """Return this page's address with some query parameters changed; None removes one."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value is not None:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: Context, sort: str, label: str, css: str = "") -> SafeString:
    """Return a column header that sorts by the column: first ascending, then descending."""
    search = context["search"]
    is_sorted = search.sort == sort
    asked = context["request"].GET.copy()
    for name in ("page", "down", "sort"):
        asked.pop(name, None)
    asked["sort"] = sort
    if is_sorted and not search.is_descending:
        asked["down"] = "1"
    direction = ("descending" if search.is_descending else "ascending") if is_sorted else "none"
    arrow = ("↓" if search.is_descending else "↑") if is_sorted else ""
    return format_html(
        '<th scope="col" class="{}" data-column="{}" aria-sort="{}"><a href="?{}">{}<span aria-hidden="true">{}</span></a></th>',
        css,
        sort,
        direction,
        asked.urlencode(),
        label,
        arrow,
    )


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
def bar_within(share: float, done: float) -> SafeString:
    """Draw a share, and within it the part that is finished."""
    return format_html(
        '<svg class="share-bar" aria-hidden="true" height="12"><rect class="track" width="100%" height="12"/>'
        '<rect class="reached" width="{}%" height="12"/><rect class="value" width="{}%" height="12"/></svg>',
        f"{share * 100:.2f}",
        f"{done * 100:.2f}",
    )


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
    """Return the name of a role on pages, also that of a learner, which forms of staff do not offer."""
    return str(ROLE_NAMES.get(role) or gettext_lazy("Learner"))


@register.simple_tag
def limited_role(role: str, groups: Sequence[str] | None) -> str:
    """Return a role in words with the groups to which it is limited, such as "Assistant for the Monday group".

    None means that it is not limited.
    """
    words = role_name(role)
    if groups is None:
        return words
    if not groups:
        return _("%(role)s for no group") % {"role": words}
    if len(groups) == 1:
        return _("%(role)s for the %(group)s group") % {"role": words, "group": groups[0]}
    named = _("%(groups)s and %(last)s") % {"groups": ", ".join(groups[:-1]), "last": groups[-1]}
    return _("%(role)s for the %(groups)s groups") % {"role": words, "groups": named}


FATE_WORDS = {
    "add": gettext_lazy("enrolled, with a new account if there is none"),
    "create": gettext_lazy("new account, enrolled"),
    "enroll": gettext_lazy("enrolled"),
    "invite": gettext_lazy("invited by email"),
    "invited": gettext_lazy("has an open invitation; not mailed again"),
    "return": gettext_lazy("back in the class"),
    "group": gettext_lazy("added to groups"),
    "number": gettext_lazy("student number set"),
    "unchanged": gettext_lazy("unchanged"),
    "staff": gettext_lazy("works in the course; unchanged"),
}


@register.filter
def fate_words(fate: str) -> str:
    """Return what becomes of a row of a class list, in words."""
    return str(FATE_WORDS[fate])


NO_MAIL_WORDS = {
    "inactive": gettext_lazy("the account is deactivated"),
    "unwanted": gettext_lazy("announcements are switched off"),
    "stopped": gettext_lazy("a reader of the address on the class list stopped this course’s email"),
    "no_address": gettext_lazy("the account has no address"),
    "unconfirmed": gettext_lazy("the address is not confirmed"),
}


@register.filter
def no_mail_words(reason: str) -> str:
    """Return why somebody gets no email, in words."""
    return str(NO_MAIL_WORDS[reason])
