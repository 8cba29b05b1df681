"""The late policies of a course over the API (D34): read them, preview a change, and make exactly that change."""

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.refusals import Refusal
from authoring.serializers import late_policies as shapes
from authoring.services import Effects, Load, change_late_policy, late_places, late_policy_changed
from course.services import text_digest
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
            status, said = prepare()()
            return Response(said, status)
        self.settle()  # before the key's transaction, which would keep learners locked while it waits for the course
        return self.once_prepared(prepare)

    def accept(self, body: Mapping[str, object]) -> Callable[[Effects], bool]:
        """Return what decides whether these effects are those that the body expects."""
        return lambda effects: not body["dry_run"] and (not effects or effects_digest(effects) == body["expected"])

    def outcome(self, done: Load, body: Mapping[str, object]) -> dict[str, object]:
        """Return what moved, or would. Raises Refusal preview_stale if other grades would move than expected."""
        if not done.is_written and not body["dry_run"]:
            raise Refusal("preview_stale")
        return {
            "expected": effects_digest(done.effects),
            "is_written": done.is_written,
            "movements": done.movements,
            "lowered": [str(each) for each in done.lowered],
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
        edit = late_policy_changed(course=self.course, activity=body["assessment"] or "", policy=body["policy"])

        def answer() -> Answer:
            done = change_late_policy(
                course=self.course,
                edit=edit,
                policy=body["policy"],
                author=self.person,
                accept=self.accept(body),
                now=self.now,
            )
            if not isinstance(done, Load):
                raise ValidationError({"policy": [str(mistake) for mistake in done]})
            return 200, dict(shapes.LateChangeOut(self.outcome(done, body)).data)

        return answer


def effects_digest(effects: Effects) -> str:
    return text_digest(repr(effects))
