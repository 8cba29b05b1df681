"""Write assessments and questions from a course folder. A changed question gets a new version (D16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from course.rules.changes import WRITING, Action, Change, Writer
from course.services import DATE_FIELDS, changes_of, plan_rows, settle_row
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.rules.texts import AssessmentText, QuestionText, content_of

ASSESSMENT_FIELDS = (
    "kind",
    "name",
    "title",
    "draw",
    "objectives",
    "practice",
    "show",
    "late",
    "source",
    "position",
    *DATE_FIELDS,
)
QUESTION_FIELDS = ("module_key", "source", "file", "position", "taught_in")
STATE_FIELDS = ("digest", "edited_at", "edited_by", "is_retired")
VERSION_FIELDS = (
    *(
        "source",
        "figures",
        "type",
        "prompt",
        "prompt_html",
        "explanation",
        "explanation_html",
        "body",
        "secret",
        "points",
    ),
    *("attempts_limit", "objective", "level", "difficulty", "has_math"),
)
FIXED, FIRST = 0, 1  # the variant of a question without variants, and the variant that is `Question.current`
GRADED_FIELDS = ("points", "attempts_limit")
# Fields of an assessment on which grades may depend.
COUNTING_FIELDS = ("kind", "draw", "show", "late", "time_limit", "module_id", "is_retired", *DATE_FIELDS)


@dataclass(frozen=True)
class WrittenAssessments:
    """`ids` maps keys to ids; `regraded` holds the ids of assessments in which grades may change."""

    ids: Mapping[str, str]
    regraded: frozenset[str]
    changes: tuple[Change, ...]


def write_assessments(
    *,
    course_id: int,
    modules: Mapping[str, str],
    texts: tuple[AssessmentText, ...],
    writer: Writer,
    now: datetime,
) -> WrittenAssessments:
    """Write the graded content, like `course.services.write_course`. `modules` maps keys to ids.

    Questions that are no longer in the folder are retired, never deleted (D23). Scores are not touched: the caller
    recomputes those of `regraded`.
    """
    assessments, changes, regraded = _write_rows(course_id, modules, texts, writer)
    question_changes, touched = _write_questions(assessments, texts, writer, now)
    all_changes = (*changes, *question_changes)
    return WrittenAssessments(
        ids={key: row.pk for key, row in assessments.items()},
        regraded=frozenset(regraded | touched),
        changes=tuple(change for change in all_changes if change.action is not Action.UNCHANGED),
    )


def _write_rows(
    course_id: int, modules: Mapping[str, str], texts: Iterable[AssessmentText], writer: Writer
) -> tuple[dict[str, Assessment], list[Change], set[str]]:
    """Return the rows by key, the changes, and the ids of assessments in which grades may change."""
    rows = {row.key: row for row in Assessment.objects.filter(course_id=course_id)}
    before = {row.pk: _values_of(row, COUNTING_FIELDS) for row in rows.values()}
    texts_by_key = {text.key: text for text in texts}
    plan = plan_rows(
        rows=rows, texts=texts_by_key, writer=writer, is_moved=lambda row, text: row.position != text.position
    )
    changes = changes_of("assessment", plan, rows)
    new: list[Assessment] = []
    old: list[Assessment] = []
    for key, action in plan.items():
        if action not in WRITING:
            continue
        row = rows.setdefault(key, Assessment(course_id=course_id, key=key))
        settle_row(row, texts_by_key.get(key), ASSESSMENT_FIELDS, action, writer)
        if key in texts_by_key:
            minutes = texts_by_key[key].time_limit
            row.time_limit = None if minutes is None else timedelta(minutes=minutes)
            row.module_id = modules[texts_by_key[key].module_key]
        (new if action is Action.ADDED else old).append(row)
    Assessment.objects.bulk_create(new)
    if old:
        Assessment.objects.bulk_update(old, [*ASSESSMENT_FIELDS, *STATE_FIELDS, "time_limit", "module"])
    regraded = {row.pk for row in rows.values() if before.get(row.pk) != _values_of(row, COUNTING_FIELDS)}
    return rows, changes, regraded


def _write_questions(
    assessments: Mapping[str, Assessment], texts: Iterable[AssessmentText], writer: Writer, now: datetime
) -> tuple[list[Change], set[str]]:
    """Return the changes, and the ids of assessments whose scores may have changed."""
    ids = [row.pk for row in assessments.values()]
    rows: dict[str, dict[str, Question]] = {pk: {} for pk in ids}
    for row in Question.objects.filter(assessment__in=ids).select_related("current"):
        rows[row.assessment_id][row.key] = row
    questions = {assessments[text.key].pk: {question.key: question for question in text.questions} for text in texts}
    pending = [_PendingQuestions(pk, rows[pk], questions.get(pk, {}), writer) for pk in ids]
    _save(pending, now)
    changes = [change for assessment in pending for change in assessment.changes]
    return changes, {assessment.assessment_id for assessment in pending if assessment.is_regraded}


class _PendingQuestions:
    """The questions of one assessment, changed in memory. `_save` writes those of all assessments at once."""

    def __init__(
        self, assessment_id: str, rows: dict[str, Question], texts: dict[str, QuestionText], writer: Writer
    ) -> None:
        self.assessment_id = assessment_id
        self.new: list[Question] = []
        self.old: list[Question] = []
        self.versions: list[QuestionVersion] = []
        self.is_regraded = False
        plan = plan_rows(rows=rows, texts=texts, writer=writer, is_moved=_is_moved)
        self.changes = changes_of("question", plan, rows)
        for key, action in plan.items():
            if action in WRITING:
                self._apply(
                    rows.get(key) or Question(assessment_id=assessment_id, key=key), texts.get(key), action, writer
                )

    def _apply(self, row: Question, text: QuestionText | None, action: Action, writer: Writer) -> None:
        (self.new if action is Action.ADDED else self.old).append(row)
        settle_row(row, text, QUESTION_FIELDS, action, writer)
        self.is_regraded |= action in (Action.ADDED, Action.RETIRED, Action.RESTORED)
        if text is not None and not _is_same(row.current, text):
            self.is_regraded |= row.current is not None and _values_of(row.current, GRADED_FIELDS) != _values_of(
                text, GRADED_FIELDS
            )
            self.versions.extend(_next_versions(row, text))


def _is_moved(row: Question, text: QuestionText) -> bool:
    return (row.position, row.file) != (text.position, text.file)


def _is_same(version: QuestionVersion | None, text: QuestionText) -> bool:
    """Return whether the version asks the same as the text. A different rendering of the same source does not matter."""
    if version is None or (version.attempts_limit, version.figures) != (text.attempts_limit, text.figures):
        return False
    return version.source == text.source or content_of(version.source) == content_of(text.source)


def _values_of(
    source: QuestionText | QuestionVersion | Assessment | None, names: tuple[str, ...] = VERSION_FIELDS
) -> list[object]:
    return [getattr(source, name, None) for name in names]


def _next_versions(row: Question, text: QuestionText) -> list[QuestionVersion]:
    """Return the version that follows, or all variants of a question that draws its values, in order, then its reserve."""
    number = row.current.number + 1 if row.current else 1
    bank = [(variant.number, variant.question) for variant in (*text.variants, *text.reserve)] or [(FIXED, text)]
    return [
        QuestionVersion(question=row, number=number, variant=variant, **_version_values(of)) for variant, of in bank
    ]


def _version_values(text: QuestionText) -> dict[str, Any]:
    return dict(zip(VERSION_FIELDS, _values_of(text), strict=True))


def _save(pending: list[_PendingQuestions], now: datetime) -> None:
    Question.objects.bulk_create([row for assessment in pending for row in assessment.new])
    versions = [version for assessment in pending for version in assessment.versions]
    for version in versions:
        version.published_at = now
    QuestionVersion.objects.bulk_create(versions)
    newest = [version for version in versions if version.variant <= FIRST]
    for version in newest:
        version.question.current = version
    Question.objects.bulk_update([version.question for version in newest], ["current"])
    old = [row for assessment in pending for row in assessment.old]
    Question.objects.bulk_update(old, [*QUESTION_FIELDS, *STATE_FIELDS])
