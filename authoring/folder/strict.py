"""What only a strict check reports: a course that can be loaded but should not be published like this."""

import csv
from collections import defaultdict
from collections.abc import Sequence

from authoring.folder.captions import END as CAPTIONS
from authoring.folder.files import picture_fault
from authoring.folder.habits import echoes, habits_of, near_equal, places
from authoring.folder.outputs import is_output
from authoring.folder.reading import FolderReading
from course.markup import svg_html
from course.rules.texts import ModuleText
from quizzes.rules.texts import AssessmentText, QuestionText

SOURCES = "data/sources.csv"
COLUMNS = ["path", "kind", "source", "licence", "made_by"]
FIGURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
HEAVY = 400_000  # bytes of a picture that a phone waits for
PROGRAMS = (".py",)


def advise(reading: FolderReading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]) -> None:
    _advise_objectives(reading, modules, assessments)
    _advise_questions(reading, [question for assessment in assessments for question in assessment.questions])
    _advise_files(reading)
    _advise_gaps(reading, modules, assessments)


def _advise_objectives(
    reading: FolderReading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]
) -> None:
    asked = {
        question.objective
        for assessment in assessments
        if assessment.kind == "review"
        for question in assessment.questions
    }
    for module in modules:
        for objective in module.objectives:
            if objective["id"] not in asked:
                path = f"{module.folder}/module.yaml"
                line = int(reading.ids["objective", objective["id"]].rpartition(":")[2])
                reading.mistakes.advise(path, line, f"no review question asks for the objective “{objective['id']}”.")


def _advise_gaps(reading: FolderReading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]) -> None:
    reviewed = {assessment.module_key for assessment in assessments if assessment.kind == "review"}
    for module in modules:
        if module.objectives and module.key not in reviewed:
            reading.mistakes.advise(f"{module.folder}/module.yaml", 1, "this module has no review questions.")
    if not any(assessment.kind == "exam" for assessment in assessments):
        reading.mistakes.advise("course.yaml", 1, "this course has no exam.")


def _advise_questions(reading: FolderReading, questions: Sequence[QuestionText]) -> None:
    by_file: dict[str, list[QuestionText]] = defaultdict(list)
    for question in questions:
        by_file[question.file].append(question)
    for path, its in by_file.items():
        for text in habits_of(its):
            reading.mistakes.advise(path, 1, text)
    for question, text in [*echoes(questions), *places(questions), *near_equal(questions)]:
        reading.mistakes.advise(question.file, _line_of_question(reading, question), f"“{question.key}”: {text}")


def _line_of_question(reading: FolderReading, question: QuestionText) -> int:
    return int(reading.ids["question", question.key].rpartition(":")[2])


def _advise_files(reading: FolderReading) -> None:
    listed = _listed(reading)
    for path in sorted(reading.files):
        if is_output(path) and path.endswith(FIGURES) and path not in reading.used:
            reading.mistakes.advise(path, 1, "no output of a listing uses this picture.")
        if path.lower().endswith(CAPTIONS) and path not in reading.used:
            reading.mistakes.advise(path, 1, "no recording uses these captions.")
        if "/labs/" in path or not _is_material(path):
            continue
        if path not in reading.used and path.lower().endswith(FIGURES):
            reading.mistakes.advise(path, 1, "nothing uses this file.")
        if path in reading.used:
            _advise_look(reading, path)
        if path not in listed:
            reading.mistakes.advise(path, 1, f"{SOURCES} does not say where this file comes from.")
    for path, line in listed.items():
        if path not in reading.files:
            reading.mistakes.advise(SOURCES, line, f"the file “{path}” does not exist.")


def _advise_look(reading: FolderReading, path: str) -> None:
    """Name drawings that do not follow the theme, and pictures that a phone waits for."""
    if path.lower().endswith(".svg") and (problems := svg_html(reading.text(path), "")[1]):
        text = f"this drawing is shown as a picture, in the dark theme on a light plate, because {problems[0]}"
        reading.mistakes.advise(path, 1, text)
    elif fault := picture_fault(path, reading.files[path]):
        reading.mistakes.advise(path, 1, f"the file {fault}.")
    elif path.lower().endswith(FIGURES) and len(reading.files[path]) > HEAVY:
        size = f"{len(reading.files[path]) // 1000:,} kB"
        text = f"this picture has {size}. Upload it in the workplace, which makes it smaller, or do so yourself."
        reading.mistakes.advise(path, 1, text)


def _is_material(path: str) -> bool:
    folders = path.split("/")[:-1]
    return path != SOURCES and not path.endswith(PROGRAMS) and bool({"figures", "data"} & {*folders})


def _listed(reading: FolderReading) -> dict[str, int]:
    if SOURCES not in reading.files:
        return {}
    rows = csv.DictReader(reading.text(SOURCES).splitlines())
    if rows.fieldnames != COLUMNS:
        reading.mistakes.advise(SOURCES, 1, f"the columns are {','.join(COLUMNS)}.")
        return {}
    return {row["path"]: number for number, row in enumerate(rows, 2)}
