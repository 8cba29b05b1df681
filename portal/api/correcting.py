"""What instructors do: each with a reason, each told before it is done where `dry_run` asks, each once per key."""

from collections.abc import Callable, Collection
from functools import partial
from secrets import token_hex
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import learners_by_id
from course.services import set_accommodation
from portal.api.instructing import Taught, named, number
from portal.serializers import instructing as shapes
from portal.services import preview
from quizzes.selectors import learner_of_sitting
from quizzes.services import add_minutes, override_score, undo_override, undo_void, void_sitting

type Act = Callable[[], Any]


class Correcting(Taught):
    """Base of the calls that change what counts."""

    def said(self, body: dict[str, Any]) -> dict[str, Any]:
        """What every service is told besides."""
        return {"course": self.course, "author": self.request.user, "now": self.now, "reason": body["reason"]}

    def do(self, body: dict[str, Any], shape: Any, act: Act, learner_ids: Collection[int]) -> Response:
        """Do it and say it in `shape` (201), or with `dry_run` say what it would do to these learners (200)."""
        self.settle()
        if body["dry_run"]:
            effects = preview(course_id=self.course.pk, learner_ids=learner_ids, act=act)
            return Response(foreseen(self.course.pk, effects))
        return self.written(shape, act)

    def written(self, shape: Any, act: Act) -> Response:
        return self.once(lambda: (201, dict(shape(act()).data)))


def foreseen(course_id: int, effects: Collection[Any], expected: str | None = None) -> dict[str, Any]:
    """The answer to a dry run, of effects or shifts."""
    people = learners_by_id(course_id, [effect.learner_id for effect in effects])
    rows = [
        {
            **named(people[effect.learner_id]),
            "before": effect.before,
            "after": effect.after,
            "certificate": effect.certificate,
        }
        for effect in effects
    ]
    return dict(shapes.PreviewOut({"expected": expected, "effects": rows}).data)


DONE_OR_TOLD = {200: shapes.PreviewOut}


class Overrides(Correcting):
    """Give a learner points in an assessment instead of the earned ones."""

    @extend_schema(request=shapes.OverrideIn, responses={**DONE_OR_TOLD, 201: shapes.OverrideOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.OverrideIn)
        return self.override(body, partial(override_score, points=body["points"]))

    def override(self, body: dict[str, Any], service: Callable[..., Any]) -> Response:
        learner_id = number(body["learner"])
        act = partial(service, learner_id=learner_id, assessment_id=body["assessment"], **self.said(body))
        return self.do(body, shapes.OverrideOut, act, [learner_id])


class UndoneOverrides(Overrides):
    """Let the earned points count again."""

    @extend_schema(request=shapes.OverrideTarget, responses={**DONE_OR_TOLD, 201: shapes.OverrideOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.override(self.read(shapes.OverrideTarget), undo_override)


class Voids(Correcting):
    """Let an exam's sitting count no more, so that its learner may sit again."""

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_TOLD, 201: shapes.VoidOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(void_sitting)

    def decide(self, service: Callable[..., Any]) -> Response:
        body = self.read(shapes.VoidIn)
        learner_id = learner_of_sitting(self.course.pk, body["sitting"])
        act = partial(service, sitting_id=body["sitting"], **self.said(body))
        return self.do(body, shapes.VoidOut, act, [learner_id])


class UndoneVoids(Voids):
    """Let it count after all, while there is no other."""

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_TOLD, 201: shapes.VoidOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(undo_void)


class Accommodations(Correcting):
    """Give a learner so many times the exam's limit, for sittings started from now on; 1 takes it back."""

    @extend_schema(request=shapes.AccommodationIn, responses={201: shapes.AccommodationOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AccommodationIn)
        target = {"learner_id": number(body["learner"]), "multiplier": body["multiplier"]}
        return self.written(shapes.AccommodationOut, partial(set_accommodation, **target, **self.said(body)))


class Extensions(Correcting):
    """Add minutes to running sittings, or to all that run (`sittings: null`); once per Idempotency-Key and sitting."""

    @extend_schema(request=shapes.ExtensionIn, responses={201: shapes.ExtendedOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ExtensionIn)
        self.settle()
        key = request.headers.get("Idempotency-Key") or token_hex(8)
        target = {"sitting_ids": body["sittings"], "minutes": body["minutes"], "key": key[:80]}
        return self.written(shapes.ExtendedOut, partial(add_minutes, **target, **self.said(body)))
