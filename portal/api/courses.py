from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.pages import PAGING, Pages, page_of
from course.permissions import Anyone
from course.rules.refusals import Refusal
from course.selectors import active_enrollment, course_by_slug, courses
from course.services import enroll, unenroll
from grading.selectors import certificate_of, course_grade
from portal.api.endpoint import Endpoint
from portal.selectors.api_outline import outline
from portal.serializers import learning


@extend_schema(parameters=PAGING, responses=page_of(learning.CourseRow))
class Courses(Endpoint):
    """The catalogue."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(courses(), request, self)
        return pages.get_paginated_response(learning.CourseRow(rows, many=True).data)


@extend_schema(responses=learning.Outline)
class OneCourse(Endpoint):
    """A course's outline with the state of each part; nothing is started for a visitor."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request, slug: str) -> Response:
        course = course_by_slug(slug)
        if request.user.is_authenticated:
            self.settle()
        return Response(outline_body(outline(course, request.user)))


class Enrollment(Endpoint):
    """Enroll (201, or 200 where one is enrolled already) and leave (204); leaving keeps the records."""

    @extend_schema(request=learning.EnrollmentIn, responses={200: learning.EnrollmentOut, 201: learning.EnrollmentOut})
    def post(self, request: Request, slug: str) -> Response:
        course, name = course_by_slug(slug), self.read(learning.EnrollmentIn).get("name", "")

        def answer() -> tuple[int, dict[str, Any]]:
            enrollment, is_new = enroll(user=request.user, course=course, name=name, now=self.now)
            body = {
                "course": course.slug,
                "name": enrollment.name,
                "role": enrollment.role,
                "enrolled_at": enrollment.enrolled_at,
            }
            return (201 if is_new else 200), dict(learning.EnrollmentOut(body).data)

        return self.once(answer)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        unenroll(user=request.user, course=course_by_slug(slug), now=self.now)
        return Response(status=204)


@extend_schema(responses=learning.Progress)
class Progress(Endpoint):
    """The grade: the very strings of the Progress page."""

    is_conditional = True

    def get(self, request: Request, slug: str) -> Response:
        course = course_by_slug(slug)
        refuse_stranger(request, course.pk)
        self.settle()
        return Response(progress_body(request, course.pk))


def refuse_stranger(request: Request, course_id: int) -> None:
    """Questions and grades are for those enrolled, and for staff to preview (D28)."""
    if not request.user.is_staff and active_enrollment(request.user, course_id) is None:
        raise Refusal("not_enrolled")


def progress_body(request: Request, course_id: int, grade: Any = None) -> dict[str, Any]:
    """The progress of the request's user; `grade` where the caller has it already."""
    grade = grade or course_grade(request.user.pk, course_id)
    link = certificate_link(request, request.user.pk, course_id, grade)
    return dict(learning.Progress(grade, context={"certificate": link}).data)


def certificate_link(request: Request, learner_id: int, course_id: int, grade: Any) -> dict[str, str] | None:
    """Where a learner's valid certificate can be verified."""
    state = certificate_of(learner_id, course_id) if grade.is_certified else None
    if state is None:
        return None
    code = state.certificate.code
    return {"code": code, "url": request.build_absolute_uri(f"/certificates/{code}/")}


def outline_body(found: Any) -> dict[str, Any]:
    modules = [
        {
            "id": part.module.pk,
            "title": part.module.title,
            "objectives": [objective["text"] for objective in part.module.objectives],
            "lessons": [row(lesson, "minutes") for lesson in part.lessons],
            "labs": [row(lab) for lab in part.labs],
            "assessments": [row(assessment, "kind") for assessment in part.assessments],
        }
        for part in found.modules
    ]
    return {"slug": found.course.slug, "title": found.course.title, "modules": modules}


def row(part: Any, *also: str) -> dict[str, Any]:
    extra = {name: getattr(part.subject, name) for name in also}
    return {"id": part.subject.pk, "title": part.subject.title, **extra, "state": part.state}
