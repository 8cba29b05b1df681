"""From a sitting's records to the gradebook."""

from datetime import datetime

from course.rules.refusals import Refusal
from grading.selectors import CourseGrade
from grading.services import Evidence, Standing, record_score
from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.attempts import Past
from quizzes.rules.scoring import Tally, tally
from quizzes.rules.timing import is_settled
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
    course_id = sitting.assessment.course_id
    reached = tally_of(sitting, attempts, now)
    return record_score(
        activity=sitting.assessment_id,
        learner_id=sitting.learner_id,
        course_id=course_id,
        standing=Standing(
            reached.earned, reached.possible, reached.answered, reached.winnable, state_of(sitting, reached, now)
        ),
        cause=cause,
        now=now,
        author_id=author_id,
        reason=reason,
        evidence=evidence_for(sitting.learner_id, course_id, now),
    )


def tally_of(sitting: Sitting, attempts: list[Attempt] | None, now: datetime) -> Tally:
    """The sitting's points as the records make them, over the certificate's basis where there is one."""
    if attempts is None:
        attempts = list(Attempt.objects.filter(sitting=sitting).order_by("number"))
    past: dict[str, list[Past]] = {}
    for attempt in attempts:
        past.setdefault(attempt.question_id, []).append(
            Past(attempt.number, attempt.response, attempt.is_correct)
        )
    asked, basis = asked_in(sitting)
    settled = sitting.assessment.kind == Assessment.Kind.EXAM and is_settled(clock_of(sitting), now)
    return tally(asked, past, basis=basis, is_settled=settled)


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
