from datetime import datetime
from typing import Any

from django.db import transaction

from course.rules.refusals import Refusal
from course.selectors import active_enrollment
from course.services import record_audit
from quizzes.models import Attempt, QuestionReport, SittingQuestion
from quizzes.services.answering import Learner
from quizzes.services.places import question_by_id


def report_question(*, learner: Learner, question_id: str, text: str, now: datetime) -> QuestionReport:
    """A learner says what is wrong with a question; version and response go with it.

    Raises Refusal not_found, not_enrolled, report_blank.
    """
    question = question_by_id(question_id)
    if active_enrollment(learner, question.assessment.course_id) is None:
        raise Refusal("not_enrolled")
    if not text.strip():
        raise Refusal("report_blank")
    rows = SittingQuestion.objects.filter(question=question, sitting__learner_id=learner.pk)
    row = rows.select_related("version", "sitting").order_by("sitting__is_void").first()
    if row is None and question.assessment.kind == "exam":
        raise Refusal("not_found")
    version = (row and row.version) or question.current
    if version is None:
        raise Refusal("not_found")
    return QuestionReport.objects.create(
        question=question,
        version=version,
        sitting=row.sitting if row else None,
        learner_id=learner.pk,
        text=text.strip()[:2000],
        response=response_of(row),
        created_at=now,
    )


def response_of(row: SittingQuestion | None) -> Any:
    """What its learner sees as their response: the draft, else the last that was checked."""
    if row is None or row.draft is not None:
        return row and row.draft
    checked = Attempt.objects.filter(sitting_id=row.sitting_id, question_id=row.question_id)
    return checked.order_by("-number").values_list("response", flat=True).first()


@transaction.atomic
def answer_report(*, report_id: int, course_id: int, actor: Any, text: str, closes: bool, now: datetime) -> None:
    """An instructor's answer, which the learner reads beside their own words; it may also close the report.

    A later answer replaces an earlier one; the audit keeps both. Raises Refusal not_found, answer_missing.
    """
    if not text.strip():
        raise Refusal("answer_missing")
    report = locked_report(report_id, course_id)
    report.answer, report.answered_at, report.answered_by_id = text.strip()[:2000], now, actor.pk
    report.closed_at = now if closes else report.closed_at
    report.save(update_fields=["answer", "answered_at", "answered_by", "closed_at"])
    write_down(report, "answer_report", actor, report.answer, now)


@transaction.atomic
def close_report(*, report_id: int, course_id: int, actor: Any, closes: bool, now: datetime) -> None:
    """Done with it, or opened again; nothing happens where it is so already. Raises Refusal not_found."""
    report = locked_report(report_id, course_id)
    if (report.closed_at is not None) is closes:
        return
    report.closed_at = now if closes else None
    report.save(update_fields=["closed_at"])
    write_down(report, "close_report" if closes else "reopen_report", actor, "", now)


def locked_report(report_id: int, course_id: int) -> QuestionReport:
    rows = QuestionReport.objects.select_for_update(of=("self",)).select_related("question__assessment__course")
    report = rows.filter(pk=report_id, question__assessment__course_id=course_id).first()
    if report is None:
        raise Refusal("not_found")
    return report


def write_down(report: QuestionReport, action: str, actor: Any, reason: str, now: datetime) -> None:
    record_audit(
        actor=actor,
        action=action,
        now=now,
        course=report.question.assessment.course,
        target=f"report:{report.pk}",
        reason=reason,
        details={"question": report.question.key},
    )
