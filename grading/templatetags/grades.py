"""Texts and parts of the pages about grades."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.frame.forms import ReasonForm
from grading.rules.causes import Cause
from grading.rules.risk import Signal

if TYPE_CHECKING:
    from grading.rules.category_grade import CategoryGrade
    from grading.services.override_import import LineEffect

register = template.Library()


SHOW_WORDS = {
    "all": _("everyone"),
    "certified": _("with a certificate"),
    "uncertified": _("without a certificate"),
    "running": _("with a running exam"),
    "overridden": _("with an override"),
    "left": _("who left the course"),
}


@register.filter
def show_words(show: str) -> str | Promise:
    return SHOW_WORDS.get(show, show)


@register.filter
def once_begun(percent: str, has_begun: object) -> str:
    """Return a dash in place of the 0.0 % of somebody who has not begun."""
    return percent if has_begun or percent != "0.0" else "–"


CERTIFICATE_WORDS = {
    "issued": _("is issued"),
    "revoked": _("is revoked"),
    "restored": _("is valid again"),
}


@register.filter
def certificate_words(step: str) -> str | Promise:
    return CERTIFICATE_WORDS.get(step, step)


CAUSE_WORDS: dict[str, Any] = {
    Cause.ATTEMPT: _("Check"),
    Cause.START: _("exam started"),
    Cause.ENDED_BY_LEARNER: _("exam handed in"),
    Cause.ENDED_BY_DEADLINE: _("time ran out"),
    Cause.OVERRIDE: _("override"),
    Cause.OVERRIDE_UNDONE: _("override removed"),
    Cause.EXEMPTION: _("exempted"),
    Cause.EXEMPTION_UNDONE: _("exemption removed"),
    Cause.POINTS_GIVEN: _("points given"),
    Cause.POINTS_REMOVED: _("points removed"),
    Cause.VOID: _("sitting voided"),
    Cause.VOID_UNDONE: _("sitting restored"),
    Cause.REGRADE: _("regrade"),
    Cause.REGRADE_UNDONE: _("regrade undone"),
    Cause.LAB_TESTS: _("lab tests"),
    Cause.COURSE_LOAD: _("course changed"),
    Cause.DATES: _("later due date"),
}


@register.filter
def cause_words(cause: str) -> str | Promise:
    """Return the cause of a grade change in words."""
    return CAUSE_WORDS.get(cause, cause)


MARK_WORDS = {
    "credit": _("full points for everyone"),
    "void": _("voided, except for correct responses"),
    "gone": _("voided"),
    "corrected": _("answer corrected"),
    "removed": _("removed from the course"),
    "added": _("added after the certificate"),
    "late": _("late"),
}


@register.filter
def mark_words(mark: str) -> str | Promise:
    """Return what changed about a question since it was asked, in words."""
    return MARK_WORDS.get(mark, mark)


SIGNALS = {
    "away": _("Away"),
    "wrong": _("Often wrong"),
    "tight": _("Pass in doubt"),
}


@register.filter
def signal_name(signal: Signal) -> str:
    return str(SIGNALS[signal.name])


@register.filter
def signal_words(signal: Signal) -> str:
    """Return the numbers behind a signal, in words."""
    match signal.name:
        case "away":
            return gettext("not active for %s days") % signal.figures[0]
        case "wrong":
            return gettext("%(wrong)s of %(final)s final review questions are incorrect") % {
                "wrong": signal.figures[0],
                "final": signal.figures[1],
            }
        case _ if signal.figures[0]:
            return (
                gettext("needs at least %s %% in the exam, even with all remaining review points") % signal.figures[0]
            )
        case _:
            return gettext("can no longer pass, even with all remaining points")


@register.inclusion_tag("grading/workplace/act.html", takes_context=True)
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
def name_of(learner_id: int, effects: "Iterable[LineEffect]") -> str:
    return next(effect.name or effect.line.username for effect in effects if effect.learner_id == learner_id)


@register.filter
def so_far(category: "CategoryGrade") -> str:
    """Return the percent of a category, or a dash before the first answer."""
    return "–" if category.answered_percent is None and category.percent == "0.0" else f"{category.percent} %"
