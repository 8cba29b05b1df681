"""The fields, the questions and the messages that all pages have which publish something."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authoring.services import Effects, Publication
from labs.retests import labs_to_regrade
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


def confirmed_in(request: HttpRequest) -> str:
    """Return the digest of the plan that the form confirms, "" if it confirms none."""
    return request.POST.get("accepted", "")


def reason_in(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()


def asked_before(plan: Publication | None) -> dict[str, object]:
    """Return, for a template, what somebody confirms before this plan is carried out: nothing without effects or a plan."""
    effects = plan.effects if plan else Effects()
    return {
        "movements": effects.movements,
        "lowered": effects.lowered,
        "removed": dict(effects.removed),
        "unearned": effects.unearned,
        "accepted": plan.digest if plan and effects else "",
    }


def tell_published(request: HttpRequest, revoked: int = 0) -> None:
    """Say that a text is published, and how many certificates were revoked with it."""
    sentence = _(
        "Published. If the course is also kept in a folder, loading the folder no longer overwrites this text: "
        "to edit the text there again, export the folder first."
    )
    if revoked:
        withdrawn = ngettext("{n} certificate was revoked.", "{n} certificates were revoked.", revoked)
        sentence = f"{withdrawn.format(n=revoked)} {sentence}"
    messages.success(request, sentence)


def tell_lab_outdated(request: HttpRequest, course: "Course", key: str) -> None:
    """Say how many test runs other tests judged than the lab has now, and link to the regrade."""
    for outdated in labs_to_regrade(course.pk):
        if outdated.lab.key == key and outdated.others:
            sentence = ngettext(
                "{runs} test run was judged by earlier tests of this lab. Its results do not change.",
                "{runs} test runs were judged by earlier tests of this lab. Their results do not change.",
                outdated.others,
            )
            link = '<a href="{address}">{words}</a>' if Permission.REGRADE in request.permissions else ""
            address = reverse("regrade_lab", args=[course.slug, outdated.lab.pk])
            values = {"runs": outdated.others, "address": address, "words": _("Regrade this lab")}
            messages.warning(request, format_html(f"{sentence} {link}", **values))
