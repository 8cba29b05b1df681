"""Base of the API calls that staff make about their own courses. To everyone else, such a course is not found."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.adapters import must_confirm_again
from foundation.frame.endpoint import Endpoint, number
from foundation.permissions import Staff
from foundation.refusals import refused_by, refuses
from people.access import course_with_permission, lacks_second_factor, refuse_archived, refuse_out_of_sight
from people.refusals import Refusal
from people.rules.roles import Permission
from people.selectors import group_names

if TYPE_CHECKING:
    from people.models import Enrollment

GROUP = OpenApiParameter("group", str, description="Only the learners of the group with this name")


@refuses(course_with_permission, "second_factor_needed")
class Taught(Endpoint):
    """Base of the endpoints for staff: `self.course` is the course of the address, if the user's role in it allows this.
    `self.permissions` is everything that this role allows, and `self.sight` whose work the user sees.

    `needs` is what the role must allow. A route to an endpoint that does not state it cannot be made.
    """

    permission_classes = [Staff]
    needs: Permission
    # whether a role that is limited to groups opens it; then it shows only learners in sight (D42)
    is_for_limited = False
    is_for_archive = False  # whether it may also store something in an archived course

    @classmethod
    def as_view(cls, **options: object) -> Any:
        assert isinstance(cls.needs, Permission)
        return super().as_view(**options)

    @classmethod
    def refusals(cls, method: str) -> frozenset[str]:
        """Add that an archived course does not change."""
        is_refused = method not in SAFE_METHODS and not cls.is_for_archive
        return super().refusals(method) | (refused_by(refuse_archived) if is_refused else frozenset())

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        self.course, (self.permissions, self.sight) = course_with_permission(request.user, kwargs["slug"], self.needs)
        learner_id = number(kwargs["learner_id"]) if "learner_id" in kwargs else None
        refuse_out_of_sight(self.sight, learner_id, is_for_limited=self.is_for_limited)
        if lacks_second_factor(self.person):
            raise Refusal("second_factor_needed")
        if request.auth is None and must_confirm_again(request._request):  # a browser's session; tokens expire
            raise NotAuthenticated
        if request.method not in SAFE_METHODS and not self.is_for_archive:
            refuse_archived(self.course)

    def refuse_unseen_learners(self, learner_ids: Iterable[int]) -> None:
        """Refuse a body that names learners the user does not see. Raises Refusal not_found."""
        for learner_id in learner_ids:
            refuse_out_of_sight(self.sight, learner_id, is_for_limited=self.is_for_limited)

    def group_asked(self, request: Request) -> str:
        """Return the group that the address asks for, or "" for everyone. Raises ValidationError unless it exists."""
        groups = request.query_params.getlist("group")
        if len(groups) > 1 or not set(groups) <= set(group_names(self.course)):
            raise ValidationError({"group": "The name of one group of the course."})
        return "".join(groups)


def learner_names(enrollment: "Enrollment") -> dict[str, object]:
    return {
        "learner_id": enrollment.user_id,
        "username": enrollment.user.username,
        "name": enrollment.name or enrollment.user.name,
    }
