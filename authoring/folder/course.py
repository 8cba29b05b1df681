"""Read the whole folder: every mistake in it, or the course that it describes.

This is the only format of a course so far. The reader of another one would give the files of such a folder, as `read_files`
does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from authoring.folder.attempts import read_attempts
from authoring.folder.columns import columns_of_course
from authoring.folder.dates import read_dates
from authoring.folder.document import Document
from authoring.folder.exams import read_exam, read_review, review_file, review_title
from authoring.folder.exposing import warn_of_exposed_keys
from authoring.folder.files import Addresses, Files, folder_digest
from authoring.folder.glossary import check_glossary
from authoring.folder.labs import LabFolder, claim_lab, read_lab
from authoring.folder.lateness import read_late
from authoring.folder.lessons import Front, read_front, read_lesson
from authoring.folder.media import check_captions
from authoring.folder.mistakes import Mistake
from authoring.folder.ordering import assessment_path, lines_in_order, sections_in_order, with_part_order
from authoring.folder.policy import category_text, check_categories, check_members, lab_category
from authoring.folder.reading import FolderReading
from authoring.folder.sections import OutlineFolder, is_assessment, misplaced, review_place
from authoring.folder.shapes import COURSE, MODULE
from authoring.folder.showing import read_show
from authoring.folder.solutions import advise_on_silent_labs, with_solution_terms
from authoring.folder.strict import advise
from authoring.folder.teaching import check_taught, lessons_with_headings
from authoring.folder.value_functions import FunctionQuestion
from authoring.folder.writing import value_at
from course.rules.schedule import UNDATED, Dates
from course.rules.texts import ColumnText, CourseText, FileText, ModuleText
from labs.rules.texts import LabText
from quizzes.rules.texts import AssessmentText

HEAD = "course.yaml"
NO_ORDERS: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(frozen=True)
class FolderText:
    """A course as described by its folder. It is complete only without mistakes."""

    course: CourseText | None
    assessments: tuple[AssessmentText, ...]
    digest: str
    mistakes: tuple[Mistake, ...]
    advice: tuple[Mistake, ...]
    labs: tuple[LabText, ...] = ()
    warnings: tuple[Mistake, ...] = ()
    functions: tuple[FunctionQuestion, ...] = ()  # questions whose values or keys come from functions


@dataclass
class SectionInProgress:
    """A section while it is being read."""

    section: OutlineFolder
    document: Document
    source: str
    fronts: list[Front] = field(default_factory=list)
    labs: list[LabFolder] = field(default_factory=list)
    dates: Dates = UNDATED  # the module's own

    @property
    def key(self) -> str:
        return str(self.document.data["id"])

    @property
    def objectives(self) -> list[dict[str, str]]:
        objectives: list[dict[str, str]] = self.document.data["objectives"]
        return objectives


def read_course(files: Files, addresses: Addresses, orders: Mapping[str, Sequence[str]] = NO_ORDERS) -> FolderText:
    """Read everything, even after mistakes. `orders` replace those of the heads at these paths."""
    reading = FolderReading(files, addresses, orders=orders)
    head = read_head(reading)
    sections = sections_in_order(reading, head)
    for path, reason in misplaced(files, sections):
        reading.mistakes.report(path, 1, reason)
    parts = [part for section in sections if (part := read_part(reading, section)) is not None]
    _check_objectives(reading, parts)
    check_glossary(reading)
    check_captions(reading)
    labs = tuple(_read_labs(reading, parts))
    modules = tuple(_read_module(reading, part, parts) for part in parts)
    attempts = head.data["attempts"] if head else {}
    assessments = tuple(_in_order(_assessments(reading, parts, attempts)))
    modules = tuple(_with_line_order(*pair, labs, assessments) for pair in zip(modules, parts, strict=True))
    lessons = lessons_with_headings(modules)
    for review in (assessment for assessment in assessments if assessment.kind == "review"):
        check_taught(reading, review.questions, lessons.get(review.module_key, ()))
    if head:
        activities = [(assessment.key, assessment.kind) for assessment in assessments] + [
            (lab.key, "lab") for lab in labs if lab.tests
        ]
        check_members(reading, HEAD, head, activities)
        _check_judged(reading, head, parts, labs)
        labs = with_solution_terms(head, labs)
    columns = columns_of_course(reading, HEAD, head) if head else ()
    if head and not reading.mistakes.all:
        advise(reading, modules, assessments)
        warn_of_exposed_keys(reading, head, assessments)
        advise_on_silent_labs(reading, labs)
    return FolderText(
        course=_course(reading, head, modules, columns) if head else None,
        assessments=assessments,
        digest=folder_digest(files),
        mistakes=tuple(sorted(reading.mistakes.all)),
        advice=tuple(sorted(reading.mistakes.advice)),
        labs=labs,
        warnings=tuple(sorted(reading.mistakes.warnings)),
        functions=tuple(reading.functions),
    )


def slug_in(files: Files) -> str:
    """Return the slug in course.yaml; "unnamed" if it cannot be read."""
    reading = FolderReading(files, Addresses(lambda *_: "", lambda *_: ""))
    read_head(reading)
    return reading.slug


def read_head(reading: FolderReading) -> Document | None:
    if HEAD not in reading.files:
        reading.mistakes.report(HEAD, 1, "a course needs course.yaml.")
        return None
    document = reading.document(HEAD)
    if not reading.fits(HEAD, document, COURSE):
        return None
    reading.slug = document.data["slug"]
    reading.zone = ZoneInfo(document.data.get("timezone") or "UTC")
    reading.dates = read_dates(reading, HEAD, document)
    reading.show = document.data["show"]
    reading.late = document.data.get("late") or {}
    check_categories(reading, HEAD, document)
    read_attempts(reading, HEAD, document)
    return document


def read_part(reading: FolderReading, section: OutlineFolder) -> SectionInProgress | None:
    path = f"{section.folder}/module.yaml"
    document = reading.document(path) if path in reading.files else None
    section = section if document is None else with_part_order(reading, section, document)
    fronts = [front for lesson in section.lessons if (front := read_front(reading, lesson)) is not None]
    if document is None:
        reading.mistakes.report(path, 1, "a section needs module.yaml with id, title and objectives.")
        return None
    if not reading.fits(path, document, MODULE):
        return None
    reading.claim("module", document.data["id"], path, document.line(("id",)))
    for index, objective in enumerate(document.data["objectives"]):
        reading.claim("objective", objective["id"], path, document.line(("objectives", index, "id")))
    dates = read_dates(reading, path, document, outer=reading.dates)
    _check_reviews(reading, section, path, document)
    return SectionInProgress(section, document, reading.text(path), fronts, dates=dates)


def _check_reviews(reading: FolderReading, section: OutlineFolder, path: str, document: Document) -> None:
    """Report what module.yaml says about review questions that are not there."""
    names = section.assessments("review").values() if section.is_module else ()
    for name in [*([""] if document.data.get("review") else ()), *(document.data.get("reviews") or ())]:
        if name not in names:
            keys = review_place(name)
            missing = f"“{keys[-1]}” is about {review_file(name)}, which is not in this folder."
            reading.report_at(path, document, keys, missing)


def _check_objectives(reading: FolderReading, parts: list[SectionInProgress]) -> None:
    for part in parts:
        own = {objective["id"] for objective in part.objectives}
        for front in part.fronts:
            for index, key in enumerate(front.data["objectives"]):
                if key not in own:
                    text = f"“{key}” is not an objective of the module “{part.key}”."
                    reading.report_at(front.path, front.document, ("objectives", index), text)


def _read_labs(reading: FolderReading, parts: list[SectionInProgress]) -> Iterator[LabText]:
    """Yield the labs. All ids are claimed before any lab is read, because labs' texts link to each other."""
    for part in parts:
        folders = part.section.labs if part.section.is_module else ()
        part.labs += [lab_folder for folder in folders if (lab_folder := claim_lab(reading, folder)) is not None]
    for part in parts:
        own = {objective["id"] for objective in part.objectives}
        for position, lab_folder in enumerate(part.labs):
            dates = dates_around(reading, part)
            lab = read_lab(reading, lab_folder, module_key=part.key, objectives=own, position=position, dates=dates)
            if lab is not None:
                yield lab


