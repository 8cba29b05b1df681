"""Render one text of a folder while it is being edited. Of other files, only the heads are read, and the glossary if the
text names a term.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from authoring.folder.captions import END as CAPTIONS
from authoring.folder.course import SectionInProgress, dates_around, read_head, read_part
from authoring.folder.files import Addresses, Files
from authoring.folder.glossary import check_glossary
from authoring.folder.labs import claim_lab, lab_folder, read_lab
from authoring.folder.lessons import read_lesson
from authoring.folder.media import check_captions
from authoring.folder.mistakes import Mistake
from authoring.folder.ordering import sections_in_order
from authoring.folder.questions import QuestionContext, read_questions
from authoring.folder.reading import FolderReading
from authoring.folder.sections import holds_questions, is_pool
from authoring.folder.strict import FIGURES
from authoring.folder.teaching import check_taught
from course.markup import TERM_LINK, render_fragment
from course.rules.headings import LessonHeadings
from course.rules.texts import LessonText
from labs.rules.texts import LabText
from lessons.rules.glossary import PATH as GLOSSARY_PATH
from quizzes.rules.texts import QuestionText


@dataclass(frozen=True)
class SingleText:
    """The result of a text, as far as it can be read, with its mistakes and advice. A lab's are those of all its files."""

    lesson: LessonText | None
    questions: tuple[QuestionText, ...]
    mistakes: tuple[Mistake, ...]
    advice: tuple[Mistake, ...]
    lab: LabText | None = None
    figure: str = ""
    language: str = ""  # the course's
    lessons: Sequence[LessonHeadings] = ()  # of the module of review questions, as published


def read_single(files: Files, addresses: Addresses, path: str, lessons: Sequence[LessonHeadings] = ()) -> SingleText:
    """Read the text at `path`. Mistakes that only the whole course shows (a duplicate id, a computed key) are not found here.

    With the published `lessons` of its module, a review question may name only a section that one of them has.
    """
    reading = FolderReading(files, addresses)
    head = read_head(reading)
    sections = sections_in_order(reading, head)
    parts = [part for section in sections if (part := read_part(reading, section)) is not None]
    for part in parts:
        folders = part.section.labs if part.section.is_module else ()
        part.labs += [claimed for folder in folders if (claimed := claim_lab(reading, folder)) is not None]
    if path == GLOSSARY_PATH or TERM_LINK.encode() in files.get(path, b""):
        check_glossary(reading)
    if path.lower().endswith(CAPTIONS):
        check_captions(reading)
    text = SingleText(
        lesson=lesson_at(reading, parts, path),
        questions=questions_at(reading, parts, path, head.data["attempts"] if head else {}),
        mistakes=(),
        advice=(),
        lab=lab_at(reading, parts, path),
        figure=figure_at(reading, path),
        language=head.data["language"] if head else "",
        lessons=lessons,
    )
    if lessons:
        check_taught(reading, text.questions, lessons)
    home = lab_folder(path)
    mine, advice = (
        [mistake for mistake in reported if mistake.path == path or (home and lab_folder(mistake.path) == home)]
        for reported in (reading.mistakes.all, reading.mistakes.advice)
    )
    return replace(text, mistakes=tuple(sorted(mine)), advice=tuple(sorted(advice)))


def lesson_at(reading: FolderReading, parts: list[SectionInProgress], path: str) -> LessonText | None:
    for part in parts:
        for position, front in enumerate(part.fronts):
            if front.path == path:
                return read_lesson(reading, front, position=position, is_open=False)
    return None


def questions_at(
    reading: FolderReading, parts: list[SectionInProgress], path: str, attempts: dict[str, int]
) -> tuple[QuestionText, ...]:
    folder, _, inside = path.partition("/")
    if "/" in inside or not holds_questions(path):
        return ()
    modules = {objective["id"]: part.key for part in parts for objective in part.objectives}
    own = "" if is_pool(path) else next((part.key for part in parts if part.section.folder == folder), "")
    return read_questions(reading, QuestionContext(path, modules, own, attempts))


def lab_at(reading: FolderReading, parts: list[SectionInProgress], path: str) -> LabText | None:
    for part in parts:
        for lab in part.labs:
            if lab.folder == lab_folder(path):
                own = {objective["id"] for objective in part.objectives}
                dates = dates_around(reading, part)
                return read_lab(reading, lab, module_key=part.key, objectives=own, position=0, dates=dates)
    return None


def figure_at(reading: FolderReading, path: str) -> str:
    """Return a figure as a lesson shows it."""
    if not path.endswith(FIGURES):
        return ""
    name = path.rpartition("/")[2]
    page = render_fragment(f"![{name}]({name})", reading.setting(path, 1))
    reading.report_problems(path, page.problems)
    return page.html
