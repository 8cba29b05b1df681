"""Read lists of questions: review.yaml and the pools of an exam."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from authoring.folder.computed import wrong_computed
from authoring.folder.confirming import drawn_question, named_path
from authoring.folder.document import Document, Path
from authoring.folder.drawn_results import with_stored_values
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import DRAWING, QUESTION, Report, ShapeField, check_shape, text
from authoring.folder.value_functions import results_path
from course.markup import render_fragment
from questions import types
from questions.variants import FilledVariant, draws_values, stored_digest, values_in_words
from quizzes.rules.texts import QuestionText, QuestionVariant
from quizzes.rules.variants import FIRST_RESERVED


@dataclass(frozen=True)
class QuestionContext:
    """Where questions are, and what the course says about them. `modules` maps an objective to its module."""

    path: str
    modules: dict[str, str]
    module_key: str  # the module whose objectives may be named; "" for a pool
    attempts: dict[str, int]


@dataclass(frozen=True)
class QuestionEntry:
    """One row of a list of questions. `variant` is the variant that is read, if the question draws its values."""

    document: Document
    index: int
    source: str
    used: set[str] = field(default_factory=set)  # files that it shows or links to, as written
    variant: FilledVariant | None = None

    @property
    def data(self) -> Any:
        return self.document.data[self.index] if self.variant is None else self.variant.source

    def line(self, path: Path = ()) -> int:
        return self.document.line((self.index, *path))

    def text_line(self, path: Path) -> int:
        return self.document.text_line((self.index, *path))


def read_questions(
    reading: FolderReading, context: QuestionContext, *, first_position: int = 0
) -> tuple[QuestionText, ...]:
    """Return the questions without mistakes, after reporting the mistakes of the others."""
    source = reading.text(context.path)
    document = reading.document(context.path)
    if document.faults:
        return ()
    if not isinstance(document.data, list) or not document.data:
        reading.mistakes.report(context.path, 1, "expected a list of questions here.")
        return ()
    items = list(_question_entries(source, document))
    read = (_read_question(reading, context, item, first_position + item.index) for item in items)
    return tuple(question for question in read if question is not None)


def _question_entries(source: str, document: Document) -> Iterator[QuestionEntry]:
    """Yield each question with its own lines, comments included, so that joining them gives the file again."""
    lines = source.splitlines(keepends=True)
    starts = [document.line((index,)) - 1 for index in range(len(document.data))]
    bounds = [0, *starts[1:], len(lines)]
    for index in range(len(document.data)):
        yield QuestionEntry(document, index, "".join(lines[bounds[index] : bounds[index + 1]]))


def _read_question(
    reading: FolderReading, context: QuestionContext, item: QuestionEntry, position: int
) -> QuestionText | None:
    report = _reporter(reading, context, item)
    if not check_shape(item.data, {"type": QUESTION["type"]}, report, is_closed=False):
        return None
    if item.data["type"] not in types.names():
        report(("type",), f"“{item.data['type']}” is not a question type ({', '.join(types.names())}).")
        return None
    if isinstance(item.data.get("id"), str):
        reading.claim("question", item.data["id"], context.path, item.line(("id",)))
    if draws_values(item.data):
        return _read_variants(reading, context, item, position)
    return _read_plain(reading, context, item, position)


def _reporter(reading: FolderReading, context: QuestionContext, item: QuestionEntry) -> Report:
    """Return the function that reports a mistake of a question; of a variant, with its values."""
    values = f" ({values_in_words(item.variant.values)})" if item.variant else ""

    def report(at: Path, message: str) -> None:
        reading.report_at(context.path, item.document, (item.index, *at), f"{message}{values}")

    return report


def _read_variants(
    reading: FolderReading, context: QuestionContext, item: QuestionEntry, position: int
) -> QuestionText | None:
    """Read a question that draws its values: each variant as if it had been written by hand."""
    report = _reporter(reading, context, item)
    own = {name: ShapeField(lambda _: None, is_needed=False) for name in sorted(types.get(item.data["type"]).fields)}
    if not check_shape(item.data, {**QUESTION, **own, **DRAWING}, report):
        return None
    if "computed" in item.data:
        report(("computed",), "a question that draws its values has “check” in place of “computed”.")
        return None
    source = with_stored_values(reading, context.path, item.line(), item.data, report)
    if source is None:
        return None
    drawn = drawn_question(source)
    for problem in drawn.problems:
        line = item.text_line(problem.path) + problem.row
        reading.mistakes.report(context.path, line, f"{problem.message}.", (item.index, *problem.path))
    reserve = () if context.module_key else drawn.reserve  # exams draw from pools, and reviews need no other variants
    variants: list[QuestionVariant] = []
    for variant in (*drawn.variants, *reserve):
        question = _read_plain(reading, context, replace(item, variant=variant), position)
        if question is None:
            return None
        variants.append(QuestionVariant(variant.number, variant.values, question))
    if not variants:
        return None
    # The last one knows the figures of all. Publishing compares those of the first with these.
    figures = {**variants[-1].question.figures, **_digest_of_draws(context, source)}
    read = [replace(variant, question=replace(variant.question, figures=figures)) for variant in variants]
    bank, others = tuple(read[: len(drawn.variants)]), read[len(drawn.variants) :]
    kept = tuple(replace(variant, number=number) for number, variant in enumerate(others, FIRST_RESERVED))
    return replace(bank[0].question, variants=bank, reserve=kept)


def _digest_of_draws(context: QuestionContext, source: Mapping[str, Any]) -> dict[str, str]:
    """Return a digest of what a function drew, by the path where it is stored: other values make another version."""
    digest = stored_digest(source["draw"])
    return {results_path(context.path, source["id"]): digest} if digest else {}


def _read_plain(
    reading: FolderReading, context: QuestionContext, item: QuestionEntry, position: int
) -> QuestionText | None:
    """Read a question as it is written, or one variant."""
    report = _reporter(reading, context, item)
    kind = types.get(item.data["type"])
    own = {name: ShapeField(lambda _: None, is_needed=False) for name in sorted(kind.fields)}
    stray = [name for name in DRAWING if name in item.data]
    for name in stray:
        report((name,), f"“{name}” is only for questions that draw their values, with “draw”.")
    is_right = check_shape(
        {name: item.data[name] for name in item.data if name not in stray}, {**QUESTION, **own}, report
    )
    authored = kind.compile(item.data, lambda written: _inline(reading, context, item, written))
    for problem in authored.problems:
        report(problem.path, f"{named_path(problem.path)} {problem.message}.")
    for advice in authored.advice:
        reading.mistakes.advise(context.path, item.line(advice.path), f"{named_path(advice.path)}: {advice.message}.")
    is_right &= _check_objective(context, item, report) & _check_computed(reading, context, item, report)
    if not context.module_key and "taught_in" in item.data:
        report(("taught_in",), "only review questions lead to a lesson. Leave this line out of a pool.")
    if not is_right or stray or authored.problems:
        return None
    return _question(reading, context, item, position, authored)


def _question(
    reading: FolderReading, context: QuestionContext, item: QuestionEntry, position: int, authored: types.Authored
) -> QuestionText:
    data = item.data
    prompt_html, explanation_html = (_block(reading, context, item, name) for name in ("prompt", "explanation"))
    return QuestionText(
        key=data["id"],
        type=data["type"],
        objective=data["objective"],
        level=data["level"],
        difficulty=data["difficulty"],
        points=Decimal(data["points"]),
        attempts_limit=context.attempts.get(data["type"], context.attempts.get("default", 1)),
        prompt=data["prompt"],
        prompt_html=prompt_html,
        explanation=data["explanation"],
        explanation_html=explanation_html,
        body=authored.body,
        secret=authored.key,
        has_math="<math" in f"{prompt_html}{explanation_html}{authored.body}{authored.key}",
        module_key=context.modules[data["objective"]],
        source=item.source,
        figures=reading.digests(context.path, item.used),
        file=context.path,
        position=position,
        taught_in=data.get("taught_in", ""),
    )


def _block(reading: FolderReading, context: QuestionContext, item: QuestionEntry, name: str) -> str:
    page = render_fragment(item.data[name], reading.setting(context.path, item.text_line((name,))))
    item.used.update(page.assets)
    reading.report_problems(context.path, page.problems)
    return page.html


def _inline(reading: FolderReading, context: QuestionContext, item: QuestionEntry, written: str) -> str:
    if not written.strip():
        return ""  # the type reports what is missing
    page = render_fragment(written, reading.setting(context.path, _line_of(item, written)), is_inline=True)
    item.used.update(page.assets)
    reading.report_problems(context.path, page.problems)
    return page.html


def _line_of(item: QuestionEntry, written: str) -> int:
    """Return the line of a text. Types render texts without telling where they come from."""
    for path, value in _texts(item.data, ()):
        if value.strip() == written.strip():
            return item.text_line(path)
    return item.line()


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield from _texts(inner, (*path, name))


def _check_objective(context: QuestionContext, item: QuestionEntry, report: Report) -> bool:
    objective = item.data.get("objective")
    module = context.modules.get(objective) if isinstance(objective, str) else None
    if module is None:
        report(("objective",), f"“{objective}” is not an objective of this course.")
    elif context.module_key and module != context.module_key:
        report(("objective",), f"“{objective}” is an objective of another module, “{module}”.")
    return module is not None and context.module_key in ("", module)


def _check_computed(reading: FolderReading, context: QuestionContext, item: QuestionEntry, report: Report) -> bool:
    written = item.data.get("computed")
    if text(written) is not None:
        return True
    problem = wrong_computed(reading, context.path, written)
    if problem:
        report(("computed",), problem)
    return not problem
