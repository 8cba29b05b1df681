"""Which tests of a lab learners fail now, and with which messages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from labs.refusals import Refusal
from labs.retests import failures_in
from labs.rules.failures import FailedAlike, FailedTest
from labs.selectors import lab_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import learners_in, learners_named

if TYPE_CHECKING:
    from course.models import Course

SHOWN = 30  # learners named for each message


@dataclass(frozen=True)
class NamedGroup:
    """Learners who fail a test with the same message: (learner id, name) of those shown, and how many more there are."""

    group: FailedAlike
    learners: list[tuple[int, str]]
    more: int


@require_safe
@needs(Permission.SEE_ANALYSIS)
def lab_failures(request: HttpRequest, course: "Course", lab_id: str) -> HttpResponse:
    """Show each test of a lab with the messages that learners get now, the most common first, and links to their work."""
    lab = lab_in(course.pk, lab_id)
    if lab is None:
        raise Refusal("not_found")
    learners = list(learners_in(course.pk).values_list("user_id", flat=True))
    tests = failures_in(lab, learners)
    names = learners_named(course.pk, [pk for test in tests for group in test.alike for pk in group.learners[:SHOWN]])
    return workplace_page(
        request,
        course,
        "labs/workplace/lab_failures.html",
        section="analysis",
        title=_("Failed tests"),
        lab=lab,
        tests=[(test, named_groups(test, names)) for test in tests],
        learners=max((test.learners for test in tests), default=0),
    )


def named_groups(test: FailedTest, names: dict[int, str]) -> list[NamedGroup]:
    return [
        NamedGroup(
            group, [(pk, names.get(pk, "")) for pk in group.learners[:SHOWN]], max(len(group.learners) - SHOWN, 0)
        )
        for group in test.alike
    ]
