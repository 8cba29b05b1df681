"""Read the question analysis as last computed."""

from collections.abc import Iterator

from quizzes.models import Analysis, Assessment, Question


def analysis_of(assessment: Assessment) -> Analysis | None:
    return Analysis.objects.filter(assessment=assessment).first()


def analyses_of(course_id: int) -> dict[str, Analysis]:
    """Return the analyses by assessment. Runs one query."""
    rows = Analysis.objects.filter(assessment__course_id=course_id, assessment__is_retired=False)
    return {row.assessment_id: row for row in rows}


def suspected(analysis: Analysis) -> Iterator[dict[str, object]]:
    """Yield the items whose key may be wrong."""
    return (item for item in analysis.facts.get("items", ()) if item.get("suspicion"))


def questions_by_id(assessment: Assessment) -> dict[str, Question]:
    """Return the questions with their newest version. Runs one query."""
    rows = Question.objects.filter(assessment=assessment, current__isnull=False).select_related("current")
    return {question.pk: question for question in rows.order_by("position", "pk")}
