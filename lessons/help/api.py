"""Learners ask about lessons and labs; staff read and reply."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint, number
from foundation.idempotency import Answer
from foundation.paging import PAGING, NewestPages, page_of
from foundation.refusals import refuses
from lessons.help import serializers as shapes
from lessons.help.selectors import help_request_by_id, help_requests_in, own_help_requests, readable_help
from lessons.help.services import answer_help, ask_for_help
from lessons.help.subjects import subject_in, subject_page
from people.access import course_seen, learner_or_preview, refuse_to_open, refuse_unless_working
from people.endpoint import GROUP, Taught
from people.rules.roles import Permission

if TYPE_CHECKING:
    from activities.kinds import ActivityPage

PAGE_OF_HELP = page_of(shapes.OwnHelpOut)
SHOW = OpenApiParameter("show", {"type": "string", "enum": ["open", "answered"]})


@refuses(learner_or_preview)
class HelpEndpoint(Endpoint):
    """Base of the endpoints for what a learner asked; `kind` says about what. Not while you sit an exam."""

    kind: str

    def listed(self, request: Request, course_id: int, subject: str = "") -> Response:
        learner_or_preview(self.person, course_id)
        pages = NewestPages()
        rows = pages.paginate_queryset(own_help_requests(self.person.pk, course_id, subject), request, self)
        requests = readable_help(rows or [], self.person.pk)
        return pages.get_paginated_response(shapes.OwnHelpOut(requests, many=True).data)

    def listed_about(self, request: Request, page_id: str) -> Response:
        page = subject_page(self.kind, page_id)
        return self.listed(request, page.course.pk, f"{self.kind}:{page_id}")

    def opened(self, page_id: str) -> "ActivityPage":
        """Return the page if the learner may ask about it now. Raises Refusal."""
        page = subject_page(self.kind, page_id)
        learner_or_preview(self.person, page.course.pk)
        refuse_to_open(self.request.user, page.course.pk, page.opening_for(self.request.user.pk), self.now)
        return page

    @refuses(refuse_unless_working, "help_unfit", "help_during_exam", "help_still_open", "too_many_help_requests")
    def ask(self, page: "ActivityPage", section: str, text: str, code: str = "") -> Response:
        subject = subject_in(self.kind, page, section)

        def answer() -> Answer:
            question = ask_for_help(
                learner=self.person, course=page.course, subject=subject, text=text, code=code, now=self.now
            )
            return 201, dict(shapes.OwnHelpOut(*readable_help([question], self.person.pk)).data)

        return self.once(answer)


class OwnHelp(HelpEndpoint):
    """What you asked in a course, newest first, with the replies."""

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, slug: str) -> Response:
        return self.listed(request, course_seen(request.user, slug).pk)


class LessonHelp(HelpEndpoint):
    """Ask the instructors about a lesson or a section of it. Not while you sit an exam."""

    kind = "lesson"

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, lesson_id: str) -> Response:
        return self.listed_about(request, lesson_id)

    @extend_schema(request=shapes.LessonHelpIn, responses={201: shapes.OwnHelpOut})
    @refuses(HelpEndpoint.ask, refuse_to_open)
    def post(self, request: Request, lesson_id: str) -> Response:
        page, body = self.opened(lesson_id), self.read(shapes.LessonHelpIn)
        return self.ask(page, body.get("section", ""), body["text"])


class LabHelp(HelpEndpoint):
    """Ask the instructors about a lab or a cell of it. Not while you sit an exam."""

    kind = "lab"

    @extend_schema(parameters=PAGING, responses=PAGE_OF_HELP)
    def get(self, request: Request, lab_id: str) -> Response:
        return self.listed_about(request, lab_id)

    @extend_schema(request=shapes.LabHelpIn, responses={201: shapes.OwnHelpOut})
    @refuses(HelpEndpoint.ask, refuse_to_open)
    def post(self, request: Request, lab_id: str) -> Response:
        page, body = self.opened(lab_id), self.read(shapes.LabHelpIn)
        cell = body.get("cell", "")
        code = page.written(self.person.pk, cell) if body.get("with_code") else ""
        return self.ask(page, cell, body["text"], code)


class HelpRequests(Taught):
    """What learners asked about lessons and labs, newest first: open, which is the default, or answered."""

    needs = Permission.ANSWER_REPORTS
    is_for_limited = True

    @extend_schema(parameters=[*PAGING, GROUP, SHOW], responses=page_of(shapes.HelpOfLearnerOut))
    def get(self, request: Request, slug: str) -> Response:
        show = request.query_params.getlist("show") or ["open"]
        if show not in (["open"], ["answered"]):
            raise ValidationError({"show": "open or answered."})
        rows = help_requests_in(self.course.pk, group=self.group_asked(request), sight=self.sight)
        rows = rows.filter(answered_at__isnull=show == ["open"])
        pages = NewestPages()
        requests = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(shapes.HelpOfLearnerOut(requests, many=True).data)


class HelpReply(Taught):
    """Reply to what a learner asked; a later reply replaces an earlier one."""

    needs = Permission.ANSWER_REPORTS
    is_for_limited = True

    @extend_schema(request=shapes.HelpReplyIn, responses={201: shapes.HelpOfLearnerOut})
    @refuses("help_unfit")
    def post(self, request: Request, slug: str, request_id: str) -> Response:
        text = self.read(shapes.HelpReplyIn)["text"]
        help_request_by_id(self.course.pk, number(request_id), self.sight)

        def answer() -> Answer:
            answered = answer_help(
                request_id=number(request_id), course_id=self.course.pk, actor=self.person, text=text, now=self.now
            )
            return 201, dict(shapes.HelpOfLearnerOut(answered).data)

        return self.once(answer)
