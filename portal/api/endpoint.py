"""What the endpoints that show a grade do besides: settle what is due."""

from course.api.endpoint import Endpoint as PlainEndpoint
from quizzes.services import settle_due


class Endpoint(PlainEndpoint):
    """Base of the API's views that may show a grade."""

    def settle(self) -> None:
        """Before a grade is shown (D9)."""
        settle_due(now=self.now, learner_id=self.request.user.pk)