def _read_module(reading: FolderReading, part: SectionInProgress, parts: list[SectionInProgress]) -> ModuleText:
    is_first = part is next((other for other in parts if other.section.is_module), None)
    return ModuleText(
        key=part.key,
        title=part.document.data["title"],
        objectives=part.objectives,
        folder=part.section.folder,
        source=part.source,
        position=part.section.position,
        **part.dates.named,
        lessons=tuple(
            # Anyone may read the About page and lesson 1 (D28).
            read_lesson(
                reading,
                front,
                position=position,
                is_open=part.section.folder == "about" or (is_first and position == 0),
            )
            for position, front in enumerate(part.fronts)
        ),
    )


def _assessments(
    reading: FolderReading, parts: list[SectionInProgress], attempts: dict[str, int]
) -> Iterator[AssessmentText]:
    modules = {objective["id"]: part.key for part in parts for objective in part.objectives}
    for part in parts:
        own = _assessments_in(reading, part, modules, attempts)
        yield from sorted(own, key=lambda text, section=part.section: section.rank(assessment_path(section, text)))


def _assessments_in(
    reading: FolderReading, part: SectionInProgress, modules: dict[str, str], attempts: dict[str, int]
) -> Iterator[AssessmentText]:
    """Yield the review questions of a section, then its exams."""
    for name in part.section.assessments("review").values() if part.section.is_module else ():
        yield _review(reading, part, name, modules, attempts)
    for path, name in part.section.assessments("exam").items() if part.section.may_have_exam else ():
        around = dates_around(reading, part)
        exam = read_exam(reading, part.section, part.key, modules, attempts, around, path, name)
        if exam is not None:
            yield exam


