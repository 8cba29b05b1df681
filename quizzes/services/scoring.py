"""From a sitting's records to the gradebook."""

from datetime import datetime
from typing import Any

from course.rules.refusals import Refusal
from grading.selectors import CourseGrade
from grading.services import Evidence, Standing, record_score
from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.attempts import Past
from quizzes.rules.scoring import Asked, Tally, tally
from quizzes.rules.timing import is_settled
from quizzes.selectors.outcomes import past_from
from quizzes.selectors.standing import asked_in, counted_questions, has_open_sitting
from quizzes.services.places import clock_of


def rescore(
    *,
    sitting: Sitting,
    attempts: list[Attempt] | None = None,
    cause: str,
    now: datetime,
    author_id: int | None = None,
    reason: str = "",
    may_revoke: bool = False,
) -> CourseGrade:
    """Recompute a sitting's score from its records and hand it to the gradebook; returns the course grade.

    Belongs under the learner's lock. `attempts` are the sitting's, where the caller holds them already.
    """
    if sitting.is_void:
        raise Refusal("sitting_over")
    if attempts is None:
        attempts = attempts_in(sitting)
    course_id = sitting.assessment.course_id
    asked = asked_in(sitting, attempts)

    return record_score(
        activity=sitting.assessment_id,
        learner_id=sitting.learner_id,
        course_id=course_id,
        standing=lambda basis: standing_of(sitting, asked, attempts, basis, now),
        cause=cause,
        now=now,
        author_id=author_id,
        reason=reason,
        may_revoke=may_revoke,
        evidence=evidence_for(sitting.learner_id, course_id, now),
    )


def follow_activity(
    *, assessment: Assessment, learner_id: int, cause: str, reason: str, author_id: int, now: datetime
) -> CourseGrade:
    """What an instructor did to a learner's assessment, into the gradebook: by the sitting that counts, or by none.

    Belongs under the learner's lock; may cost the certificate (D19).
    """
    why: dict[str, Any] = {"cause": cause, "reason": reason, "author_id": author_id, "now": now, "may_revoke": True}
    sitting = Sitting.objects.filter(assessment=assessment, learner_id=learner_id, is_void=False).first()
    if sitting is not None:
        sitting.assessment = assessment
        return rescore(sitting=sitting, **why)
    return record_score(
        activity=assessment.pk,
        learner_id=learner_id,
        course_id=assessment.course_id,
        standing=lambda _basis: None,
        evidence=evidence_for(learner_id, assessment.course_id, now),
        **why,
    )


def attempts_in(sitting: Sitting) -> list[Attempt]:
    """All attempts of a sitting with their versions, in order: one statement."""
    return list(Attempt.objects.filter(sitting=sitting).select_related("version").order_by("number"))


def standing_of(
    sitting: Sitting, asked: list[Asked], attempts: list[Attempt], basis: frozenset[str] | None, now: datetime
) -> Standing:
    """The sitting for the gradebook; `basis` holds the questions that a certificate counted."""
    reached = tally_of(sitting, asked, attempts, basis, now)
    state = state_of(sitting, reached, now)
    return Standing(reached.earned, reached.possible, reached.answered, reached.winnable, state)


def tally_of(
    sitting: Sitting, asked: list[Asked], attempts: list[Attempt], basis: frozenset[str] | None, now: datetime
) -> Tally:
    """The sitting's points as the records make them; `basis` holds the questions that a certificate counted."""
    corrections = {question.id: question.corrections for question in asked}
    past: dict[str, list[Past]] = {}
    for attempt in attempts:
        past.setdefault(attempt.question_id, []).append(past_from(attempt, corrections.get(attempt.question_id, ())))
    is_exam = sitting.assessment.kind == Assessment.Kind.EXAM
    settled = is_exam and is_settled(clock_of(sitting), now)
    return tally(asked, past, basis=None if is_exam else basis, is_settled=settled)


def state_of(sitting: Sitting, reached: Tally, now: datetime) -> str:
    """`done`: a review with every question final, an exam that is settled."""
    if sitting.assessment.kind == Assessment.Kind.EXAM:
        return "done" if is_settled(clock_of(sitting), now) else "in_progress"
    return "done" if reached.is_final else "in_progress"


def evidence_for(learner_id: int, course_id: int, now: datetime) -> Evidence:
    return Evidence(
        has_open_sitting=lambda: has_open_sitting(learner_id, course_id, now),
        counted_questions=lambda: counted_questions(learner_id, course_id),
    )
