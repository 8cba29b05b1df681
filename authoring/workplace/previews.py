"""Preview a text on a page."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from authoring.folder import Mistake, SingleText, review_name
from authoring.rules.passages import Passage
from course.rules.texts import LessonText
from labs.rules.texts import LabText
from questions import types
from questions.types.near_misses import FIELD, knows_numbers_of
from quizzes.rules.teaching import TaughtSection, taught_section
from quizzes.rules.texts import QuestionText, without_rendered_text
from quizzes.selectors import AnsweredQuestion


class NearMissPreview(NamedTuple):
    """A wrong value that the author named, the reason, and whether learners see it while they can try again."""

    value: str
    html: str
    is_early: bool


@dataclass(frozen=True)
class QuestionPreview:
    """A question as learners see it, with what only its author may see."""

    text: QuestionText
    language: str  # the course's
    answered: AnsweredQuestion | None = None  # the published version, if learners answered it
    section: TaughtSection | None = None  # where a wrong response leads

    @property
    def changes_key(self) -> bool:
        """Return whether this text marks responses differently from the version that learners answered."""
        if self.answered is None:
            return False
        return without_rendered_text([*self.answered.marking]) != without_rendered_text(
            [self.text.type, self.text.body, self.text.secret]
        )

    @property
    def type(self) -> types.QuestionType:
        return types.get(self.text.type)

    @property
    def context(self) -> dict[str, object]:
        return self.type.context(self.text.body, None, None)

    @property
    def key_text(self) -> str:
        return self.type.describe_key(self.text.body, self.text.secret)

    @property
    def near_misses(self) -> Iterator[NearMissPreview]:
        if FIELD not in self.type.fields:
            return
        key = self.text.secret
        may_name = review_name(self.text.file) is not None and knows_numbers_of(self.language)
        for value, html in key.get("whys", {}).items():
            wrong = json.loads(value)
            is_early = may_name and bool(self.type.why_wrong(wrong, key, is_open=True))
            yield NearMissPreview(self.type.describe(self.text.body, wrong), html, is_early)


@dataclass(frozen=True)
class Preview:
    """`mistakes` and `advice` are (line, sentence), with lines of the passage; line 0 is elsewhere in the file."""

    lesson: LessonText | None
    questions: tuple[QuestionPreview, ...]
    mistakes: tuple[tuple[int, str], ...]
    advice: tuple[tuple[int, str], ...]
    lab: LabText | None = None
    figure: str = ""

    @property
    def outdated(self) -> list[AnsweredQuestion]:
        """Return the questions whose published version learners answered and this text marks differently."""
        return [
            question.answered for question in self.questions if question.answered is not None and question.changes_key
        ]

    @property
    def is_page(self) -> bool:
        """Return whether there is anything to see. A course's or module's front matter has no page."""
        return self.lesson is not None or self.lab is not None or bool(self.questions or self.figure)


STRAY = gettext_lazy(
    "You are editing one question, so its text cannot be empty and its id cannot change. "
    "To add, rename or remove questions, edit the whole file."
)


def preview_of(
    passage: Passage, text: str, single: SingleText, keys: Sequence[str], answered: Mapping[str, AnsweredQuestion]
) -> Preview:
    """Return the preview. `keys` are the questions now in the file; `answered` are those that learners answered."""
    shown = [question for question in single.questions if not passage.key or question.source.strip() in text]
    stray = ((1, str(STRAY)),) if is_stray(passage, single, keys) else ()
    return Preview(
        lesson=single.lesson,
        questions=tuple(question_preview(single, question, answered.get(question.key)) for question in shown),
        mistakes=(*stray, *mistake_lines(passage, single.mistakes)),
        advice=mistake_lines(passage, single.advice),
        lab=single.lab,
        figure=single.figure,
    )


def question_preview(
    single: SingleText, question: QuestionText, answered: AnsweredQuestion | None = None
) -> QuestionPreview:
    section = taught_section(question.taught_in, question.objective, single.lessons)
    return QuestionPreview(question, single.language, answered, section)


def is_stray(passage: Passage, single: SingleText, keys: Sequence[str]) -> bool:
    """Return whether an edit of one question would add or remove questions, unless there are mistakes."""
    if not passage.key or single.mistakes:
        return False
    return [question.key for question in single.questions] != list(keys)


def mistake_lines(passage: Passage, mistakes: tuple[Mistake, ...]) -> tuple[tuple[int, str], ...]:
    """Return lines and sentences; what belongs to another file of the same lab names that file."""
    return tuple(
        (passage.line(mistake.line), mistake.text) if mistake.path == passage.path else (0, str(mistake))
        for mistake in mistakes
    )
