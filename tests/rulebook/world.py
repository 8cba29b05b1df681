"""A small world for scenarios, and the table that collects scenarios by the numbers of their rules."""

from collections.abc import Callable

from quizzes.models import SittingQuestion
from tests import factories as make
from tests.rulebook.drivers import Driver

TABLE: list[tuple[str, Callable[..., None]]] = []


def rule(*numbers: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(scenario: Callable[..., None]) -> Callable[..., None]:
        TABLE.extend((number, scenario) for number in numbers)
        return scenario

    return add


class World:
    """A course with a review of three questions and an exam that draws two of three; its learner is enrolled."""

    def __init__(self, driver: type[Driver], **course_fields) -> None:
        self.course = make.make_course(**course_fields)
        self.review = make.make_review(course=self.course, kinds=["true_false", "numeric", "single_choice"])
        self.exam = make.make_exam(course=self.course, drawn=2, pool=3, kinds=["numeric"])
        self.learner = make.enroll(course=self.course)
        self.by = driver(self.learner)
        self.true_false, self.numeric, self.single = self.review.questions.all()

    def percent(self) -> str:
        return self.by.percent(self.course)

    def paper(self):
        """Return the questions of the learner's exam."""
        rows = SittingQuestion.objects.filter(sitting__assessment=self.exam, sitting__is_void=False)
        return [row.question for row in rows.select_related("question__current", "question__assessment")]
