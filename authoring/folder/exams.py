"""Read assessments: a module's review questions, and exams with their pools and draws (D27).

An exam without a draw asks all questions of its pool.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from authoring.folder.attempts import read_attempts
from authoring.folder.dates import read_dates
from authoring.folder.document import Document
from authoring.folder.lateness import read_late
from authoring.folder.papers import read_paper_rules
from authoring.folder.questions import QuestionContext, read_questions
from authoring.folder.reading import FolderReading
from authoring.folder.sections import OutlineFolder
from authoring.folder.shapes import EXAM, LONGEST_KEY, NONE
from authoring.folder.showing import read_show
from course.rules.schedule import Dates
from quizzes.rules.texts import AssessmentText, QuestionText
from quizzes.rules.variants import FEWEST_RESERVED

REVIEW_TITLE = "Review questions"


def read_review(
    reading: FolderReading,
    section: OutlineFolder,
    module_key: str,
    modules: dict[str, str],
    attempts: dict[str, int],
    dates: Dates,
    show: Mapping[str, str],
    late: Mapping[str, int],
    name: str,
    title: str,
) -> AssessmentText:
    """Read the review questions with this name, "" for review.yaml. The other arguments are what module.yaml says."""
    path = f"{section.folder}/{review_file(name)}"
    key = f"{module_key}-review-{name}" if name else f"{module_key}-review"
    reading.claim("assessment", key, path, 1)
    if name:
        check_length(reading, path, key)
    return AssessmentText(
        key=key,
        name=name,
        module_key=module_key,
        kind="review",
        title=title,
        time_limit=None,
        draw=[],
        source="",
        position=section.position,
        questions=read_questions(reading, QuestionContext(path, modules, module_key, attempts)),
        show=show,
        late=late,
        objectives={},
        **dates.named,
    )


def review_file(name: str) -> str:
    """Return the name of the file of the review questions with this name, "" for review.yaml."""
    return f"review-{name}.yaml" if name else "review.yaml"


def check_length(reading: FolderReading, path: str, key: str) -> None:
    """Report a name of a file, or an id made from it, that is too long to be stored."""
    if len(key) > LONGEST_KEY:
        reading.mistakes.report(
            path, 1, f"“{key}” has more than {LONGEST_KEY} characters. Give the file a shorter name."
        )


def review_title(name: str) -> str:
    """Return the title of the review questions with this name if module.yaml gives none."""
    return name.replace("-", " ").capitalize() or REVIEW_TITLE


def read_exam(
    reading: FolderReading,
    section: OutlineFolder,
    module_key: str,
    modules: dict[str, str],
    attempts: dict[str, int],
    outer: Dates,
    path: str,
    name: str,
) -> AssessmentText | None:
    """Read the exam at `path`; `outer` are the dates in force in its section."""
    document = reading.document(path)
    check_length(reading, path, name)
    own = read_attempts(reading, path, document, outer=attempts)
    pool = _read_pool(reading, section.pools(name), modules, own)
    if not reading.fits(path, document, EXAM):
        return None
    data = document.data
    reading.claim("assessment", data["id"], path, document.line(("id",)))
    _check_draw(reading, path, document, pool, set(modules.values()))
    dates = read_dates(reading, path, document, outer=outer)
    return AssessmentText(
        key=data["id"],
        name=name,
        module_key=module_key,
        kind="exam",
        title=data["title"],
        time_limit=None if data["time_limit"] == NONE else data["time_limit"],
        draw=_whole_pool(pool) if data.get("draw") is None else [_stratum_text(row) for row in data["draw"]],
        source=reading.text(path),
        position=section.position,
        questions=pool,
        show=read_show(reading, "exam", dates.within(outer), path, document),
        late=read_late(reading, dates.within(outer), path, document),
        objectives=read_paper_rules(reading, path, document, pool, modules),
        practice=_read_practice(reading, path, document, pool, modules),
        **dates.named,
    )


def _read_pool(
    reading: FolderReading, paths: Iterable[str], modules: dict[str, str], attempts: dict[str, int]
) -> tuple[QuestionText, ...]:
    pool: list[QuestionText] = []
    for path in paths:
        pool += read_questions(reading, QuestionContext(path, modules, "", attempts), first_position=len(pool))
    return tuple(pool)


def _read_practice(
    reading: FolderReading,
    path: str,
    document: Document,
    pool: tuple[QuestionText, ...],
    modules: Mapping[str, str],
) -> tuple[str, ...]:
    """Return the objectives whose questions may be practiced, after reporting those without such questions (D45)."""
    listed = document.data.get("practice") or ()
    for index, objective in enumerate(listed):
        about = [question for question in pool if question.objective == objective]
        if objective not in modules:
            problem = f"“{objective}” is not an objective."
        elif not any(question.variants for question in about):
            problem = (
                f"no question of the pool about “{objective}” draws its values, and only those can be practiced: everybody gets "
                "the fixed ones in the exam."
            )
        elif short := next((one for one in about if one.variants and len(one.reserve) < FEWEST_RESERVED), None):
            problem = (
                f"“{short.key}” has {len(short.reserve)} variants besides those that the exam draws, and practice needs "
                f"{FEWEST_RESERVED}: draw from more values, or write a smaller number as “variants”."
            )
        else:
            continue
        reading.report_at(path, document, ("practice", index), problem)
    return tuple(listed)


def _stratum_text(row: dict[str, object]) -> dict[str, object]:
    return {**row, "points": str(row["points"])}


def _whole_pool(pool: tuple[QuestionText, ...]) -> list[dict[str, object]]:
    """Return the strata of a paper with all questions: one for each module, difficulty and worth."""
    counts = Counter((question.module_key, question.difficulty, str(question.points)) for question in pool)
    return [
        {"module": module, "difficulty": difficulty, "count": count, "points": points, "is_whole": True}
        for (module, difficulty, points), count in counts.items()
    ]


def _check_draw(
    reading: FolderReading, path: str, document: Document, pool: tuple[QuestionText, ...], modules: set[str]
) -> None:
    if document.data.get("draw") is None:
        if not pool:
            text = (
                "the exam asks all questions of its pool, which has none without mistakes. Write some in a pool file."
            )
            reading.report_at(path, document, ("id",), text)
        return
    if not document.data["draw"]:
        text = "“draw” lists no questions. Leave it out to ask all questions of the pool."
        reading.report_at(path, document, ("draw",), text)
    available = Counter((question.module_key, question.difficulty) for question in pool)
    seen: set[tuple[str, int]] = set()
    for index, row in enumerate(document.data["draw"]):
        stratum = (row["module"], row["difficulty"])
        if row["module"] not in modules:
            reading.report_at(
                path, document, ("draw", index, "module"), f"“{row['module']}” is not a module with objectives."
            )
        elif stratum in seen:
            reading.report_at(path, document, ("draw", index), "another row already draws this module and difficulty.")
        elif row["count"] > available[stratum]:
            shortage = f"{row['count']} questions are drawn, the pool has {available[stratum]} without mistakes."
            reading.report_at(path, document, ("draw", index, "count"), shortage)
        seen.add(stratum)
