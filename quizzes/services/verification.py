"""Recomputing what was recorded: grades are a pure function of the records (I8, I11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from grading.rules.standing import Standing, overridden
from grading.selectors import ledger, overridden_cells
from quizzes import types
from quizzes.models import Assessment, Attempt, Question, Regrade, Sitting
from quizzes.rules.corrections import stored
from quizzes.selectors.standing import asked_in
from quizzes.services.regrading import correction_of
from quizzes.services.scoring import attempts_in, standing_of

CHUNK = 500


@dataclass(frozen=True)
class Recomputed:
    """What a learner's score in an activity must be."""

    activity: str
    learner_id: int
    standing: Standing


def recomputed_scores(*, now: datetime, course_id: int | None = None) -> Iterator[Recomputed]:
    """The score of every sitting that counts, from its questions and attempts alone, and of every override; four
    statements each."""
    sittings = Sitting.objects.filter(is_void=False).select_related("assessment").order_by("pk")
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
    given = overridden_cells(course_id)
    for sitting in sittings.iterator(CHUNK):
        given.discard((sitting.assessment_id, sitting.learner_id))
        yield recomputed(sitting, now)
    courses = dict(Assessment.objects.values_list("pk", "course_id"))
    for activity, learner_id in sorted(given):
        row = ledger(learner_id, courses[activity]).row(activity)
        if row is not None:
            yield Recomputed(activity, learner_id, overridden(row.unbegun, row.override))


def recomputed(sitting: Sitting, now: datetime) -> Recomputed:
    attempts = attempts_in(sitting)
    found = ledger(sitting.learner_id, sitting.assessment.course_id)
    row = found.row(sitting.assessment_id)
    basis = found.counted_questions(sitting.assessment_id)
    standing = standing_of(sitting, asked_in(sitting, attempts), attempts, basis, now)
    return Recomputed(
        sitting.assessment_id, sitting.learner_id, overridden(standing, row.override if row is not None else None)
    )


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


def wrongly_corrected(*, course_id: int | None = None) -> Iterator[Question]:
    """Questions whose corrections are not those of the regrades that stand."""
    questions = Question.objects.order_by("pk")
    standing = Regrade.objects.filter(undoes=None, undone_by=None).order_by("pk")
    if course_id is not None:
        questions = questions.filter(assessment__course_id=course_id)
    said: dict[str, list[object]] = {}
    for regrade in standing:
        said.setdefault(regrade.question_id, []).append(stored(correction_of(regrade)))
    for question in questions.iterator(CHUNK):
        if question.corrections != said.get(question.pk, []):
            yield question
