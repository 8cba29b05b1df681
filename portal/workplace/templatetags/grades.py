"""Texts and parts of the gradebook's pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from foundation.frame.forms import ReasonForm
from foundation.moments import duration_text
from grading.rules.causes import Cause
from portal.workplace.forms import KIND_LABELS
from portal.workplace.templatetags.workplace import TimedSitting, ends_at

if TYPE_CHECKING:
    from grading.services.override_import import LineEffect
    from quizzes.selectors import QuestionEvidence

register = template.Library()

SHOW_WORDS = {
    "all": _("everyone"),
    "certified": _("with a certificate"),
    "uncertified": _("without a certificate"),
    "running": _("with a running exam"),
    "overridden": _("with an override"),
    "left": _("who left the course"),
}
CERTIFICATE_WORDS = {
    "issued": _("is issued"),
    "revoked": _("is revoked"),
    "restored": _("is valid again"),
}
CAUSE_WORDS: dict[str, Any] = {
    Cause.ATTEMPT: _("Check"),
    Cause.START: _("exam started"),
    Cause.ENDED_BY_LEARNER: _("exam handed in"),
    Cause.ENDED_BY_DEADLINE: _("time ran out"),
    Cause.OVERRIDE: _("override"),
    Cause.OVERRIDE_UNDONE: _("override removed"),
    Cause.EXEMPTION: _("exempted"),
    Cause.EXEMPTION_UNDONE: _("exemption removed"),
    Cause.VOID: _("sitting voided"),
    Cause.VOID_UNDONE: _("sitting restored"),
    Cause.REGRADE: _("regrade"),
    Cause.REGRADE_UNDONE: _("regrade undone"),
    Cause.LAB_TESTS: _("lab tests"),
    Cause.COURSE_LOAD: _("course changed"),
    Cause.DATES: _("later due date"),
}


MARK_WORDS = {
    "credit": _("full points for everyone"),
    "void": _("voided, except for correct responses"),
    "gone": _("voided"),
    "corrected": _("answer corrected"),
    "removed": _("removed from the course"),
    "added": _("added after the certificate"),
    "late": _("late"),
}


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
def show_words(show: str) -> str | Promise:
    return SHOW_WORDS.get(show, show)


@register.filter
def certificate_words(step: str) -> str | Promise:
    return CERTIFICATE_WORDS.get(step, step)


@register.filter
def cause_words(cause: str) -> str | Promise:
    """Return the cause of a grade change in words."""
    return CAUSE_WORDS.get(cause, cause)


@register.filter
def mark_words(mark: str) -> str | Promise:
    """Return what changed about a question since it was asked, in words."""
    return MARK_WORDS.get(mark, mark)


@register.filter
def kind_words(kind: str) -> str | Promise:
    return KIND_LABELS.get(kind, kind)


@register.filter
def has_right(asked: "QuestionEvidence") -> bool:
    return any(found.counts for found in asked.attempts)


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
        '<th scope="col" class="{}" aria-sort="{}"><a href="?{}">{}<span aria-hidden="true">{}</span></a></th>',
        css,
        direction,
        asked.urlencode(),
        label,
        arrow,
    )


@register.inclusion_tag("workplace/act.html", takes_context=True)
def act_form(context: Context, do: str, label: str, sitting: str) -> dict[str, object]:
    """Return a form of the cell's page, with its preview if this form was previewed."""
    is_mine = context["do"] == do and context["sitting_id"] == sitting
    form = context["reason_form"] if is_mine and do != "override" else None
    if do == "override":
        form = context["override_form"]
    return {
        "do": do,
        "label": label,
        "sitting": sitting,
        "form": form or ReasonForm(auto_id=f"{do}{sitting}-%s"),
        "shift": context["shift"] if is_mine else None,
        "foreseen": context["foreseen"] if is_mine else None,
        "item": context["item"],
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


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


@register.filter
def name_of(learner_id: int, effects: "Iterable[LineEffect]") -> str:
    return next(found.name or found.line.username for found in effects if found.learner_id == learner_id)
