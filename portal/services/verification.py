"""Does every grade and certificate follow from the records? Reads only; the caller settled what is due before."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from grading.selectors import StoredScore, certified, course_grade, stored_scores
from labs.services import RecomputedLab, recomputed_lab_scores
from quizzes.selectors import open_sitting_of
from quizzes.services import Recomputed, recomputed_scores, wrongly_corrected, wrongly_marked


def verify_grades(*, now: datetime, course_id: int | None = None) -> Iterator[str]:
    """Differences between what is stored and what the records make, each as a sentence; none is right."""
    yield from wrong_marks(course_id)
    yield from wrong_corrections(course_id)
    yield from wrong_scores(now, course_id)
    yield from wrong_certificates(now, course_id)


def wrong_marks(course_id: int | None) -> Iterator[str]:
    for attempt in wrongly_marked(course_id=course_id):
        yield f"attempt {attempt.pk}: its stored outcome is not what version {attempt.version_id} says of its response"


def wrong_corrections(course_id: int | None) -> Iterator[str]:
    for question in wrongly_corrected(course_id=course_id):
        yield f"question {question.pk}: its corrections are not those of the regrades that stand"


def wrong_scores(now: datetime, course_id: int | None) -> Iterator[str]:
    stored = stored_scores(course_id)
    made: Iterator[Recomputed | RecomputedLab] = chain(
        recomputed_scores(now=now, course_id=course_id), recomputed_lab_scores(course_id=course_id)
    )
    for found in made:
        cell = stored.pop((found.activity, found.learner_id), None)
        if problem := difference(cell, found):
            yield f"learner {found.learner_id}, activity {found.activity}: {problem}"
    for activity, learner_id in stored:
        yield f"learner {learner_id}, activity {activity}: a score without a sitting or a test run that counts"


def difference(cell: StoredScore | None, found: Recomputed | RecomputedLab) -> str:
    """What is wrong with a cell; empty where nothing is."""
    standing = found.standing
    if cell is None:
        return f"no score is stored, the records make {standing.earned} of {standing.possible}"
    stored = (cell.earned, cell.possible, cell.answered, sorted(cell.winnable), cell.state)
    made = (standing.earned, standing.possible, standing.answered, sorted(standing.winnable), standing.state)
    if stored != made:
        return f"stored is {stored}, the records make {made}"
    if (cell.last_earned, cell.last_possible) != (cell.earned, cell.possible):
        return f"its history ends with {cell.last_earned} of {cell.last_possible}, stored is {cell.earned}"
    return ""


def wrong_certificates(now: datetime, course_id: int | None) -> Iterator[str]:
    """I9: whoever holds one has passed, over what it keeps as its basis, with no sitting open."""
    for certificate in certified(course_id):
        grade = course_grade(certificate.learner_id, certificate.course_id)
        if not grade.has_passed:
            yield f"certificate {certificate.code}: its basis makes {grade.percent} %, which is no pass"
        sitting = open_sitting_of(certificate.learner_id, now)
        if sitting is not None and sitting.assessment.course_id == certificate.course_id:
            yield f"certificate {certificate.code}: a sitting of its learner is open"
