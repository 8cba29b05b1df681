"""What a text would become, as a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

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


STRAY = gettext_lazy(
    "One question is edited here: its text cannot be empty, its id stays, and no other joins it. "
    "Add, rename or remove questions in the whole file."
)


def preview_of(found: Passage, text: str, single: SingleText, keys: Sequence[str]) -> Preview:
    """`keys` are the questions that stand in the file now."""
    shown = [question for question in single.questions if not found.key or question.source.strip() in text]
    stray = ((1, str(STRAY)),) if is_stray(found, single, keys) else ()
    return Preview(
        lesson=single.lesson,
        questions=tuple(Asked(question) for question in shown),
        mistakes=(*stray, *lines_of(found, single.mistakes)),
        advice=lines_of(found, single.advice),
    )


def is_stray(found: Passage, single: SingleText, keys: Sequence[str]) -> bool:
    """Would an edit of one question change which questions there are? Mistakes are told before."""
    if not found.key or single.mistakes:
        return False
    return [question.key for question in single.questions] != list(keys)


def lines_of(found: Passage, some: tuple[Mistake, ...]) -> tuple[tuple[int, str], ...]:
    return tuple((found.line(each.line), each.text) for each in some)
