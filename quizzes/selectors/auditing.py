"""Resolve the targets of audit entries: sittings, questions and reports of a course, by id and by name."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from quizzes.models import Question, QuestionReport, Sitting
from records.selectors import as_targets


def sittings_named(course_id: int, ids: Collection[str]) -> dict[str, Sitting]:
    """Return the sittings with learner and assessment. Runs one query."""
    rows = Sitting.objects.filter(assessment__course_id=course_id, pk__in=ids)
    return {row.pk: row for row in rows.select_related("learner", "assessment__module")}


def questions_named(course_id: int, ids: Collection[str]) -> dict[str, Question]:
    """Return the questions with their assessments. Runs one query."""
    rows = Question.objects.filter(assessment__course_id=course_id, pk__in=ids)
    return {row.pk: row for row in rows.select_related("assessment__module")}


def reports_named(course_id: int, ids: Collection[int]) -> dict[int, QuestionReport]:
    """Return the reports with their questions. Runs one query."""
    rows = QuestionReport.objects.filter(question__assessment__course_id=course_id, pk__in=ids)
    return {row.pk: row for row in rows.select_related("question__assessment__module")}


def targets_called(course_id: int, words: str, people: QuerySet[Any]) -> tuple[QuerySet[Any], ...]:
    """Return queries for the targets that concern these users, or whose question or assessment has a matching name."""
    named = Q(assessment__title__icontains=words) | Q(assessment__module__title__icontains=words)
    sittings = Sitting.objects.filter(assessment__course_id=course_id).filter(named | Q(learner__in=people))
    questions = Question.objects.filter(assessment__course_id=course_id).filter(named | Q(key__icontains=words))
    reports = QuestionReport.objects.filter(question__assessment__course_id=course_id)
    reports = reports.filter(Q(question__key__icontains=words) | Q(learner__in=people))
    return (
        as_targets(sittings, "sitting", "pk"),
        as_targets(questions, "question", "pk"),
        as_targets(reports, "report", "pk"),
    )
