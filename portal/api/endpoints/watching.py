"""What staff see of a class while a course runs: its people, the running exams, and the figures of questions."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.paging import PAGING, Pages, page_of
from grading.endpoint import TaughtGrades
from people.api import member_facts
from people.endpoint import GROUP, Taught
from people.rules.roles import Permission
from people.selectors import groups_by_enrollment, learners_in
from portal.api.serializers import watching as shapes
from portal.refusals import Refusal
from quizzes.selectors import analysis_of, assessment_by_id, running_sittings
from quizzes.serializers import sitting_at
from quizzes.services import analysis_of_group

SHOW = OpenApiParameter("show", {"type": "string", "enum": ["enrolled", "left"]})


class ClassMembers(Taught):
    """The learners of the class, in the order of enrollment, or those who left or were removed."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(parameters=[*PAGING, GROUP, SHOW], responses=page_of(shapes.ClassMemberOut))
    def get(self, request: Request, slug: str) -> Response:
        show = request.query_params.getlist("show") or ["enrolled"]
        if show not in (["enrolled"], ["left"]):
            raise ValidationError({"show": "enrolled or left."})
        rows = learners_in(self.course.pk, group=self.group_asked(request), has_left=show == ["left"]).order_by("pk")
        pages = Pages()
        found = pages.paginate_queryset(rows, request, self)
        groups = groups_by_enrollment([row.pk for row in found])
        bodies = [
            {
                **member_facts(row, groups.get(row.pk, [])),
                "email": row.user.email,
                "enrolled_at": row.enrolled_at,
            }
            for row in found
        ]
        return pages.get_paginated_response(shapes.ClassMemberOut(bodies, many=True).data)


class RunningExams(TaughtGrades):
    """The running exams, also paused ones, which `extensions/` and `pauses/` change."""

    needs = Permission.EXTEND

    @extend_schema(parameters=[GROUP], responses=shapes.RunningExamsOut)
    def get(self, request: Request, slug: str) -> Response:
        self.settle()
        found = running_sittings(self.course.pk, self.now, group=self.group_asked(request))
        rows = [
            {
                "learner_id": sitting.learner_id,
                "username": sitting.learner.username,
                "name": sitting.learner.get_full_name(),
                "sitting": sitting_at(sitting, self.now),
            }
            for sitting in found
        ]
        return Response(shapes.RunningExamsOut({"server_time": self.now, "sittings": rows}).data)


class QuestionAnalysis(Taught):
    """The figures of an assessment's questions: as last computed over all learners, or of one group, computed now."""

    needs = Permission.SEE_ANALYSIS

    @extend_schema(parameters=[GROUP], responses=shapes.AnalysisOut)
    def get(self, request: Request, slug: str, assessment_id: str) -> Response:
        assessment, group = assessment_by_id(assessment_id), self.group_asked(request)
        if assessment.course_id != self.course.pk:
            raise Refusal("not_found")
        of_group = {"assessment": assessment, "group": group, "now": self.now}
        found = analysis_of_group(**of_group) if group else analysis_of(assessment)
        facts = found.facts if found else {}
        body = {
            "assessment_id": assessment.pk,
            "computed_at": found and found.computed_at,
            "learners": facts.get("learners", 0),
            "alpha": facts.get("alpha"),
            "questions": facts.get("items", []),
        }
        return Response(shapes.AnalysisOut(body).data)
