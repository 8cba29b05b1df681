"""Check that every grade and certificate follows from the records. Only reads; call it after settling what is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from accounts.selectors import account_ids
from activities.registry import exams_since, recomputations
from grading.rules.course_grade import outcome_from
from grading.selectors import StoredScore, certified, given_at, stored_items, stored_scores
from grading.selectors.rows import ledgers
from grading.services import ActivityResult, ActivityWorth

if TYPE_CHECKING:
    from grading.models import Certificate


CHUNK = 200  # learners whose records are in memory at a time


def verify_grades(*, now: datetime, course_id: int | None = None, sample: int = 0) -> Iterator[str]:
    """Yield a sentence for each difference between what is stored and what follows from the records.

    With `sample`, only about so many accounts are checked, spread evenly over all.
    """
    for kind in recomputations():
        yield from kind.problems(course_id)
    yield from wrong_worths(course_id)
    chunks = list(batched(account_ids(), CHUNK))
    for learners in chunks[:: max(1, len(chunks) * CHUNK // sample)] if sample else chunks:
        for kind in recomputations():
            yield from kind.problems_of(learners, course_id)
        yield from wrong_scores(learners, now, course_id)
        yield from wrong_certificates(learners, now, course_id)


def wrong_worths(course_id: int | None) -> Iterator[str]:
    """Yield activities whose stored worth to a learner who has not started does not follow from questions, tests and
    regrades, or whose late terms are not those of the course.
    """
    for course, stored in stored_items(course_id).items():
        made = {activity: worth for kind in recomputations() for activity, worth in kind.worths(course).items()}
        for activity, (possible, worth, terms) in stored.items():
            wanted, late = made.get(activity, (ActivityWorth(()), None))
            if terms != late:
                yield f"activity {activity}: stored is the late policy {terms}, the course says {late}"
            worth_stored = (possible, sorted(worth.winnable), worth.credited)
            if worth_stored != (wanted.possible, sorted(wanted.winnable), wanted.credited):
                yield f"activity {activity}: to who has not begun, stored is {worth_stored}, its questions make {wanted}"


def wrong_scores(learners: Sequence[int], now: datetime, course_id: int | None) -> Iterator[str]:
    """Yield scores that differ from what the records give, are missing, or have no record."""
    stored = stored_scores(learners, course_id)
    for score in (score for kind in recomputations() for score in kind.scores(learners, course_id, now)):
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
        by_learner, since = ledgers(course, holders), exams_since(course, holders, now)
        for certificate in certificates:
            grade = outcome_from(by_learner[certificate.learner_id])
            if not grade.has_passed:
                yield f"certificate {certificate.code}: its basis makes {grade.percent} %, which is below the pass mark"
            began = since.get(certificate.learner_id)
            if began and began < given_at(certificate):
                yield f"certificate {certificate.code}: it was given while an exam of its learner was running"
