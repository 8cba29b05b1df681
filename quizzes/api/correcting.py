"""Instructors' changes to sittings: void ones, more time, pauses, extra attempts."""

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import number
from foundation.refusals import refuses
from grading.api.correcting import DONE_OR_PREVIEWED, Correcting
from people.endpoint import learner_names
from people.rules.roles import Permission
from people.selectors import learners_by_id, learners_in
from people.services import set_accommodation
from quizzes.selectors import learner_of_sitting, running_sittings
from quizzes.serializers import instructing as shapes
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
    from quizzes.services import ExtraAttemptsPlan


class Voids(Correcting):
    """Stop counting an exam sitting, so that its learner may sit again."""

    needs = Permission.VOID_SITTINGS

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_PREVIEWED, 201: shapes.VoidOut})
    @refuses("not_an_exam", "already_void")
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(void_sitting)

    def decide(self, service: Callable[..., object]) -> Response:
        body = self.read(shapes.VoidIn)
        learner_id = learner_of_sitting(self.course.pk, body["sitting"])
        act = partial(service, sitting_id=body["sitting"], **self.arguments(body))
        return self.do(body, shapes.VoidOut, act, [learner_id])


class UndoneVoids(Voids):
    """Make a void sitting count again, unless the learner has started another."""

    @extend_schema(request=shapes.VoidIn, responses={**DONE_OR_PREVIEWED, 201: shapes.VoidOut})
    @refuses("nothing_to_undo", "sitting_replaced")
    def post(self, request: Request, slug: str) -> Response:
        return self.decide(undo_void)


class Accommodations(Correcting):
    """Multiply the exam's time limit for a learner, for sittings started from now on. 1 ends an accommodation."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(request=shapes.AccommodationIn, responses={201: shapes.AccommodationOut})
    @refuses("multiplier_invalid")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.AccommodationIn)
        target = {"learner_id": number(body["learner"]), "multiplier": body["multiplier"]}
        self.refuse_unseen_learners([number(body["learner"])])
        return self.written(shapes.AccommodationOut, partial(set_accommodation, **target, **self.arguments(body)))


class ChangingRunning(Correcting):
    """Base of the endpoints that change running sittings."""

    needs = Permission.EXTEND
    is_for_limited = True

    def sittings_asked(self, body: dict[str, Any]) -> list[str] | None:
        """Return the sittings that the body names, or the timed ones of its group; None for all.

        If none of the group is timed, return them all, and the service refuses them. Raises ValidationError.
        """
        named: list[str] | None = body["sittings"]
        if not body["group"]:
            return self.seen_sittings(named) if self.sight.is_limited else named
        if named is not None:
            raise ValidationError({"group": "Name the sittings or a group, not both."})
        self.refuse_unknown_group(body["group"])
        return self.running(body["group"])

    def running(self, group: str = "") -> list[str]:
        """Return the running sittings in sight, of a group or of all: the timed ones, or all if none is timed."""
        running = list(running_sittings(self.course.pk, self.now, group=group, sight=self.sight))
        timed = [sitting.pk for sitting in running if not sitting.is_untimed]
        return timed or [sitting.pk for sitting in running]

    def seen_sittings(self, named: list[str] | None) -> list[str]:
        """Return the sittings that somebody with a limited role names, or all in their sight.

        Raises Refusal not_found for a sitting of a learner who is not in sight.
        """
        for sitting_id in named or ():
            self.refuse_unseen_learners([learner_of_sitting(self.course.pk, sitting_id)])
        return self.running() if named is None else named


class Extensions(ChangingRunning):
    """Add time to running sittings, or to all of them (`sittings: null`), once per Idempotency-Key and sitting.

    All, or a group, leaves out the sittings of learners who held a full server: name these to add time to them.
    """

    @extend_schema(request=shapes.ExtensionIn, responses={201: shapes.ExtendedOut})
    @refuses("minutes_invalid", "sitting_settled", "no_time_limit")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ExtensionIn)
        self.settle()
        # A key belongs to its sender, and may be longer than its column.
        key = sha256(f"{request.user.pk} {self.idempotency_key() or token_hex(8)}".encode()).hexdigest()
        seconds = body["seconds"] if "seconds" in body else 60 * body["minutes"]
        target = {"sitting_ids": self.sittings_asked(body), "seconds": seconds, "key": key}
        act = partial(add_time, spares_holders=body["sittings"] is None, **target, **self.arguments(body))
        return self.written(shapes.ExtendedOut, act)


class Pauses(ChangingRunning):
    """Pause running sittings, or all of them (`sittings: null`), until somebody resumes; at most for `hours`."""

    @extend_schema(request=shapes.PauseIn, responses={201: shapes.PausedOut})
    @refuses("hours_invalid", "pause_too_late", "no_time_limit")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.PauseIn)
        self.settle()
        target = {"sitting_ids": self.sittings_asked(body), "hours": body["hours"]}
        return self.written(shapes.PausedOut, partial(pause_sittings, **target, **self.arguments(body)))


class EndedPauses(ChangingRunning):
    """Resume paused sittings, or all of them (`sittings: null`)."""

    @extend_schema(request=shapes.ResumptionIn, responses={201: shapes.ResumedOut})
    @refuses("not_paused", "no_time_limit")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ResumptionIn)
        self.settle()
        target = {"sitting_ids": self.sittings_asked(body)}
        return self.written(shapes.ResumedOut, partial(resume_sittings, **target, **self.arguments(body)))


class GivenAttempts(Correcting):
    """Give learners extra attempts at each question of an assessment that is not final. With `extra: 0`, take them back."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(
        request=shapes.ExtraAttemptsIn, responses={200: shapes.ExtraAttemptsOut, 201: shapes.ExtraAttemptsOut}
    )
    @refuses("extra_attempts_invalid", "extra_attempts_unused")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ExtraAttemptsIn)
        self.settle()
        named = {number(learner) for learner in body["learners"]}
        self.refuse_unseen_learners(named)
        if body["group"]:
            self.refuse_unknown_group(body["group"])
        in_group = learners_in(self.course.pk, group=body["group"], sight=self.sight) if body["group"] else None
        target: dict[str, Any] = {
            "assessment_id": body["assessment"],
            "extra": body["extra"],
            "learner_ids": named.union(in_group.values_list("user_id", flat=True) if in_group is not None else ()),
        }
        if body["dry_run"]:
            return Response(given_body(self.course.pk, plan_extra_attempts(course=self.course, now=self.now, **target)))

        def act() -> tuple[int, dict[str, object]]:
            done = give_extra_attempts(expected=body["expected"], **target, **self.arguments(body))
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
