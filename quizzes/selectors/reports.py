"""What learners reported of questions, and what came of it."""

from django.db.models import QuerySet

from course.rules.refusals import Refusal
from quizzes.models import QuestionReport


def reports_in(course_id: int) -> QuerySet[QuestionReport]:
    """Of a course, the newest first, with question, version, learner and sitting at hand."""
    rows = QuestionReport.objects.filter(question__assessment__course_id=course_id)
    related = ("question__assessment", "question__current", "version", "learner", "sitting", "answered_by")
    return rows.select_related(*related).order_by("-created_at", "-pk")


def open_reports(course_id: int) -> int:
    return reports_in(course_id).filter(closed_at=None).count()


def report_by_id(course_id: int, report_id: int) -> QuestionReport:
    """Raises Refusal not_found."""
    report = reports_in(course_id).filter(pk=report_id).first()
    if report is None:
        raise Refusal("not_found")
    return report


def reports_by(learner_id: int, course_id: int) -> list[QuestionReport]:
    """A learner's own, the newest first, with their questions: one statement."""
    rows = QuestionReport.objects.filter(learner_id=learner_id, question__assessment__course_id=course_id)
    return list(rows.select_related("question__assessment__module", "version").order_by("-created_at"))
