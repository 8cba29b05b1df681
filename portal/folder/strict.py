"""What only a strict check says: what a course can be loaded with, but should not be shipped with."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from course.rules.texts import ModuleText
from portal.folder.reading import Reading
from quizzes.rules.texts import AssessmentText, QuestionText

SOURCES = "data/sources.csv"
COLUMNS = ["path", "kind", "source", "licence", "made_by"]
FIGURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
PROGRAMS = (".py",)
ENOUGH = 5  # questions of one kind in a file, from which a habit can be seen
HABIT = 0.6  # the share of them in which the longest option may be right
LONG_WORD = re.compile(r"[^\W\d_]{6,}")


def advise(reading: Reading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]) -> None:
    _advise_objectives(reading, modules, assessments)
    by_file: dict[str, list[QuestionText]] = defaultdict(list)
    for assessment in assessments:
        for question in assessment.questions:
            by_file[question.file].append(question)
    for path, questions in by_file.items():
        for text in _habits(questions):
            reading.mistakes.advise(path, 1, text)
        for question in questions:
            if _echoes(question):
                reading.mistakes.advise(
                    path,
                    _line(reading, question),
                    f"“{question.key}”: only the right option repeats words of the prompt.",
                )
    _advise_files(reading)
    _advise_gaps(reading, modules, assessments)


def _advise_objectives(reading: Reading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]) -> None:
    asked = {question.objective for each in assessments if each.kind == "review" for question in each.questions}
    for module in modules:
        for objective in module.objectives:
            if objective["id"] not in asked:
                path = f"{module.folder}/module.yaml"
                line = int(reading.ids["objective", objective["id"]].rpartition(":")[2])
                reading.mistakes.advise(path, line, f"no review question asks for the objective “{objective['id']}”.")


def _advise_gaps(reading: Reading, modules: Sequence[ModuleText], assessments: Sequence[AssessmentText]) -> None:
    reviewed = {each.module_key for each in assessments}
    for module in modules:
        if module.objectives and module.key not in reviewed:
            reading.mistakes.advise(f"{module.folder}/module.yaml", 1, "this module has no review questions.")
    if not any(each.kind == "exam" for each in assessments):
        reading.mistakes.advise("course.yaml", 1, "this course has no exam.")


def _habits(questions: Sequence[QuestionText]) -> Iterator[str]:
    answers = [question.secret["answer"] for question in questions if question.type == "true_false"]
    if len(answers) >= ENOUGH and len(set(answers)) == 1:
        yield f"all {len(answers)} true/false questions here have the same answer."
    choices = [question for question in questions if question.type == "single_choice"]
    longest = sum(_right_is_longest(question) for question in choices)
    if len(choices) >= ENOUGH and longest > HABIT * len(choices):
        yield f"in {longest} of {len(choices)} single choice questions here the longest option is right."


def _right_is_longest(question: QuestionText) -> bool:
    right, wrong = _options(question)
    return len(right) > max(len(each) for each in wrong)


def _options(question: QuestionText) -> tuple[str, list[str]]:
    texts = {option["id"]: option["source"] for option in question.body["options"]}
    right = question.secret["right"][0]
    return texts[right], [text for key, text in texts.items() if key != right]


def _echoes(question: QuestionText) -> bool:
    if question.type != "single_choice":
        return False
    right, wrong = _options(question)
    asked = _words(question.prompt) & _words(right)
    return len(asked - _words(" ".join(wrong))) > 1


def _words(text: str) -> set[str]:
    return {word.casefold() for word in LONG_WORD.findall(text)}


def _line(reading: Reading, question: QuestionText) -> int:
    return int(reading.ids["question", question.key].rpartition(":")[2])


def _advise_files(reading: Reading) -> None:
    listed = _listed(reading)
    for path in sorted(reading.files):
        if "/labs/" in path or not _is_material(path):
            continue
        if path not in reading.used and path.endswith(FIGURES):
            reading.mistakes.advise(path, 1, "nothing uses this file.")
        if path not in listed:
            reading.mistakes.advise(path, 1, f"{SOURCES} does not say where this file comes from.")
    for path, line in listed.items():
        if path not in reading.files:
            reading.mistakes.advise(SOURCES, line, f"there is no file “{path}”.")


def _is_material(path: str) -> bool:
    folders = path.split("/")[:-1]
    return path != SOURCES and not path.endswith(PROGRAMS) and bool({"figures", "data"} & {*folders})


def _listed(reading: Reading) -> dict[str, int]:
    if SOURCES not in reading.files:
        return {}
    rows = csv.DictReader(reading.text(SOURCES).splitlines())
    if rows.fieldnames != COLUMNS:
        reading.mistakes.advise(SOURCES, 1, f"the columns are {','.join(COLUMNS)}.")
        return {}
    return {row["path"]: number for number, row in enumerate(rows, 2)}
