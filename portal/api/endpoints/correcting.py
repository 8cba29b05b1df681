"""Instructors' changes: each has a reason, a preview with `dry_run`, and happens once per key."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypedDict

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from activities.registry import override_activity
from foundation.frame.endpoint import number
from grading.endpoint import TaughtGrades
from grading.services import Effect, OverrideOrder
from grading.services.previews import Shift, preview
from people.endpoint import learner_names
from people.rules.roles import Permission
from people.selectors import group_names, learners_by_id, learners_in
from people.services import set_accommodation
from portal.allowances.services import extend_activity
from portal.api.serializers import instructing as shapes
from quizzes.selectors import learner_of_sitting, running_sittings
from quizzes.services import (
    add_time,
    give_extra_attempts,
    pause_sittings,
    plan_extra_attempts,
    resume_sittings,
    undo_void,
    void_sitting,
)

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from quizzes.services import ExtraAttemptsPlan

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

    def said(self, body: dict[str, Any]) -> CorrectionArguments:
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


DONE_OR_TOLD = {200: shapes.PreviewOut}


class Overrides(Correcting):
    """Give a learner points in an assessment or a lab in place of the earned ones, or exempt them from it.

    `assessment` is the id of either.
    """

    needs = Permission.GRADE

    @extend_schema(request=shapes.OverrideIn, responses={**DONE_OR_TOLD, 201: shapes.OverrideOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.OverrideIn)
        return self.override(body, body.get("points"), is_exempt=body["exempt"])

    def override(self, body: dict[str, Any], points: Decimal | None, *, is_exempt: bool = False) -> Response:
        learner_id = number(body["learner"])
        order = OverrideOrder(
            activity=body["assessment"],
            learner_id=learner_id,
            points=points,
            is_exempt=is_exempt,
            **self.said(body),
        )
        # It may be a record that somebody else left, whose reason not all staff may read (D28).
        reasons_of = None if Permission.SEE_PRIVATE_NOTES in self.permissions else self.person.pk
        shape = partial(shapes.OverrideOut, context={"reasons_of": reasons_of})
        return self.do(body, shape, partial(override_activity, order), [learner_id])


class UndoneOverrides(Overrides):
    """Make the earned points count again, or end an exemption."""

    @extend_schema(request=shapes.OverrideTarget, responses={**DONE_OR_TOLD, 201: shapes.OverrideOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.override(self.read(shapes.OverrideTarget), None)


class Voids(Correcting):
    """Stop counting an exam sitting, so that its learner may sit again."""

    needs = Permission.VOID_SITTINGS

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_TOLD, 201: shapes.VoidOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(void_sitting)

    def decide(self, service: Callable[..., object]) -> Response:
        body = self.read(shapes.VoidIn)
        learner_id = learner_of_sitting(self.course.pk, body["sitting"])
        act = partial(service, sitting_id=body["sitting"], **self.said(body))
        return self.do(body, shapes.VoidOut, act, [learner_id])


class UndoneVoids(Voids):
    """Make a void sitting count again, unless the learner has started another."""

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_TOLD, 201: shapes.VoidOut})
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(undo_void)


class Accommodations(Correcting):
    """Multiply the exam's time limit for a learner, for sittings started from now on. 1 ends an accommodation."""

    needs = Permission.EXTEND

    @extend_schema(request=shapes.AccommodationIn, responses={201: shapes.AccommodationOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AccommodationIn)
        target = {"learner_id": number(body["learner"]), "multiplier": body["multiplier"]}
        return self.written(shapes.AccommodationOut, partial(set_accommodation, **target, **self.said(body)))


class ChangingRunning(Correcting):
    """Base of the endpoints that change running sittings."""

    needs = Permission.EXTEND

    def sittings_asked(self, body: dict[str, Any]) -> list[str] | None:
        """Return the sittings that the body names, or those of its group with a clock; None for all.

        Where no sitting of the group has a clock, return them all, to be refused. Raises ValidationError.
        """
        named: list[str] | None = body["sittings"]
        if not body["group"]:
            return named
        if named is not None:
            raise ValidationError({"group": "Name the sittings or a group, not both."})
        self.refuse_unknown_group(body["group"])
        running = list(running_sittings(self.course.pk, self.now, group=body["group"]))
        timed = [sitting.pk for sitting in running if not sitting.is_untimed]
        return timed or [sitting.pk for sitting in running]


class Extensions(ChangingRunning):
    """Add time to running sittings, or to all of them (`sittings: null`), once per Idempotency-Key and sitting.

    All of them, or of a group, are without those whose learners held a full server: name these to add time.
    """

    @extend_schema(request=shapes.ExtensionIn, responses={201: shapes.ExtendedOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ExtensionIn)
        self.settle()
        # A key belongs to its sender, and may be longer than its column.
        key = sha256(f"{request.user.pk} {self.idempotency_key() or token_hex(8)}".encode()).hexdigest()
        seconds = body["seconds"] if "seconds" in body else 60 * body["minutes"]
        target = {"sitting_ids": self.sittings_asked(body), "seconds": seconds, "key": key}
        act = partial(add_time, spares_holders=body["sittings"] is None, **target, **self.said(body))
        return self.written(shapes.ExtendedOut, act)


class Pauses(ChangingRunning):
    """Pause running sittings, or all of them (`sittings: null`), until somebody resumes; at most for `hours`."""

    @extend_schema(request=shapes.PauseIn, responses={201: shapes.PausedOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.PauseIn)
        self.settle()
        target = {"sitting_ids": self.sittings_asked(body), "hours": body["hours"]}
        return self.written(shapes.PausedOut, partial(pause_sittings, **target, **self.said(body)))


class EndedPauses(ChangingRunning):
    """Resume paused sittings, or all of them (`sittings: null`)."""

    @extend_schema(request=shapes.ResumptionIn, responses={201: shapes.ResumedOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ResumptionIn)
        self.settle()
        target = {"sitting_ids": self.sittings_asked(body)}
        return self.written(shapes.ResumedOut, partial(resume_sittings, **target, **self.said(body)))


class DateExtensions(Correcting):
    """Give a learner later dates in an assessment or a lab. With neither date, everyone's dates apply again."""

    needs = Permission.EXTEND

    @extend_schema(request=shapes.DateExtensionIn, responses={201: shapes.DateExtensionOut})
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.DateExtensionIn)
        target = {name: body[name] for name in ("activity", "due_at", "closes_at")}
        target |= {"learner_id": number(body["learner"])}
        return self.written(shapes.DateExtensionOut, partial(extend_activity, **target, **self.said(body)))


class GivenAttempts(Correcting):
    """Give learners extra attempts at each question of an assessment that is not final. With `extra: 0`, take them back."""

    needs = Permission.EXTEND

    @extend_schema(
        request=shapes.ExtraAttemptsIn, responses={200: shapes.ExtraAttemptsOut, 201: shapes.ExtraAttemptsOut}
    )
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ExtraAttemptsIn)
        self.settle()
        named = {number(each) for each in body["learners"]}
        if body["group"]:
            self.refuse_unknown_group(body["group"])
        in_group = learners_in(self.course.pk, group=body["group"]) if body["group"] else None
        target: dict[str, Any] = {
            "assessment_id": body["assessment"],
            "extra": body["extra"],
            "learner_ids": named.union(in_group.values_list("user_id", flat=True) if in_group is not None else ()),
        }
        if body["dry_run"]:
            return Response(given_body(self.course.pk, plan_extra_attempts(course=self.course, now=self.now, **target)))

        def act() -> tuple[int, dict[str, object]]:
            done = give_extra_attempts(expected=body["expected"], **target, **self.said(body))
            return 201, given_body(self.course.pk, done)

        return self.once(act)


def given_body(course_id: int, plan: "ExtraAttemptsPlan") -> dict[str, object]:
    """Return a plan of extra attempts, with the names of the learners."""
    people = learners_by_id(course_id, [step.learner_id for step in plan.steps])
    rows = [
        {**learner_names(people[step.learner_id]), **vars(step), "is_change": step.is_change} for step in plan.steps
    ]
    body = {"assessment_id": plan.assessment_id, "extra": plan.extra, "digest": plan.digest, "learners": rows}
    return dict(shapes.ExtraAttemptsOut(body).data)
