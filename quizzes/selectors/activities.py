"""What the gradebook and a course's folder know of assessments."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count

from quizzes.models import Assessment, Question
from quizzes.rules.corrections import is_void, read


@dataclass(frozen=True)
class Activity:
    """A graded assessment; `winnable` are the points of each question to someone who has not begun.

    A module's review goes by its module's `title`: a list of grades would show five of the same name.
    """

    id: str
    kind: str
    title: str
    winnable: tuple[Decimal, ...]
    position: int


def activities_of(course_id: int) -> tuple[Activity, ...]:
    """Every assessment that is not retired: two statements. All papers drawn for an exam are worth the same."""
    assessments = (
        Assessment.objects.filter(course_id=course_id, is_retired=False).select_related("module").order_by("position")
    )
    points: dict[str, list[Decimal]] = {row.pk: [] for row in assessments}
    asked = Question.objects.filter(assessment__in=points, is_retired=False, current__isnull=False)
    rows = asked.order_by("position").values_list("assessment_id", "current__points", "corrections")
    for assessment_id, worth, corrections in rows:
        if not is_void(read(corrections)):
            points[assessment_id].append(worth)
    return tuple(
        Activity(row.pk, row.kind, _title(row), _winnable(row, points[row.pk]), row.position) for row in assessments
    )


def _title(assessment: Assessment) -> str:
    return assessment.module.title if assessment.kind == Assessment.Kind.REVIEW else assessment.title


def _winnable(assessment: Assessment, points: list[Decimal]) -> tuple[Decimal, ...]:
    if assessment.kind != Assessment.Kind.EXAM:
        return tuple(points)
    return tuple(worth for stratum in assessment.draw for worth in _stratum(stratum))


def _stratum(stratum: dict[str, Any]) -> list[Decimal]:
    return [Decimal(stratum["points"])] * int(stratum["count"])


def assessment_files(course_id: int, folders: Mapping[str, str]) -> dict[str, str]:
    """exam.yaml and every file of questions, by path. `folders` maps a module's id to its folder."""
    assessments = Assessment.objects.filter(course_id=course_id, is_retired=False)
    files = {f"{folders[row.module_id]}/exam.yaml": row.source for row in assessments if row.source}
    questions = Question.objects.filter(assessment__in=assessments, is_retired=False).order_by("position", "pk")
    for path, source in questions.values_list("file", "source"):
        files[path] = _joined(files.get(path, ""), source)
    return files


def question_sources(course_id: int) -> dict[str, list[tuple[str, str]]]:
    """By file, the keys of its questions with the text of each: one statement."""
    rows = Question.objects.filter(assessment__course_id=course_id, is_retired=False, assessment__is_retired=False)
    found: dict[str, list[tuple[str, str]]] = {}
    for path, key, source in rows.order_by("position", "pk").values_list("file", "key", "source"):
        found.setdefault(path, []).append((key, source))
    return found


def learners_who_answered(course_id: int, keys: Collection[str]) -> dict[str, int]:
    """How many learners checked an answer to each of these questions: one statement."""
    rows = Question.objects.filter(assessment__course_id=course_id, key__in=keys)
    counted = rows.annotate(learners=Count("attempts__sitting__learner", distinct=True))
    return dict(counted.values_list("key", "learners"))


def _joined(before: str, source: str) -> str:
    return f"{before}\n{source}" if before and not before.endswith("\n") else f"{before}{source}"
