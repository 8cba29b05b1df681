"""Seal every append-only record about a learner, whichever app it belongs to, and find those that were altered since."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched

from course.selectors import account_ids, course_ids
from course.selectors.sealed import COURSE_RECORDS
from course.services.sealing import Sealed, seal_next, verify_course_seals, verify_learner_seals
from grading.selectors.sealed import GRADE_RECORDS
from labs.sealed import LAB_RECORDS
from quizzes.selectors.sealed import ANSWER_RECORDS

KINDS = (*COURSE_RECORDS, *GRADE_RECORDS, *ANSWER_RECORDS, *LAB_RECORDS)
LEARNERS = 200  # whose records are in memory at a time
STEPS = 20  # of one sweep, so that a large backlog does not keep the sweeper from its other work


def seal_waiting(*, now: datetime) -> Sealed:
    """Seal the records that wait, as many as one sweep should."""
    records, is_last = 0, False
    for _step in range(STEPS):
        done = seal_next(kinds=KINDS, now=now)
        records, is_last = records + done.records, done.is_last
        if is_last:
            break
    return Sealed(records, is_last)


def verify_records(*, now: datetime, course_id: int | None = None) -> Iterator[str]:
    """Yield a sentence for each record that was altered, removed or moved since it was sealed."""
    for each in [course_id] if course_id is not None else course_ids():
        yield from verify_course_seals(kinds=KINDS, course_id=each, now=now)
    for learners in batched(account_ids(), LEARNERS):
        yield from verify_learner_seals(kinds=KINDS, learner_ids=learners, course_id=course_id, now=now)
