from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import course_by_slug, listed_in_catalog, published_course
from foundation.frame.endpoint import Endpoint, leads
from foundation.idempotency import Answer
from foundation.paging import PAGING, Pages, page_of
from foundation.permissions import Anyone
from foundation.refusals import refuses
from foundation.serializers import json_of
from grading.endpoint import GradeEndpoint
from grading.serializers import Progress, progress_body
from people.access import access_of, course_seen, refuse_stranger, refuse_to_show
from people.services import enroll, unenroll
from portal.api.selectors import ApiOutline, ApiOutlineItem, api_outline
from portal.api.serializers import learning


@extend_schema(parameters=PAGING, responses=page_of(learning.CourseRow))
@leads(slug="/results/0/slug")
@refuses()
class Courses(Endpoint):
    """The catalog: the listed courses. `GET /me/` names those that you take, listed or not."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request) -> Response:
        pages = Pages()
        rows = pages.paginate_queryset(listed_in_catalog(), request, self)
        return pages.get_paginated_response(learning.CourseRow(rows, many=True).data)


@extend_schema(responses=learning.Outline)
@leads(lesson_id="/modules/0/lessons/0/id", lab_id="/modules/0/labs/0/id", assessment_id="/modules/0/assessments/0/id")
@refuses()
class OneCourse(GradeEndpoint):
    """A course's outline with the state of each part. For a visitor, nothing is started."""

    permission_classes = [Anyone]
    is_conditional = True

    def get(self, request: Request, slug: str) -> Response:
        user = request.user
        course = course_seen(user, slug)
        grade = self.settle().grade_shown(user.pk, course.pk) if user.is_authenticated else None
        return Response(outline_body(api_outline(course, user, grade)))


class OwnEnrollment(Endpoint):
    """Enroll (201, or 200 if you are enrolled already) and leave (204). Leaving keeps the records."""

    @extend_schema(request=learning.EnrollmentIn, responses={200: learning.EnrollmentOut, 201: learning.EnrollmentOut})
    @leads(slug="/course")
    @refuses(
        "course_archived",
        "course_not_open",
        "course_closed",
        "removed_from_class",
        "enrollment_closed",
        "invitation_needed",
        "code_incorrect",
        "invitation_revoked",
        "invitation_expired",
        "invitation_used_up",
    )
    def post(self, request: Request, slug: str) -> Response:
        wish, course = self.read(learning.EnrollmentIn), course_by_slug(slug)

        def answer() -> Answer:
            enrollment, is_new = enroll(user=self.person, course=course, now=self.now, **wish)
            body = {
                "course": course.slug,
                "name": enrollment.name,
                "role": enrollment.role,
                "enrolled_at": enrollment.enrolled_at,
            }
            return (201 if is_new else 200), json_of(learning.EnrollmentOut, body)

        return self.once(answer)

    @extend_schema(responses={204: None})
    @refuses("teaches_the_course", "course_archived")
    def delete(self, request: Request, slug: str) -> Response:
        course = course_by_slug(slug)
        refuse_to_show(self.person, course)
        unenroll(user=self.person, course=course, now=self.now)
        return Response(status=204)


@extend_schema(responses=Progress)
@leads(assessment_id="/items/0/id")
@refuses(refuse_stranger)
class OwnProgress(GradeEndpoint):
    """Your grade, with the same strings as the Progress page."""

    is_conditional = True

    def get(self, request: Request, slug: str) -> Response:
        course = published_course(slug)
        refuse_stranger(access_of(request.user, course.pk))
        grade = self.settle().grade_shown(self.person.pk, course.pk)
        return Response(progress_body(request, self.person.pk, course.pk, grade))


def outline_body(outline: ApiOutline) -> dict[str, object]:
    modules = [
        {
            "id": part.module.pk,
            "title": part.module.title,
            **part.module.dates.named,
            "objectives": [objective["text"] for objective in part.module.objectives],
            "lessons": [row(lesson, "minutes") for lesson in part.lessons],
            "labs": [row(lab, "minutes") for lab in part.labs],
            "assessments": [row(assessment, "kind") | assessment.dates.named for assessment in part.assessments],
        }
        for part in outline.modules
    ]
    return {"slug": outline.course.slug, "title": outline.course.title, "modules": modules}


def row(part: ApiOutlineItem, *also: str) -> dict[str, object]:
    extra = {name: getattr(part.subject, name) for name in also}
    return {"id": part.subject.pk, "title": part.subject.title, **extra, "state": part.state}
