"""Copies of a course for a new term."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from authoring.serializers import copies as shapes
from authoring.services import CopyPlan, copy_course, plan_copy
from foundation.idempotency import Answer
from foundation.refusals import refuses
from people.endpoint import Taught
from people.rules.roles import Permission


class CopiesOfCourse(Taught):
    """Copy the course to a new, hidden course that you teach, without its people. With `dry_run`, only preview it (200)."""

    needs = Permission.CHANGE_POLICY
    is_for_archive = True
    is_costly = True  # it reads the whole course

    @extend_schema(request=shapes.CopyIn, responses={200: shapes.CopyOut, 201: shapes.CopyOut})
    @refuses("course_exists", "copy_unfit")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.CopyIn)
        is_dry = body.pop("dry_run")

        def prepare() -> Callable[[], Answer]:
            plan = plan_copy(course=self.course, **body)
            if plan.mistakes:
                raise ValidationError({"slug": [str(mistake) for mistake in plan.mistakes]})
            return lambda: self.copied(plan, is_dry=is_dry)

        return self.once_prepared(prepare)

    def copied(self, plan: CopyPlan, *, is_dry: bool) -> Answer:
        if not is_dry:
            copy_course(plan=plan, source=self.course, author=self.person, now=self.now)
        return (200 if is_dry else 201), copy_body(plan)


def copy_body(plan: CopyPlan) -> dict[str, object]:
    fields = ("slug", "title", "lessons", "labs", "questions")
    body = {name: getattr(plan, name) for name in fields}
    return dict(shapes.CopyOut({**body, "dates": plan.moved}).data)
