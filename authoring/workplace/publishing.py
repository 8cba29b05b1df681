"""What a publication asks first, and what it says afterwards."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from authoring.folder import Mistake
from authoring.services import Effects, Load, publish_texts
from course.services import text_digest
from labs.retests import labs_to_regrade
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course


def is_accepted(request: HttpRequest, effects: Effects, removed: dict[str, int]) -> bool:
    """Tell whether to publish: at once if nothing moves, else if exactly this was confirmed. Grades move only by policy."""
    if effects and Permission.CHANGE_POLICY not in request.permissions:
        return False
    return not (effects or removed) or request.POST.get("accepted", "") == confirmation_digest(effects, removed)


def confirmation_digest(effects: Effects, removed: dict[str, int]) -> str:
    """Return a digest of what an instructor confirms: exactly these effects and removed questions."""
    return text_digest(repr((effects, sorted(removed.items()))))


def publish_typed(
    request: HttpRequest,
    course: "Course",
    edits: Mapping[str, str],
    *,
    based_on: Mapping[str, str],
    accept: Callable[[Effects], bool],
    question: str = "",
) -> Load | tuple[Mistake, ...]:
    """Publish texts for the reason that the page asks for, as `publish_texts` does."""
    return publish_texts(
        course=course,
        edits=edits,
        based_on=based_on,
        editor=request.user,
        reason=request.POST.get("reason", "").strip(),
        accept=accept,
        now=request.now,
        question=question,
    )


def tell_published(request: HttpRequest) -> None:
    messages.success(
        request,
        _(
            "Published. Loading the course folder no longer overwrites this text. "
            "To edit the text in the folder again, export the folder first."
        ),
    )


def tell_lab_outdated(request: HttpRequest, course: "Course", key: str) -> None:
    """Say how many test runs other tests judged than the lab has now, and link to the regrade."""
    for found in labs_to_regrade(course.pk):
        if found.lab.key == key and found.others:
            told = ngettext(
                "{runs} test run was judged by earlier tests of this lab. Its results do not change.",
                "{runs} test runs were judged by earlier tests of this lab. Their results do not change.",
                found.others,
            )
            link = '<a href="{address}">{words}</a>' if Permission.REGRADE in request.permissions else ""
            address = reverse("regrade_lab", args=[course.slug, found.lab.pk])
            said = {"runs": found.others, "address": address, "words": _("Regrade this lab")}
            messages.warning(request, format_html(f"{told} {link}", **said))
