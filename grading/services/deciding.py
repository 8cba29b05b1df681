"""Give or revoke certificates after changes that did not decide about them."""

from collections.abc import Iterable
from itertools import batched

from activities.registry import evidence_for
from grading.selectors.rows import ledgers
from grading.services.scores import GradeAction, ScoreEntry, record_score

DECIDED_AT_ONCE = 500  # learners whose cells are in memory


def decide_certificates(*, course_id: int, learner_ids: Iterable[int], action: GradeAction) -> None:
    """Give or revoke the certificates of these learners, as all their scores decide now (D19).

    Call it under their locks, after changes with an action that does not decide.
    """
    for chosen in batched(learner_ids, DECIDED_AT_ONCE):
        for learner_id, cells in ledgers(course_id, chosen).items():
            entry = ScoreEntry(learner_id, course_id, "", None, cells)
            record_score(entry, action, evidence_for(entry, action.now))
