"""What answers show of each objective of a course, to a learner and of a class."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import published_course
from foundation.refusals import refuses
from grading.endpoint import GradeEndpoint, TaughtGrades
from people.access import learner_or_preview
from people.endpoint import GROUP
from people.rules.roles import Permission
from portal.mastery import serializers as shapes
from portal.mastery.rules.mastery import FEWEST
from portal.mastery.selectors import mastery_in_class, mastery_of


class OwnObjectives(GradeEndpoint):
    """How many of your answers about each objective are right, by source, and the lessons to read again."""

    @extend_schema(responses=shapes.OwnObjectivesOut)
    @refuses(learner_or_preview)
    def get(self, request: Request, slug: str) -> Response:
        """None of it is part of your grade. Those who preview the course get the objectives without answers."""
        course = published_course(slug)
        learner_id = learner_or_preview(self.person, course.pk)
        self.settle()
        body = {"fewest": FEWEST, "modules": mastery_of(course.pk, learner_id, self.now)}
        return Response(shapes.OwnObjectivesOut(body).data)


class ClassObjectives(TaughtGrades):
    """How many answers of the class about each objective are right, by source, and how many questions measure it."""

    needs = Permission.SEE_ANALYSIS

    @extend_schema(parameters=[GROUP], responses=shapes.ClassObjectivesOut)
    def get(self, request: Request, slug: str) -> Response:
        group = self.group_asked(request)
        self.settle()
        body = {"fewest": FEWEST, "modules": mastery_in_class(self.course.pk, group, self.now)}
        return Response(shapes.ClassObjectivesOut(body).data)
