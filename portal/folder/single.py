"""One text of a folder, rendered while it is written: the heads of the others are read, and nothing else of them."""

from dataclasses import dataclass, replace

from course.rules.texts import LessonText
from portal.folder.course import HEAD, Part, read_head, read_part
from portal.folder.files import Addresses, Files
from portal.folder.labs import claim_lab
from portal.folder.lessons import read_lesson
from portal.folder.mistakes import Mistake
from portal.folder.questions import Place, read_questions
from portal.folder.reading import Reading
from portal.folder.sections import read_sections
from quizzes.rules.texts import QuestionText


@dataclass(frozen=True)
class SingleText:
    """What a text would become, as far as it can be read, with the mistakes and the advice that stand in it."""

    lesson: LessonText | None
    questions: tuple[QuestionText, ...]
    mistakes: tuple[Mistake, ...]
    advice: tuple[Mistake, ...]


def read_single(files: Files, addresses: Addresses, path: str) -> SingleText:
    """The text at `path`. What only the whole course shows (an id used twice, a key that is computed) is not seen here."""
    reading = Reading(files, addresses)
    head = read_head(reading)
    sections = read_sections(files)
    parts = [part for section in sections if (part := read_part(reading, section)) is not None]
    for part in parts:
        for folder in part.section.labs if part.section.is_module else ():
            claim_lab(reading, folder)
    found = SingleText(
        lesson=lesson_at(reading, parts, path),
        questions=questions_at(reading, parts, path, head.data["attempts"] if head else {}),
        mistakes=(),
        advice=(),
    )
    mine, advice = (
        [each for each in some if each.path == path] for some in (reading.mistakes.found, reading.mistakes.advice)
    )
    return replace(found, mistakes=tuple(sorted(mine)), advice=tuple(sorted(advice)))


def lesson_at(reading: Reading, parts: list[Part], path: str) -> LessonText | None:
    for part in parts:
        for position, front in enumerate(part.fronts):
            if front.path == path:
                return read_lesson(reading, front, position=position, is_open=False)
    return None


def questions_at(reading: Reading, parts: list[Part], path: str, attempts: dict[str, int]) -> tuple[QuestionText, ...]:
    folder, _, name = path.partition("/")
    if path == HEAD or not (name == "review.yaml" or (folder == "exam" and name.startswith("pool-"))):
        return ()
    modules = {objective["id"]: part.key for part in parts for objective in part.objectives}
    own = "" if folder == "exam" else next((part.key for part in parts if part.section.folder == folder), "")
    return read_questions(reading, Place(path, modules, own, attempts))
