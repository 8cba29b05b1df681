"""What a text would become, as a page shows it."""

from dataclasses import dataclass
from typing import Any

from course.rules.texts import LessonText
from portal.folder import Mistake, SingleText
from portal.rules.passages import Passage
from quizzes import types
from quizzes.rules.texts import QuestionText


@dataclass(frozen=True)
class Asked:
    """A question as learners see it, and what only its author may."""

    text: QuestionText

    @property
    def type(self) -> types.QuestionType:
        return types.get(self.text.type)

    @property
    def context(self) -> dict[str, Any]:
        return self.type.context(self.text.body, None, None)

    @property
    def key_text(self) -> str:
        return self.type.describe_key(self.text.body, self.text.secret)


@dataclass(frozen=True)
class Preview:
    """`mistakes` and `advice` are (line, sentence), counted from the passage; line 0 stands elsewhere in the file."""

    lesson: LessonText | None
    questions: tuple[Asked, ...]
    mistakes: tuple[tuple[int, str], ...]
    advice: tuple[tuple[int, str], ...]

    @property
    def is_page(self) -> bool:
        """Is there anything to see? A course's and a module's head have no page of their own."""
        return self.lesson is not None or bool(self.questions)


def preview_of(found: Passage, text: str, single: SingleText) -> Preview:
    shown = [question for question in single.questions if not found.key or question.source.strip() in text]
    return Preview(
        lesson=single.lesson,
        questions=tuple(Asked(question) for question in shown),
        mistakes=lines_of(found, single.mistakes),
        advice=lines_of(found, single.advice),
    )


def lines_of(found: Passage, some: tuple[Mistake, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((found.line(each.line), each.text) for each in some)
