from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from mail.services import notify
from people.services import Learner, lock_learner
from quizzes.models import Attempt, Question, QuestionReport, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.selectors.published_questions import given_in_review
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User

MOST_OPEN = 5  # open reports of one learner about one question
MOST_A_DAY = 20  # reports of one learner in 24 hours


@transaction.atomic
def report_question(*, learner: Learner, question_id: str, text: str, now: datetime) -> QuestionReport:
    """Store a learner's report of a problem with a question, together with its version and their response.

    Raises Refusal not_found, not_enrolled, preview_only, report_blank, reported_already, too_many_reports.
    """
    question = question_by_id(question_id)
    lock_learner(learner=learner, course=question.assessment.course)
    if not text.strip():
        raise Refusal("report_blank")
    rows = SittingQuestion.objects.filter(
        question=question, sitting__learner_id=learner.pk, sitting__kind=Sitting.Kind.GRADED
    )
    row = rows.select_related("version", "sitting").order_by("sitting__is_void").first()
    if row is None and question.assessment.kind == "exam":
        raise Refusal("not_found")
    (given,) = given_in_review([question], learner.pk)
    version = (row and row.version) or given.current
    if version is None:
        raise Refusal("not_found")
    refuse_too_many_reports(learner.pk, question_id, now)
    return QuestionReport.objects.create(
        question=question,
        version=version,
        sitting=row.sitting if row else None,
        learner_id=learner.pk,
        text=text.strip()[:2000],
        response=latest_response(row),
        created_at=now,
    )


def question_by_id(question_id: str) -> Question:
    """Return a question of an assessment that is not retired. Raises Refusal not_found."""
    questions = Question.objects.select_related("assessment__course", "current")
    question = questions.filter(pk=question_id, assessment__is_retired=False).first()
    if question is None:
        raise Refusal("not_found")
    return question


def refuse_too_many_reports(learner_id: int, question_id: str, now: datetime) -> None:
    """Refuse a report beyond the limits. The caller holds the lock under which reports are counted.

    Raises Refusal reported_already, too_many_reports.
    """
    mine = QuestionReport.objects.filter(learner=learner_id)
    if mine.filter(question=question_id, closed_at=None).count() >= MOST_OPEN:
        raise Refusal("reported_already", most=MOST_OPEN)
    if mine.filter(created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refusal("too_many_reports", most=MOST_A_DAY)


def latest_response(row: SittingQuestion | None) -> object:
    """Return the response that the learner sees: the draft, or else the last checked one."""
    if row is None or row.draft is not None:
        return row and row.draft
    checked = Attempt.objects.filter(sitting_id=row.sitting_id, question_id=row.question_id)
    return checked.order_by("-number").values_list("response", flat=True).first()


@transaction.atomic
def answer_report(*, report_id: int, course_id: int, actor: "User", text: str, closes: bool, now: datetime) -> None:
    """Store an instructor's reply, which the learner reads next to their report. It may also close the report.

    A later reply replaces an earlier one; the audit keeps both. Raises Refusal not_found, answer_missing.
    """
    if not text.strip():
        raise Refusal("answer_missing")
    report = locked_report(report_id, course_id)
    report.answer, report.answered_at, report.answered_by_id = text.strip()[:2000], now, actor.pk
    report.closed_at = now if closes else report.closed_at
    report.save(update_fields=["answer", "answered_at", "answered_by", "closed_at"])
    notify(what="report", key=str(report.pk), course_id=course_id, user_ids=[report.learner_id], now=now)
    audit_report(report, "answer_report", actor, report.answer, now)


@transaction.atomic
def close_report(*, report_id: int, course_id: int, actor: "User", closes: bool, now: datetime) -> None:
    """Close or reopen a report. Does nothing if its state is already right. Raises Refusal not_found."""
    report = locked_report(report_id, course_id)
    if (report.closed_at is not None) is closes:
        return
    report.closed_at = now if closes else None
    report.save(update_fields=["closed_at"])
    audit_report(report, "close_report" if closes else "reopen_report", actor, "", now)


def locked_report(report_id: int, course_id: int) -> QuestionReport:
    """Return a report of the course, locked. Raises Refusal not_found."""
    rows = QuestionReport.objects.select_for_update(of=("self",)).select_related("question__assessment__course")
    report = rows.filter(pk=report_id, question__assessment__course_id=course_id).first()
    if report is None:
        raise Refusal("not_found")
    return report


def audit_report(report: QuestionReport, action: str, actor: "User", reason: str, now: datetime) -> None:
    """Record an action on a report in the audit."""
    record_audit(
        actor=actor,
        action=action,
        now=now,
        course=report.question.assessment.course,
        target=f"report:{report.pk}",
        reason=reason,
        details={"question": report.question.key},
    )
