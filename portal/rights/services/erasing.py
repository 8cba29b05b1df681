"""Erase a person in every app at once: the person is anonymized, and the records of grades stay (D18)."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.selectors import person_by_id
from foundation.one_by_one import one_by_one
from grading.services import erase_reasons
from labs.services import erase_lab_work
from lessons.help.services import erase_help
from people.selectors import courses_joined
from people.services import lock_enrollment
from portal.refusals import Refusal
from portal.rights.services.anonymizing import begin_erasure, erase_person, erasures_due, record_kept, refuse_last_admin
from quizzes.services import erase_texts, hand_in_before_erasure, settle_before_erasure

if TYPE_CHECKING:
    from accounts.models import User

WAS_DUE = "The time to reconsider was over."
log = logging.getLogger(__name__)


def erase_due_accounts(*, now: datetime) -> int:
    """Erase the people whose time to reconsider is over. Return how many. An account waits while a clock of an exam runs.

    An account that cannot be erased keeps no other waiting. Its error is raised at the end.
    """
    erased = 0
    with one_by_one() as alone:
        for user_id in erasures_due(now=now):
            with alone(f"account {user_id}"):
                erased += erase_or_keep(user_id, now)
    return erased


def erase_or_keep(user_id: int, now: datetime) -> bool:
    """Erase an account that is due. Return False if it must stay for now, of which the reason is recorded, or if its owner
    has just decided to keep it.
    """
    try:
        erase_account(user_id=user_id, actor=None, reason=WAS_DUE, now=now, is_due=True)
    except Refusal as refusal:
        if record_kept(user_id=user_id, code=refusal.code, now=now):
            log.warning("account %s is due to be deleted and stays for now: %s", user_id, refusal.code)
        return False
    return True


def erase_account(*, user_id: int, actor: "User | None", reason: str, now: datetime, is_due: bool = False) -> None:
    """Remove everything that tells who the person was. Their grades and certificates stay, without a name.

    Exams without a time limit are handed in (D36). With `is_due`, an account whose date of deletion was taken back stays.
    Raises Refusal not_found, last_admin, exam_open. Then nothing is changed.
    """
    settle_before_erasure(learner_id=user_id, now=now)
    with transaction.atomic():
        user = person_by_id(user_id)
        if is_due and (user.erasure_due_at is None or user.erasure_due_at > now):
            raise Refusal("not_found")
        refuse_last_admin(user)
        for course_id in courses_joined(user_id):
            lock_enrollment(learner_id=user_id, course_id=course_id)
        hand_in_before_erasure(learner_id=user_id, now=now)  # an exam may have begun before the locks
        begin_erasure(user=user)
        erase_reasons(learner_id=user_id)
        targets = [*erase_texts(learner_id=user_id, now=now), *erase_help(learner_id=user_id)]
        erase_lab_work(learner_id=user_id, now=now)
        erase_person(user=user, actor=actor, reason=reason, now=now, targets=targets)
