"""Check that every grade and certificate follows from the records. Only reads; call it after settling what is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched, chain
from typing import TYPE_CHECKING

from accounts.selectors import account_ids
from grading.rules.course_grade import outcome_from
from grading.selectors import StoredScore, certified, given_at, stored_items, stored_scores
from grading.selectors.rows import ledgers
from grading.services import ActivityResult, ActivityWorth
from labs.selectors import lab_activities
from labs.services import RecomputedLab, recomputed_lab_scores, wrongly_regraded
from quizzes.selectors import activities_of, running_since
from quizzes.services import Recomputed, recomputed_scores, wrongly_corrected, wrongly_limited, wrongly_marked

if TYPE_CHECKING:
    from grading.models import Certificate


CHUNK = 200  # learners whose records are in memory at a time


def verify_grades(*, now: datetime, course_id: int | None = None, sample: int = 0) -> Iterator[str]:
    """Yield a sentence for each difference between what is stored and what follows from the records.

    With `sample`, only about so many accounts are checked, spread evenly over all.
    """
    yield from wrong_corrections(course_id)
    yield from wrong_worths(course_id)
    chunks = list(batched(account_ids(), CHUNK))
    for learners in chunks[:: max(1, len(chunks) * CHUNK // sample)] if sample else chunks:
        yield from wrong_marks(learners, course_id)
        yield from wrong_scores(learners, now, course_id)
        yield from wrong_certificates(learners, now, course_id)


def wrong_marks(learners: Sequence[int], course_id: int | None) -> Iterator[str]:
    """Yield attempts whose stored outcome differs from their version's key, or that are one too many."""
    for attempt in wrongly_marked(learners=learners, course_id=course_id):
        yield f"attempt {attempt.pk}: its stored outcome is not what version {attempt.version_id} says of its response"
    for attempt in wrongly_limited(learners=learners, course_id=course_id):
        yield f"attempt {attempt.pk}: attempt {attempt.number} of {attempt.attempts_limit} was never allowed"


def wrong_corrections(course_id: int | None) -> Iterator[str]:
    """Yield questions whose corrections, and test runs whose results that count, differ from the regrades in force."""
    for question in wrongly_corrected(course_id=course_id):
        yield f"question {question.pk}: its corrections are not those of the regrades that stand"
    for run_id in wrongly_regraded(course_id=course_id):
        yield f"run {run_id}: the results that count are not those of the regrades that stand"


def wrong_worths(course_id: int | None) -> Iterator[str]:
    """Yield activities whose stored worth to a learner who has not started does not follow from questions, tests and
    regrades, or whose late terms are not those of the course.
    """
    for course, stored in stored_items(course_id).items():
        activities, labs = activities_of(course), lab_activities(course)
        made = {activity.id: activity.worth for activity in activities}
        made |= {lab.id: ActivityWorth(lab.winnable) for lab in labs}
        late = {activity.id: activity.late for activity in activities} | {lab.id: lab.late for lab in labs}
        for activity, (possible, worth, terms) in stored.items():
            if terms != late.get(activity):
                yield f"activity {activity}: stored is the late policy {terms}, the course says {late.get(activity)}"
            wanted = made.get(activity, ActivityWorth(()))
            worth_stored = (possible, sorted(worth.winnable), worth.credited)
            if worth_stored != (wanted.possible, sorted(wanted.winnable), wanted.credited):
                yield f"activity {activity}: to who has not begun, stored is {worth_stored}, its questions make {wanted}"


def wrong_scores(learners: Sequence[int], now: datetime, course_id: int | None) -> Iterator[str]:
    """Yield scores that differ from what the records give, are missing, or have no record."""
    stored = stored_scores(learners, course_id)
    made: Iterator[Recomputed | RecomputedLab] = chain(
        recomputed_scores(now=now, learners=learners, course_id=course_id),
        recomputed_lab_scores(learners=learners, course_id=course_id),
    )
    for score in made:
        cell = stored.pop((score.activity, score.learner_id), None)
        if score.result is not None and (problem := difference(cell, score.result)):
            yield f"learner {score.learner_id}, activity {score.activity}: {problem}"
    for activity, learner_id in stored:
        yield f"learner {learner_id}, activity {activity}: a score without a sitting or a test run that counts"


def difference(cell: StoredScore | None, result: ActivityResult) -> str:
    """Return what is wrong with a cell, or ""."""
    if cell is None:
        return f"no score is stored, the records make {result.earned} of {result.possible}"
    stored = (cell.earned, cell.possible, cell.answered, sorted(cell.winnable), cell.state, cell.late)
    made = (result.earned, result.possible, result.answered, sorted(result.winnable), result.state, result.late)
    if stored != made:
        return f"stored is {stored}, the records make {made}"
    if (cell.last_earned, cell.last_possible) != (cell.earned, cell.possible):
        return f"its history ends with {cell.last_earned} of {cell.last_possible}, stored is {cell.earned}"
    return ""


def wrong_certificates(learners: Sequence[int], now: datetime, course_id: int | None) -> Iterator[str]:
    """Yield certificates that break I9.

    Their learner must have passed over the certificate's basis, and had no exam running when it was given. Who has the
    certificate may start an exam.
    """
    by_course: dict[int, list[Certificate]] = {}
    for certificate in certified(learners, course_id):
        by_course.setdefault(certificate.course_id, []).append(certificate)
    for course, certificates in by_course.items():
        holders = [certificate.learner_id for certificate in certificates]
        by_learner, since = ledgers(course, holders), running_since(course, holders, now)
        for certificate in certificates:
            grade = outcome_from(by_learner[certificate.learner_id])
            if not grade.has_passed:
                yield f"certificate {certificate.code}: its basis makes {grade.percent} %, which is below the pass mark"
            began = since.get(certificate.learner_id)
            if began and began < given_at(certificate):
                yield f"certificate {certificate.code}: it was given while an exam of its learner was running"
