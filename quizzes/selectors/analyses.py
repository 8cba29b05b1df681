"""The question analysis as it was last computed."""

from collections.abc import Iterator
from typing import Any

from quizzes.models import Analysis, Assessment, Question


def analysis_of(assessment: Assessment) -> Analysis | None:
    return Analysis.objects.filter(assessment=assessment).first()


def analyses_of(course_id: int) -> dict[str, Analysis]:
    """By assessment: one statement."""
    rows = Analysis.objects.filter(assessment__course_id=course_id, assessment__is_retired=False)
    return {row.assessment_id: row for row in rows}


def suspected(analysis: Analysis) -> Iterator[dict[str, Any]]:
    """The items whose key may be wrong."""
    return (item for item in analysis.facts.get("items", ()) if item.get("suspicion"))


def questions_by_id(assessment: Assessment) -> dict[str, Question]:
    """With their newest version: one statement."""
    rows = Question.objects.filter(assessment=assessment, current__isnull=False).select_related("current")
    return {question.pk: question for question in rows.order_by("position", "pk")}
