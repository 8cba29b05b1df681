"""Recomputing what was recorded: grades are a pure function of the records (I8, I11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from grading.selectors import ledger
from grading.services import Standing
from quizzes import types
from quizzes.models import Attempt, Sitting
from quizzes.selectors.standing import asked_in
from quizzes.services.scoring import attempts_in, state_of, tally_of

CHUNK = 500


@dataclass(frozen=True)
class Recomputed:
    """What a learner's score in an activity must be."""

    activity: str
    learner_id: int
    standing: Standing


def recomputed_scores(*, now: datetime, course_id: int | None = None) -> Iterator[Recomputed]:
    """The score of every sitting that counts, from its questions and attempts alone; three statements each."""
    sittings = Sitting.objects.filter(is_void=False).select_related("assessment").order_by("pk")
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
    for sitting in sittings.iterator(CHUNK):
        attempts = attempts_in(sitting)
        basis = ledger(sitting.learner_id, sitting.assessment.course_id).counted_questions(sitting.assessment_id)
        reached = tally_of(sitting, asked_in(sitting, attempts), attempts, basis, now)
        state = state_of(sitting, reached, now)
        standing = Standing(reached.earned, reached.possible, reached.answered, reached.winnable, state)
        yield Recomputed(sitting.assessment_id, sitting.learner_id, standing)


def wrongly_marked(*, course_id: int | None = None) -> Iterator[Attempt]:
    """Attempts whose stored outcome is not what their version's key says of their response."""
    attempts = Attempt.objects.select_related("version", "sitting").order_by("pk")
    if course_id is not None:
        attempts = attempts.filter(sitting__assessment__course_id=course_id)
    for attempt in attempts.iterator(CHUNK):
        kind = types.get(attempt.version.type)
        is_right = kind.is_right(attempt.response, attempt.version.secret)
        if is_right is not attempt.is_correct or bool(attempt.points_earned) is not is_right:
            yield attempt
