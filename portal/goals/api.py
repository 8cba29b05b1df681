"""A learner's own weekly goal, and what they did this week."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.selectors import course_by_slug
from foundation.frame.endpoint import Endpoint
from foundation.refusals import refuses
from foundation.zones import known_zone
from people.access import learner_or_preview, refuse_unless_working
from portal.goals import serializers as shapes
from portal.goals.rules.goals import week_of
from portal.goals.selectors import goal_seen, studied_in
from portal.goals.services import remove_study_goal, set_study_goal

if TYPE_CHECKING:
    from course.models import Course
    from portal.goals.models import StudyGoal


class OwnGoal(Endpoint):
    """Your goal for each week in a course, and what you did this week. Nobody else can read them."""

    @extend_schema(responses=shapes.GoalWeekOut)
    @refuses(learner_or_preview)
    def get(self, request: Request, slug: str) -> Response:
        """A week begins on Monday in `timezone`: the goal's, or your account's as long as you have no goal."""
        course = course_by_slug(slug)
        learner_or_preview(self.person, course.pk)
        return self.week_in(course, goal_seen(self.person.pk, course.pk))

    @extend_schema(request=shapes.GoalIn, responses=shapes.GoalWeekOut)
    @refuses(refuse_unless_working, "goal_unfit")
    def put(self, request: Request, slug: str) -> Response:
        """Set the goal, and with `reminder` one email a week if you have not reached it: at an `hour` of a `day`, 1 for
        Monday, in your account's time zone, or in UTC if your account has none.
        """
        body = self.read(shapes.GoalIn)
        course, at = course_by_slug(slug), body.get("reminder")
        goal = set_study_goal(
            user=self.person,
            course=course,
            unit=body["unit"],
            amount=body["amount"],
            reminder=(at["day"], at["hour"]) if at else None,
            zone=self.person.timezone,
            now=self.now,
        )
        return self.week_in(course, goal)

    @extend_schema(responses={204: None})
    @refuses(refuse_unless_working)
    def delete(self, request: Request, slug: str) -> Response:
        """Remove the goal and its reminder."""
        remove_study_goal(user=self.person, course=course_by_slug(slug))
        return Response(status=204)

    def week_in(self, course: "Course", goal: "StudyGoal | None") -> Response:
        week = week_of(self.now, goal.zone if goal else known_zone(self.person.timezone))
        studied = studied_in(course.pk, self.person.pk, week)
        body = {
            "goal": goal and {"unit": goal.unit, "amount": goal.amount, "reminder": reminder_of(goal)},
            "timezone": str(week.zone),
            "first_day": week.days[0],
            "last_day": week.days[-1],
            "days_studied": sorted(studied.studied),
            "lessons_finished": studied.lessons,
            "questions_answered": studied.questions,
            "is_reached": goal is not None and studied.done(goal.unit) >= goal.amount,
        }
        return Response(shapes.GoalWeekOut(body).data)


def reminder_of(goal: "StudyGoal") -> dict[str, int | None] | None:
    return None if goal.reminder_day is None else {"day": goal.reminder_day, "hour": goal.reminder_hour}
