"""What waits for a learner's practice today."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import course_by_slug
from foundation.frame.endpoint import Endpoint
from foundation.refusals import refuses
from foundation.zones import known_zone
from people.access import access_of, refuse_unless_learner
from practice import serializers as shapes
from practice.selectors import practice_day, refuse_practice_in_exam


class OwnPractice(Endpoint):
    """Your practice of final review questions in a course. Nobody else can read it, and it changes no grade."""

    @extend_schema(responses=shapes.PracticeDayOut)
    @refuses(refuse_unless_learner, "practice_waits")
    def get(self, request: Request, slug: str) -> Response:
        """Return the questions that wait today, a day of your account's time zone. Reading them changes nothing; a response
        in the browser brings a question back on a later day.
        """
        course, zone = course_by_slug(slug), known_zone(self.person.timezone)
        refuse_unless_learner(access_of(self.person, course.pk))
        refuse_practice_in_exam(self.person.pk, self.now)
        day = practice_day(course_id=course.pk, learner_id=self.person.pk, zone=zone, now=self.now)
        body = {
            "day": day.day,
            "timezone": str(zone),
            "done": day.done,
            "questions": list(day.left),
            "minutes": day.minutes,
            "next_day": day.next_on,
            "next_count": day.next_count,
        }
        return Response(shapes.PracticeDayOut(body).data)
