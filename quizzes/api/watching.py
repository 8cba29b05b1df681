"""What staff see while a course runs: a learner, the running exams, and the figures of questions."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import number
from foundation.refusals import refuses
from foundation.serializers import json_of
from grading.endpoint import TaughtGrades
from grading.serializers import progress_body
from people.access import learner_in
from people.endpoint import GROUP, Taught, learner_names
from people.rules.roles import Permission
from people.selectors import multiplier_for
from quizzes.refusals import Refusal
from quizzes.selectors import analysis_of, assessment_by_id, running_sittings, sittings_in
from quizzes.serializers import analyses, sitting_at
from quizzes.serializers import instructing as shapes
from quizzes.services import analysis_of_group


class OneLearner(TaughtGrades):
    """A learner of the course: grade, exam time, sittings."""

    needs = Permission.SEE_GRADES
    is_for_limited = True

    @extend_schema(responses=shapes.LearnerDetail)
    def get(self, request: Request, slug: str, learner_id: str) -> Response:
        enrollment = learner_in(self.course.pk, number(learner_id))
        grade = self.settle().grade(enrollment.user_id, self.course.pk)
        body = {
            "learner": learner_names(enrollment),
            "enrolled_at": enrollment.enrolled_at,
            "unenrolled_at": enrollment.unenrolled_at,
            "multiplier": multiplier_for(enrollment),
            "sittings": [sitting_at(sitting, self.now) for sitting in sittings_in(self.course.pk, enrollment.user_id)],
            "progress": grade,
        }
        progress = progress_body(request, enrollment.user_id, self.course.pk, grade)
        return Response({**json_of(shapes.LearnerDetail, body), "progress": progress})


class RunningExams(TaughtGrades):
    """The running exams, also paused ones, which `extensions/` and `pauses/` change."""

    needs = Permission.EXTEND
    is_for_limited = True

    @extend_schema(parameters=[GROUP], responses=shapes.RunningExamsOut)
    def get(self, request: Request, slug: str) -> Response:
        self.settle()
        sittings = running_sittings(self.course.pk, self.now, group=self.group_asked(request), sight=self.sight)
        rows = [
            {
                "learner_id": sitting.learner_id,
                "username": sitting.learner.username,
                "name": sitting.learner.get_full_name(),
                "sitting": sitting_at(sitting, self.now),
            }
            for sitting in sittings
        ]
        return Response(shapes.RunningExamsOut({"server_time": self.now, "sittings": rows}).data)


class QuestionAnalysis(Taught):
    """The figures of an assessment's questions: as last computed over all learners, or of one group, computed now."""

    needs = Permission.SEE_ANALYSIS

    @extend_schema(parameters=[GROUP], responses=analyses.AnalysisOut)
    @refuses("group_too_large")
    def get(self, request: Request, slug: str, assessment_id: str) -> Response:
        assessment, group = assessment_by_id(assessment_id), self.group_asked(request)
        if assessment.course_id != self.course.pk:
            raise Refusal("not_found")
        of_group = {"assessment": assessment, "group": group, "now": self.now}
        analysis = analysis_of_group(**of_group) if group else analysis_of(assessment)
        figures = analysis.facts if analysis else {}
        body = {
            "assessment_id": assessment.pk,
            "computed_at": analysis and analysis.computed_at,
            "learners": figures.get("learners", 0),
            "alpha": figures.get("alpha"),
            "questions": figures.get("items", []),
        }
        return Response(analyses.AnalysisOut(body).data)
