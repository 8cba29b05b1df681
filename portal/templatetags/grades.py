"""Words and parts of the gradebook's pages."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.forms.workplace import KIND_LABELS, Reasoned

register = template.Library()

SHOW_WORDS = {
    "all": _("everyone"),
    "certified": _("with a certificate"),
    "uncertified": _("without a certificate"),
    "running": _("whose exam runs"),
    "overridden": _("with an override"),
    "left": _("who left the course"),
}
CERTIFICATE_WORDS = {
    "issued": _("is issued"),
    "revoked": _("is revoked"),
    "restored": _("is valid again"),
}
CAUSE_WORDS = {
    "attempt": _("a Check"),
    "start": _("the start"),
    "ended by learner": _("handing in"),
    "ended by deadline": _("the end of time"),
    "override": _("an override"),
    "override undone": _("an override taken back"),
    "void": _("a void sitting"),
    "void undone": _("a sitting that counts again"),
    "regrade": _("a regrade"),
    "regrade undone": _("a regrade undone"),
    "course load": _("a change of the course"),
}


@register.filter
def show_words(show: str) -> Any:
    return SHOW_WORDS.get(show, show)


@register.filter
def certificate_words(step: str) -> Any:
    return CERTIFICATE_WORDS.get(step, step)


@register.filter
def cause_words(cause: str) -> Any:
    """What moved a grade, as one says it; a cause of another part by its own name."""
    return CAUSE_WORDS.get(cause, cause)


@register.filter
def kind_words(kind: str) -> Any:
    return KIND_LABELS.get(kind, kind)


@register.filter
def has_right(asked: Any) -> bool:
    return any(found.counts for found in asked.attempts)


@register.simple_tag(takes_context=True)
def sort_head(context: Any, sort: str, label: str, css: str = "") -> SafeString:
    """A column's head that sorts by it: once upwards, again downwards."""
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
        '<th scope="col" class="{}" aria-sort="{}"><a href="?{}">{}<span aria-hidden="true">{}</span></a></th>',
        css,
        direction,
        asked.urlencode(),
        label,
        arrow,
    )


@register.inclusion_tag("workplace/act.html", takes_context=True)
def act_form(context: Any, do: str, label: str, sitting: str) -> dict[str, Any]:
    """A form of the cell's page; with what it would do where this one was previewed."""
    is_mine = context["do"] == do and context["sitting_id"] == sitting
    form = context["reason_form"] if is_mine and do != "override" else None
    if do == "override":
        form = context["override_form"]
    return {
        "do": do,
        "label": label,
        "sitting": sitting,
        "form": form or Reasoned(auto_id=f"{do}{sitting}-%s"),
        "shift": context["shift"] if is_mine else None,
        "foreseen": context["foreseen"] if is_mine else None,
        "item": context["item"],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def seconds_left(sitting: Any, now: Any) -> int:
    return max(int((sitting.deadline_at - now).total_seconds()), 0)


@register.filter
def added(sitting: Any) -> str:
    """The minutes that a sitting was given; its extensions are prefetched."""
    minutes = sum(extension.minutes for extension in sitting.extensions.all())
    return f"+{minutes}" if minutes else "–"


@register.filter
def name_of(learner_id: int, effects: Any) -> str:
    return next(found.name or found.line.username for found in effects if found.learner_id == learner_id)
