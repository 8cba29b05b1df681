"""Start: the paper is drawn, pinned and timed once (D5, D14, D24, D27)."""

import secrets
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from course.rules.refusals import Refusal
from course.selectors import multiplier_for
from quizzes.models import Assessment, Question, Sitting, SittingQuestion
from quizzes.rules.corrections import is_void, read
from quizzes.rules.draw import Drawn, PoolQuestion, Stratum, StratumShort, draw
from quizzes.rules.timing import NETWORK_GRACE, accepts, deadline
from quizzes.services.answering import Learner
from quizzes.services.places import clock_of, lock_learner, refuse_closed
from quizzes.services.scoring import rescore


@transaction.atomic
def start_sitting(*, learner: Learner, assessment: Assessment, now: datetime) -> tuple[Sitting, bool]:
    """Start the exam at `now`, or resume the sitting that runs; True where it was started now.

    Raises Refusal not_an_exam, not_enrolled, preview_only, sitting_over, and those of dates: course_… and
    assessment_not_open, …_closed.
    """
    if assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    enrollment = lock_learner(learner_id=learner.pk, course_id=assessment.course_id, is_staff=learner.is_staff)
    running = Sitting.objects.filter(assessment=assessment, learner_id=learner.pk, is_void=False).first()
    if running is not None:
        if not accepts(clock_of(running), now):
            raise Refusal("sitting_over")
        return running, False
    refuse_closed(assessment, now)
    sitting = new_sitting(learner.pk, assessment, multiplier_for(enrollment), now)
    pin_paper(sitting)
    rescore(sitting=sitting, attempts=[], cause="start", now=now)
    return sitting, True


def new_sitting(learner_id: int, assessment: Assessment, multiplier: Decimal, now: datetime) -> Sitting:
    ends_at = deadline(
        started_at=now, limit=assessment.time_limit, multiplier=multiplier, closes_at=assessment.closes_at
    )
    return Sitting.objects.create(
        assessment=assessment,
        learner_id=learner_id,
        seed=secrets.token_hex(16),
        started_at=now,
        deadline_at=ends_at,
        accepts_until=ends_at and ends_at + NETWORK_GRACE,
    )


def pin_paper(sitting: Sitting) -> None:
    """Draw by strata and store questions, versions, points and order; later loads change nothing of it."""
    pool = {question.pk: question for question in drawable(sitting.assessment)}
    paper = drawn_from(list(pool.values()), strata_of(sitting.assessment), sitting.seed)
    SittingQuestion.objects.bulk_create(
        SittingQuestion(
            sitting=sitting,
            question=pool[drawn.id],
            version=pool[drawn.id].current,
            position=position,
            points=drawn.points,
        )
        for position, drawn in enumerate(paper, start=1)
    )


def drawn_from(pool: list[Question], strata: list[Stratum], seed: str) -> list[Drawn]:
    """Without questions that a regrade made void, where the others are enough; a start must never fail over it."""
    try:
        sound = [question for question in pool if not is_void(read(question.corrections))]
        return draw(strata, [as_pool(question) for question in sound], seed)
    except StratumShort:
        return draw(strata, [as_pool(question) for question in pool], seed)


def drawable(assessment: Assessment) -> list[Question]:
    rows = Question.objects.filter(assessment=assessment, is_retired=False, current__isnull=False)
    return list(rows.select_related("current"))


def as_pool(question: Question) -> PoolQuestion:
    assert question.current is not None
    return PoolQuestion(question.pk, question.module_key, question.current.difficulty)


def strata_of(assessment: Assessment) -> list[Stratum]:
    return [
        Stratum(found["module"], found["difficulty"], found["count"], Decimal(str(found.get("points", 1))))
        for found in assessment.draw
    ]
