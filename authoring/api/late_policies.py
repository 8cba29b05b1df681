"""The late policies of a course over the API (D34): read them, preview a change, and make exactly that change."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.refusals import Refusal
from authoring.serializers import late_policies as shapes
from authoring.services import CourseEdit, Publication, late_places, late_policy_changed, publish
from foundation.idempotency import Answer
from foundation.refusals import refuses
from grading.endpoint import TaughtGrades
from people.rules.roles import Permission


class MovingGrades(TaughtGrades):
    """Base of the endpoints whose changes may move grades: then they need the `expected` of a preview."""

    is_costly = True  # each change and each preview reads the whole course

    def take_turn(self) -> None:
        if self.request.method == "POST":
            super().take_turn()

    def changed_once(self, body: Mapping[str, object], prepare: Callable[[], Callable[[], Answer]]) -> Response:
        """Change something once per key, with what `prepare` returns. A preview stores nothing, so it needs no key."""
        if body["dry_run"]:
            status, answer = prepare()()
            return Response(answer, status)
        self.settle()  # before the key's transaction, which would keep learners locked while it waits for the course
        return self.once_prepared(prepare)

    def published(self, edit: CourseEdit, body: Mapping[str, Any]) -> Publication:
        """Publish an edit, or only plan it with `dry_run`. Raises Refusal preview_stale if its effects are not as expected."""
        is_dry = body["dry_run"]
        done = publish(edit=edit, confirmed=None if is_dry else body["expected"], now=self.now)
        if not (done.is_written or done.mistakes or is_dry):
            raise Refusal("preview_stale")
        return done

    def outcome(self, done: Publication) -> dict[str, object]:
        """Return what moved, or would."""
        return {
            "expected": done.digest,
            "is_written": done.is_written,
            "movements": done.effects.movements,
            "lowered": [str(lowered) for lowered in done.effects.lowered],
        }


class LatePolicies(MovingGrades):
    """The late policies of the course, of its assessments and of its graded labs. A POST changes one of them, or with
    `dry_run` only previews whose grade would move. If grades move, the change needs the `expected` of a preview, and does
    exactly that or nothing.
    """

    needs = Permission.CHANGE_POLICY

    @extend_schema(responses=shapes.LatePoliciesOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(shapes.LatePoliciesOut({"policies": late_places(course_id=self.course.pk)}).data)

    @extend_schema(request=shapes.LatePolicyIn, responses={200: shapes.LateChangeOut})
    @refuses("late_unfit", "settings_stale")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.LatePolicyIn)
        return self.changed_once(body, lambda: self.change(body))

    def change(self, body: dict[str, Any]) -> Callable[[], Answer]:
        """Return what makes the change, or previews it."""
        edit = late_policy_changed(
            course=self.course, activity=body["assessment"] or "", policy=body["policy"], editor=self.person
        )

        def answer() -> Answer:
            done = self.published(edit, body)
            if done.mistakes:
                raise ValidationError({"policy": [str(mistake) for mistake in done.mistakes]})
            return 200, dict(shapes.LateChangeOut(self.outcome(done)).data)

        return answer
