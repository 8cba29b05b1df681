"""Learners' reports about questions, and the replies."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import within_sight
from quizzes.models import QuestionReport, Sitting
from quizzes.refusals import Refusal
from quizzes.selectors.stages import may_learner_read_reply

OF_ASSESSMENT = ("question__assessment__module", "question__assessment__course")


def reports_in(course_id: int, sight: LearnerSight = EVERYONE) -> QuerySet[QuestionReport]:
    """Return the reports of a course by learners in sight, newest first, with question, version, learner and sitting."""
    rows = within_sight(QuestionReport.objects.filter(question__assessment__course_id=course_id), sight)
    related = (*OF_ASSESSMENT, "question__current", "version", "learner", "sitting", "answered_by")
    return with_settlement(rows.select_related(*related)).order_by("-created_at", "-pk")


def open_reports(course_id: int) -> int:
    return reports_in(course_id).filter(closed_at=None).count()


def report_by_id(course_id: int, report_id: int, sight: LearnerSight = EVERYONE) -> QuestionReport:
    """Return a report of the course by a learner in sight. Raises Refusal not_found."""
    report = reports_in(course_id, sight).filter(pk=report_id).first()
    if report is None:
        raise Refusal("not_found")
    return report


def reports_by(learner_id: int, course_id: int, now: datetime) -> list[QuestionReport]:
    """Return a learner's own reports with their questions, newest first. Runs one query, and more for keys that wait for
    the closing.

    A reply that is on hold is left out: `answer` is empty and `is_on_hold` is true.
    """
    rows = QuestionReport.objects.filter(learner_id=learner_id, question__assessment__course_id=course_id)
    reports = with_settlement(rows).select_related(*OF_ASSESSMENT, "version").order_by("-created_at", "-pk")
    return [without_held_reply(report, now) for report in reports]


def is_on_hold(report: QuestionReport, now: datetime) -> bool:
    """Return whether the learner may not read a reply yet. The report comes from `reports_in` or `report_by_id`."""
    assessment = report.question.assessment
    return not may_learner_read_reply(assessment, report.learner_id, is_settled=report.is_settled, now=now)


def without_held_reply(report: QuestionReport, now: datetime) -> QuestionReport:
    report.is_on_hold = bool(report.answer) and is_on_hold(report, now)
    report.answer = "" if report.is_on_hold else report.answer
    return report


def with_settlement(rows: QuerySet[QuestionReport]) -> QuerySet[QuestionReport]:
    """Annotate `is_settled`: the learner has a sitting of the assessment that counts and is recorded as settled.

    The record decides, not the clock, as for the keys of a paper.
    """
    settled = Sitting.objects.filter(
        assessment=OuterRef("question__assessment"),
        learner=OuterRef("learner"),
        is_void=False,
        settled_at__isnull=False,
    )
    return rows.annotate(is_settled=Exists(settled))
