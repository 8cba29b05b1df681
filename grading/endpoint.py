"""Base of the endpoints that show a grade, which settle what is due first."""

from foundation.frame.endpoint import Endpoint
from grading.selectors import SettledGrades
from grading.services import settle_grades
from people.endpoint import Taught


class GradeEndpoint(Endpoint):
    """Base of the API's views that may show a grade."""

    def settle(self) -> SettledGrades:
        """Settle what is due, then return the user's grades (D9)."""
        return settle_grades(now=self.now, learner_id=self.request.user.pk)


class TaughtGrades(Taught):
    """Base of the endpoints for staff that show or change grades."""

    def settle(self) -> SettledGrades:
        """Settle what is due, then return the grades of the whole course (D9)."""
        return settle_grades(now=self.now, course_id=self.course.pk)
