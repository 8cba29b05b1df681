"""Seal every append-only record about a learner, whichever app it belongs to, and find those that were altered since."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from accounts.selectors import account_ids
from course.selectors import course_by_slug, course_ids
from foundation.fast.lazy import lazily
from grading.selectors.sealed import GRADE_RECORDS
from labs.sealed import LAB_RECORDS
from people.selectors.sealed import COURSE_RECORDS
from portal.rights.services.chains import Sealed, count_waiting, seal_next, verify_course_seals, verify_learner_seals
from quizzes.selectors.sealed import ANSWER_RECORDS
from records.rules.sealing import RecordColumns
from records.selectors.sealed import seals_of

if TYPE_CHECKING:
    from portal.rights.services import signing
else:
    signing = lazily("portal.rights.services.signing")  # with cryptography 7 MB, which the sweeper never needs

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
    for sealed_course in [course_id] if course_id is not None else course_ids():
        yield from verify_course_seals(kinds=KINDS, course_id=sealed_course, now=now)
    for learners in batched(account_ids(), LEARNERS):
        yield from verify_learner_seals(kinds=KINDS, learner_ids=learners, course_id=course_id, now=now)


def count_unsealed(*, now: datetime, course_id: int | None = None) -> int:
    """Return how many records are so new that the sweeper has not sealed them yet."""
    return count_waiting(kinds=KINDS, course_id=course_id, now=now)


def verify_statement(*, statement: RecordColumns, now: datetime) -> Iterator[str]:
    """Yield a sentence for each record that differs from what this site once signed in a learner's statement.

    Somebody who can write to every table can write a whole new chain, which fits. It does not fit a statement that the
    learner kept. Raises Refusal not_found if there is no such course.
    """
    if not signing.is_signed(statement):
        yield "This site did not sign this statement, or it was changed since."
        return
    learner_id, course = int(statement["learner"]["id"]), course_by_slug(statement["course"]["slug"])
    stored = {seal.position: seal for seal in seals_of([learner_id], course.pk)}
    for record in statement["records"]:
        seal, name = stored.get(record["position"]), "{kind} {id}".format_map(record["content"])
        if seal is None:
            yield f"{name} of learner {learner_id}: signed at position {record['position']}, and has no seal any more"
        elif seal.digest != record["digest"]:
            yield f"{name} of learner {learner_id}: sealed again since position {record['position']} was signed"
    yield from verify_learner_seals(kinds=KINDS, learner_ids=[learner_id], course_id=course.pk, now=now)
