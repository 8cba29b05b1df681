"""From a sitting's records to the gradebook."""

from datetime import datetime

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

    def standing(basis: frozenset[str] | None) -> Standing:
        reached = tally_of(sitting, asked, attempts, basis, now)
        state = state_of(sitting, reached, now)
        return Standing(reached.earned, reached.possible, reached.answered, reached.winnable, state)

    return record_score(
        activity=sitting.assessment_id,
        learner_id=sitting.learner_id,
        course_id=course_id,
        standing=standing,
        cause=cause,
        now=now,
        author_id=author_id,
        reason=reason,
        evidence=evidence_for(sitting.learner_id, course_id, now),
    )


def attempts_in(sitting: Sitting) -> list[Attempt]:
    """All attempts of a sitting with their versions, in order: one statement."""
    return list(Attempt.objects.filter(sitting=sitting).select_related("version").order_by("number"))


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
