"""Check where review questions say that they are taught (`taught_in`)."""

from collections.abc import Iterable, Mapping, Sequence

from authoring.folder.reading import FolderReading
from course.rules.headings import LessonHeadings
from course.rules.texts import ModuleText
from quizzes.rules.teaching import taught_in_problem
from quizzes.rules.texts import QuestionText


def lessons_with_headings(modules: Iterable[ModuleText]) -> Mapping[str, Sequence[LessonHeadings]]:
    """Return the lessons of each module with their headings, by the key of the module."""
    lessons: dict[str, list[LessonHeadings]] = {}
    for module in modules:  # two of them have the same key if an author repeats one by mistake
        lessons.setdefault(module.key, []).extend(
            LessonHeadings("", lesson.key, lesson.title, lesson.objectives, lesson.contents)
            for lesson in module.lessons
        )
    return lessons


def check_taught(reading: FolderReading, questions: Iterable[QuestionText], lessons: Sequence[LessonHeadings]) -> None:
    """Report each question that names a lesson or a section that its module does not have. `lessons` are the module's."""
    for question in questions:
        problem = question.taught_in and taught_in_problem(question.taught_in, lessons)
        if problem:
            keys = (question.position, "taught_in")  # review questions have their positions in the file
            reading.report_at(question.file, reading.document(question.file), keys, f"{problem}.")
