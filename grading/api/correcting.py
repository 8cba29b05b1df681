"""Instructors' changes: each has a reason, a preview with `dry_run`, and happens once per key."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from activities.registry import override_activity
from foundation.frame.endpoint import number
from foundation.paging import Pages
from foundation.refusals import refuses
from grading.endpoint import TaughtGrades
from grading.serializers import instructing as shapes
from grading.services import Effect, OverrideOrder
from grading.services.previews import Shift, preview
from people.endpoint import learner_names
from people.rules.roles import Permission
from people.selectors import group_names, learners_by_id

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

type Act = Callable[[], object]


type AnswerShape = Callable[[object], BaseSerializer[object]]


class CorrectionArguments(TypedDict):
    """The arguments that every service takes which changes what counts."""

    course: "Course"
    author: "User"
    now: datetime
    reason: str


class Correcting(TaughtGrades):
    """Base of the endpoints that change what counts."""

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        self.idempotency_key()  # a dry run does not use it, and refuses a malformed one all the same

    def refuse_unknown_group(self, name: str) -> None:
        """Raise ValidationError for a name that no group of the course has."""
        if name not in group_names(self.course):
            raise ValidationError({"group": "The name of one group of the course."})

    def arguments(self, body: dict[str, Any]) -> CorrectionArguments:
        """Return the arguments that every service gets."""
        return CorrectionArguments(course=self.course, author=self.person, now=self.now, reason=body["reason"])

    def do(self, body: dict[str, object], shape: AnswerShape, act: Act, learner_ids: Collection[int]) -> Response:
        """Do it and answer in `shape` (201). With `dry_run`, answer with the effect on these learners instead (200)."""
        grades = self.settle()
        if body["dry_run"]:
            effects = preview(grades=grades, course_id=self.course.pk, learner_ids=learner_ids, act=act)
            return Response(foreseen(self.course.pk, effects))
        return self.written(shape, act)

    def written(self, shape: AnswerShape, act: Act) -> Response:
        return self.once(lambda: (201, dict(shape(act()).data)))


def foreseen(course_id: int, effects: Collection[Effect | Shift], expected: str | None = None) -> dict[str, object]:
    """Return the answer to a dry run, from effects or shifts."""
    people = learners_by_id(course_id, [effect.learner_id for effect in effects])
    rows = [
        {
            **learner_names(people[effect.learner_id]),
            "before": effect.before,
            "after": effect.after,
            "certificate": effect.certificate,
        }
        for effect in effects
    ]
    return dict(shapes.PreviewOut({"expected": expected, "effects": rows}).data)


DONE_OR_PREVIEWED = {200: shapes.PreviewOut}


class Overrides(Correcting):
    """Give a learner points in an assessment or a lab in place of the earned ones, or exempt them from it.

    `assessment` is the id of either.
    """

    needs = Permission.GRADE
    is_for_limited = True

    @extend_schema(request=shapes.OverrideIn, responses={**DONE_OR_PREVIEWED, 201: shapes.OverrideOut})
    @refuses("points_invalid", "nothing_left")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.OverrideIn)
        return self.override(body, body.get("points"), is_exempt=body["exempt"])

    def override(self, body: dict[str, Any], points: Decimal | None, *, is_exempt: bool = False) -> Response:
        learner_id = number(body["learner"])
        self.refuse_unseen_learners([learner_id])
        order = OverrideOrder(
            activity=body["assessment"],
            learner_id=learner_id,
            points=points,
            is_exempt=is_exempt,
            **self.arguments(body),
        )
        # It may be a record that somebody else left, whose reason not all staff may read (D28).
        reasons_of = None if Permission.SEE_PRIVATE_NOTES in self.permissions else self.person.pk
        shape = partial(shapes.OverrideOut, context={"reasons_of": reasons_of})
        return self.do(body, shape, partial(override_activity, order), [learner_id])


class UndoneOverrides(Overrides):
    """Make the earned points count again, or end an exemption."""

    @extend_schema(request=shapes.OverrideTarget, responses={**DONE_OR_PREVIEWED, 201: shapes.OverrideOut})
    @refuses("nothing_to_undo")
    def post(self, request: Request, slug: str) -> Response:
        return self.override(self.read(shapes.OverrideTarget), None)


class NewestRegrades(Pages):
    ordering = "-pk"
