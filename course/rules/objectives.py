"""What is counted of an objective: the answers that measure it, by where they were given."""

from typing import Literal, NamedTuple

type AnswerSource = Literal["review", "exam", "lab"]
ANSWER_SOURCES: tuple[AnswerSource, ...] = ("review", "exam", "lab")

type ObjectiveSource = tuple[str, AnswerSource]


class ObjectiveAnswers(NamedTuple):
    """The answers about an objective from one source: so many are right of so many, by so many learners.

    An answer is a final review question, a question of a settled exam, or a test in a lab's test run.
    """

    objective: str
    source: AnswerSource
    right: int
    answered: int
    learners: int
