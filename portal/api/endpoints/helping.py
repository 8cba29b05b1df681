"""Learners ask about lessons and labs; staff read and reply."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.sections import titled_parts
from course.selectors import lesson_by_id
from foundation.frame.endpoint import Endpoint, number
from foundation.idempotency import Answer
from foundation.paging import PAGING, NewestPages, page_of
from labs.rules.cells import numbered_cells, written_code
from labs.selectors import draft_of, lab_by_id
from people.access import course_seen, learner_or_preview, refuse_to_open
from people.endpoint import GROUP, Taught
from people.rules.roles import Permission
from portal.api.serializers import study
from quizzes.selectors import help_requests_in, own_help_requests, readable_help
from quizzes.services import HelpPlace, answer_help, ask_for_help

if TYPE_CHECKING:
    from course.models import Course

PAGE_OF_HELP = page_of(study.OwnHelpOut)
SHOW = OpenApiParameter("show", {"type": "string", "enum": ["open", "answered"]})


class HelpEndpoint(Endpoint):
    """Base of the endpoints for what a learner asked."""

    def listed(self, request: Request, course_id: int, place: str = "") -> Response:
        learner_or_preview(self.person, course_id)
        pages = NewestPages()
        rows = pages.paginate_queryset(own_help_requests(self.person.pk, course_id, place), request, self)
        found = readable_help(rows or [], self.person.pk)
        return pages.get_paginated_response(study.OwnHelpOut(found, many=True).data)

    def asked(self, course: "Course", place: HelpPlace, text: str, code: str = "") -> Response:
        def answer() -> Answer:
            found = ask_for_help(learner=self.person, course=course, place=place, text=text, code=code, now=self.now)
            return 201, dict(study.OwnHelpOut(*readable_help([found], self.person.pk)).data)

        return self.once(answer)


class OwnHelp(HelpEndpoint):
    """What you asked in a course, newest first, with the replies."""

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, slug: str) -> Response:
        return self.listed(request, course_seen(request.user, slug).pk)


class LessonHelp(HelpEndpoint):
    """Ask the instructors about a lesson or a section of it. Not while you sit an exam."""

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, lesson_id: str) -> Response:
        return self.listed(request, lesson_by_id(lesson_id).module.course_id, f"lesson:{lesson_id}")

    @extend_schema(request=study.LessonHelpIn, responses={201: study.OwnHelpOut})
    def post(self, request: Request, lesson_id: str) -> Response:
        lesson = lesson_by_id(lesson_id)
        course = lesson.module.course
        learner_or_preview(self.person, course.pk)
        refuse_to_open(request.user, course.pk, lesson.opens_at, self.now)
        body = self.read(study.LessonHelpIn)
        place = HelpPlace.within("lesson", lesson, body.get("section", ""), titled_parts(lesson.html))
        return self.asked(course, place, body["text"])


class LabHelp(HelpEndpoint):
    """Ask the instructors about a lab or a cell of it. Not while you sit an exam."""

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, lab_id: str) -> Response:
        return self.listed(request, lab_by_id(lab_id).course_id, f"lab:{lab_id}")

    @extend_schema(request=study.LabHelpIn, responses={201: study.OwnHelpOut})
    def post(self, request: Request, lab_id: str) -> Response:
        lab = lab_by_id(lab_id)
        learner_or_preview(self.person, lab.course_id)
        refuse_to_open(request.user, lab.course_id, lab.dates.opens_at, self.now)
        body = self.read(study.LabHelpIn)
        place = HelpPlace.within("lab", lab, body.get("cell", ""), numbered_cells(lab.cells))
        code = written_code(lab.cells, draft_of(lab, self.person.pk), place.section) if body.get("with_code") else ""
        return self.asked(lab.course, place, body["text"], code)


class HelpRequests(Taught):
    """What learners asked about lessons and labs, newest first: open, which is the default, or answered."""

    needs = Permission.ANSWER_REPORTS

    @extend_schema(parameters=[*PAGING, GROUP, SHOW], responses=page_of(study.HelpOfLearnerOut))
    def get(self, request: Request, slug: str) -> Response:
        show = request.query_params.getlist("show") or ["open"]
        if show not in (["open"], ["answered"]):
            raise ValidationError({"show": "open or answered."})
        rows = help_requests_in(self.course.pk, group=self.group_asked(request))
        rows = rows.filter(answered_at__isnull=show == ["open"])
        pages = NewestPages()
        found = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(study.HelpOfLearnerOut(found, many=True).data)


class HelpReply(Taught):
    """Reply to what a learner asked; a later reply replaces an earlier one."""

    needs = Permission.ANSWER_REPORTS

    @extend_schema(request=study.HelpReplyIn, responses={201: study.HelpOfLearnerOut})
    def post(self, request: Request, slug: str, request_id: str) -> Response:
        text = self.read(study.HelpReplyIn)["text"]

        def answer() -> Answer:
            found = answer_help(
                request_id=number(request_id), course_id=self.course.pk, actor=self.person, text=text, now=self.now
            )
            return 201, dict(study.HelpOfLearnerOut(found).data)

        return self.once(answer)
