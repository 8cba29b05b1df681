"""Compute scores from a sitting's records and pass them to the gradebook."""

from datetime import datetime

from activities.kinds import Evidence
from grading.rules.course_grade import CourseGrade
from grading.rules.late_shares import Lateness
from grading.rules.ledger import Ledger
from grading.selectors.rows import ledger
from grading.services import ActivityResult, GradeAction, ScoreEntry, record_score
from quizzes.models import Assessment, Attempt, Sitting
from quizzes.refusals import Refusal
from quizzes.rules.scoring import ScoredQuestion, Tally, tally
from quizzes.rules.timing import is_settled
from quizzes.selectors.lateness import sitting_lateness
from quizzes.selectors.scored_questions import (
    basis_questions,
    has_open_sitting,
    past_by_question,
    scored_in_sitting,
)
from quizzes.selectors.withheld import withheld_scores


def rescore_sitting(
    *,
    sitting: Sitting,
    attempts: list[Attempt] | None = None,
    questions: list[ScoredQuestion] | None = None,
    action: GradeAction,
) -> CourseGrade:
    """Recompute a sitting's score from its records and record it in the gradebook. Return the course grade.

    Call it under the learner's lock. Pass the sitting's `attempts`, and the `questions` that may count in it, if they are
    loaded already.
    """
    if sitting.is_void:
        raise Refusal("sitting_over")
    if attempts is None:
        attempts = attempts_in(sitting)
    if questions is None:
        questions = scored_in_sitting(sitting, attempts)
    before = ledger(sitting.learner_id, sitting.assessment.course_id)
    basis = before.basis_questions(sitting.assessment_id)
    lateness = sitting_lateness(sitting, before)
    result = sitting_result(sitting, questions, attempts, basis, action.now, lateness)
    return record_result(sitting.assessment, before, sitting.learner_id, result, action)


def rescore_activity(*, assessment: Assessment, learner_id: int, action: GradeAction) -> CourseGrade:
    """Update the gradebook after an instructor's action on a learner's assessment, from the sitting that counts.

    Call it under the learner's lock. A certificate may be revoked (D19).
    """
    sitting = Sitting.objects.filter(assessment=assessment, learner_id=learner_id, is_void=False).first()
    if sitting is not None:
        sitting.assessment = assessment
        return rescore_sitting(sitting=sitting, action=action)
    return record_result(assessment, ledger(learner_id, assessment.course_id), learner_id, None, action)


def rescore_after_dates(*, course_id: int, assessment_id: str, learner_id: int, action: GradeAction) -> None:
    """Update the gradebook after an instructor changed a learner's due date, if late answers count less there (D34).

    Does nothing for a lab. Call it under the learner's lock.
    """
    rows = Assessment.objects.select_related("course", "module")
    assessment = rows.filter(pk=assessment_id, course_id=course_id, is_retired=False).first()
    if assessment is not None and assessment.late_terms is not None:
        rescore_activity(assessment=assessment, learner_id=learner_id, action=action)


def record_result(
    assessment: Assessment, before: Ledger, learner_id: int, result: ActivityResult | None, action: GradeAction
) -> CourseGrade:
    """Record a result in an assessment. Return the course grade."""
    entry = ScoreEntry(learner_id, assessment.course_id, assessment.pk, result, before)
    return record_score(entry, action, evidence_of_answers(entry, action.now))


def attempts_in(sitting: Sitting) -> list[Attempt]:
    """Return all attempts of a sitting with their versions, in order. Runs one query."""
    return list(Attempt.objects.filter(sitting=sitting).select_related("version").order_by("number"))


def sitting_result(
    sitting: Sitting,
    questions: list[ScoredQuestion],
    attempts: list[Attempt],
    basis: frozenset[str] | None,
    now: datetime,
    lateness: Lateness,
) -> ActivityResult | None:
    """Return the sitting's result for the gradebook. `basis` holds the questions that a certificate counted.

    None for a review without an attempt: its learner has not started it, although a draft or a flag created a sitting.
    """
    if not attempts and sitting.assessment.kind == Assessment.Kind.REVIEW:
        return None
    points = sitting_tally(sitting, questions, attempts, basis, now, lateness)
    state = sitting_state(sitting, points, now)
    return ActivityResult(points.earned, points.possible, points.answered, points.winnable, state, points.late)


def sitting_tally(
    sitting: Sitting,
    questions: list[ScoredQuestion],
    attempts: list[Attempt],
    basis: frozenset[str] | None,
    now: datetime,
    lateness: Lateness,
) -> Tally:
    """Return the sitting's points from its records. `basis` holds the questions that a certificate counted."""
    past = past_by_question(questions, attempts, lateness)
    is_exam = sitting.assessment.kind == Assessment.Kind.EXAM
    settled = is_exam and is_settled(sitting.clock, now)
    basis = None if is_exam else basis  # a drawn paper never changes
    return tally(questions, past, basis=basis, is_settled=settled, percent_left=lateness.percent_left)


def sitting_state(sitting: Sitting, points: Tally, now: datetime) -> str:
    """Return `done` for a settled exam and for a review whose questions are all final, otherwise `in_progress`."""
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        return "done" if is_settled(sitting.clock, now) else "in_progress"
    return "done" if points.is_final else "in_progress"


def evidence_of_answers(entry: ScoreEntry, now: datetime) -> Evidence | None:
    """Return the evidence for deciding about a certificate, or None if the learner could get none anyway.

    Runs one query, and two more if a certificate can be issued.
    """
    if not entry.may_certify:
        return None
    return evidence_of(entry, is_busy=has_open_sitting(entry.learner_id, entry.course_id, now), now=now)


def evidence_of(entry: ScoreEntry, *, is_busy: bool, now: datetime) -> Evidence:
    """Return the evidence about a learner; `is_busy`: one of their sittings is open."""
    if is_busy or entry.before.basis is not None:
        return Evidence(has_open_sitting=is_busy)
    return Evidence(
        has_open_sitting=False,
        basis_questions=basis_questions(entry.learner_id, entry.course_id),
        is_disclosed=not withheld_scores(entry.learner_id, entry.course_id, now).all,
    )
