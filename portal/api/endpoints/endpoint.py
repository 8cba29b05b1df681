"""Base of the endpoints that show a grade, which settle what is due first."""

from foundation.endpoint import Endpoint as PlainEndpoint
from quizzes.selectors import SettledGrades
from quizzes.services import settle_grades


class GradeEndpoint(PlainEndpoint):
    """Base of the API's views that may show a grade."""

    def settle(self) -> SettledGrades:
        """Settle what is due, then return the user's grades (D9)."""
        return settle_grades(now=self.now, learner_id=self.request.user.pk)