def _with_line_order(
    module: ModuleText, part: SectionInProgress, labs: Iterable[LabText], assessments: Iterable[AssessmentText]
) -> ModuleText:
    """Return a module with the order of its lines, if module.yaml lists one."""
    folders = {str(lab.document.data.get("id")): lab.folder for lab in part.labs if isinstance(lab.document.data, dict)}
    lines = lines_in_order(
        part.section,
        lessons={lesson.path: lesson.key for lesson in module.lessons},
        labs={folders[lab.key]: lab.key for lab in labs if lab.module_key == module.key and lab.key in folders},
        assessments=[text for text in assessments if text.module_key == module.key],
    )
    return replace(module, line_order=lines)


def _review(
    reading: FolderReading, part: SectionInProgress, name: str, modules: dict[str, str], attempts: dict[str, int]
) -> AssessmentText:
    """Read review questions with what module.yaml says about them."""
    path, keys, around = f"{part.section.folder}/module.yaml", review_place(name), dates_around(reading, part)
    dates = read_dates(reading, path, part.document, outer=around, keys=keys)
    in_force = dates.within(around)
    return read_review(
        reading,
        part.section,
        part.key,
        modules,
        read_attempts(reading, path, part.document, keys, attempts),
        dates,
        read_show(reading, "review", in_force, path, part.document, keys),
        read_late(reading, in_force, path, part.document, keys),
        name,
        str(value_at(part.document.data, (*keys, "title")) or review_title(name)),
    )


def _check_judged(
    reading: FolderReading, head: Document, parts: list[SectionInProgress], labs: Iterable[LabText]
) -> None:
    """Report labs that a category takes though none of their tests gives points: nobody could earn anything there."""
    lab_parts = {
        str(lab_part.document.data.get("id")): lab_part
        for part in parts
        for lab_part in part.labs
        if lab_part.document.data
    }
    for lab in labs:
        home = lab_category(head.data["categories"], lab.key)
        if home and not any(test["points"] for test in lab.tests):
            text = f"no test here gives points, but the category “{home}” of course.yaml counts this lab. Write a test, or "
            reading.mistakes.report(lab_parts[lab.key].path("probes.py"), 1, f"{text}take the lab out of the category.")


def _in_order(assessments: Iterable[AssessmentText]) -> Iterator[AssessmentText]:
    """Yield the assessments with positions that grow, also within a module. Each is at least that of its module."""
    last = -1
    for assessment in assessments:
        last = max(last + 1, assessment.position)
        yield replace(assessment, position=last)


def dates_around(reading: FolderReading, part: SectionInProgress) -> Dates:
    """Return the dates in force in a module."""
    return part.dates.within(reading.dates)


def _course(
    reading: FolderReading, head: Document, modules: tuple[ModuleText, ...], columns: tuple[ColumnText, ...]
) -> CourseText:
    data: dict[str, Any] = head.data
    objects = {HEAD, *(f"{module.folder}/module.yaml" for module in modules)}
    objects |= {lesson.path for module in modules for lesson in module.lessons}
    others = [path for path in sorted(reading.files) if path not in objects and not is_assessment(path)]
    return CourseText(
        slug=data["slug"],
        title=data["title"],
        language=data["language"],
        summary=data["summary"].strip(),
        attempts=data["attempts"],
        pass_percent=Decimal(data["pass_percent"]),
        categories=tuple(category_text(category) for category in data["categories"]),
        show=data["show"],
        timezone=data.get("timezone") or "UTC",
        **reading.dates.named,
        source=reading.text(HEAD),
        modules=modules,
        files=tuple(FileText(path, reading.files[path]) for path in others),
        columns=columns,
        joining=data.get("enrollment") or "open",
    )
