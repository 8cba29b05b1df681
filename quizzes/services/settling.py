"""Settle sittings: grade the drafts that are left, and record the end, which the deadline decides (D8, D9)."""

from datetime import datetime

from django.db import transaction

from activities.kinds import OpenSitting
from foundation.metrics import SETTLED
from foundation.one_by_one import one_by_one
from grading.services import Cause, GradeAction
from people.services import lock_enrollment
from questions import types
from questions.rules.attempts import draft_counts_at_end
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.timing import is_settled
from quizzes.selectors.extra_attempts import extra_attempts_of
from quizzes.selectors.sittings import due_sittings, open_sitting_in, unsettled_sittings
from quizzes.services.answering import is_reopened_by_regrade, past_of, update_row_for_attempt, write_attempt
from quizzes.services.asked_questions import AskedQuestion
from quizzes.services.pause_ends import end_expired_pause
from quizzes.services.scoring import attempts_in, rescore_sitting

ENDED_BY = {
    Sitting.Ending.LEARNER: Cause.ENDED_BY_LEARNER,
    Sitting.Ending.DEADLINE: Cause.ENDED_BY_DEADLINE,
}


def settle_sittings(learner_id: int | None, course_id: int | None, now: datetime) -> OpenSitting | None:
    """Settle what is due in the scope, and return the learner's running exam. Runs one query that usually finds nothing.

    Without `learner_id` the scope is everyone, without `course_id` every course.
    """
    if learner_id is None:
        settle_due(now=now, course_id=course_id)
        return None
    sittings = unsettled_sittings(learner_id)
    for sitting in sittings:
        if course_id in {None, sitting.course_id} and is_settled(sitting.clock, now):
            settle_expired(sitting.pk, learner_id, sitting.course_id, now)
    return open_sitting_in(sittings, now)


def settle_due(
    *, now: datetime, learner_id: int | None = None, course_id: int | None = None, sitting_id: str | None = None
) -> int:
    """Settle every expired sitting that is not recorded as settled: of a learner, in a course, or the one with this id.

    Without any of the three, settle the expired sittings of everyone. Return how many were settled.

    Call it, or `settle_grades`, before a grade is shown or exported. It runs one indexed query that usually finds
    nothing. Each sitting is settled in a separate transaction, under its learner's lock.
    """
    due = due_sittings(now=now, learner_id=learner_id, course_id=course_id, sitting_id=sitting_id)
    return sum(settle_expired(pk, learner, course, now) for pk, learner, course in due)


def settle_due_one_by_one(*, now: datetime) -> int:
    """Settle every expired sitting, for the sweeper. Return how many.

    A page that shows grades may not leave a sitting out, so `settle_due` stops at the first error. Here, all others are
    settled even if one raises an error, which is raised again at the end.
    """
    settled = 0
    with one_by_one() as alone:
        for pk, learner, course in due_sittings(now=now):
            with alone(f"sitting {pk}"):
                is_settled_now = settle_expired(pk, learner, course, now)
                SETTLED.inc(is_settled_now)
                settled += is_settled_now
    return settled


@transaction.atomic
def settle_expired(sitting_id: str, learner_id: int, course_id: int, now: datetime) -> bool:
    """Settle one expired sitting. Return False if another process has settled it, or if its deadline moved later."""
    lock_enrollment(learner_id=learner_id, course_id=course_id)
    sitting = Sitting.objects.select_related("assessment").get(pk=sitting_id)
    if sitting.settled_at is not None or sitting.is_void or not is_settled(sitting.clock, now):
        return False
    end_expired_pause(sitting, now)
    assert sitting.deadline_at is not None
    settle_sitting(sitting, submitted_at=sitting.deadline_at, ended_by=Sitting.Ending.DEADLINE, now=now)
    return True


def settle_sitting(sitting: Sitting, *, submitted_at: datetime, ended_by: Sitting.Ending, now: datetime) -> None:
    """Grade the drafts that were not checked, record the end of the sitting, and record its score."""
    attempts = attempts_in(sitting)
    attempts += grade_drafts(sitting, attempts)
    sitting.submitted_at, sitting.ended_by, sitting.settled_at = submitted_at, ended_by, now
    sitting.save(update_fields=["submitted_at", "ended_by", "settled_at"])
    rescore_sitting(sitting=sitting, attempts=attempts, action=GradeAction(ENDED_BY[ended_by], now))


def grade_drafts(sitting: Sitting, attempts: list[Attempt]) -> list[Attempt]:
    """Grade the drafts left in the sitting, and return the attempts that this creates (D8)."""
    drafts = SittingQuestion.objects.filter(sitting=sitting, draft__isnull=False)
    rows = list(drafts.select_related("version", "question__assessment", "question__current"))
    extra = extra_attempts_of(sitting.learner_id, sitting.assessment_id) if rows else 0
    questions = [AskedQuestion(row.question, sitting, row, extra_attempts=extra) for row in rows]
    return [attempt for asked in questions if (attempt := grade_draft(asked, attempts)) is not None]


def grade_draft(asked: AskedQuestion, attempts: list[Attempt]) -> Attempt | None:
    """Grade one draft as an attempt and return it, or None if the draft is blank, malformed or does not count."""
    kind = types.get(asked.version.type)
    try:
        canonical = kind.parse(asked.row.draft, asked.version.body)
    except Refusal:
        return None
    past = past_of(attempts, asked)
    if not draft_counts_at_end(past=past, draft_response=canonical):
        return None
    assert asked.row.saved_at is not None
    attempt = write_attempt(
        asked,
        canonical,
        past,
        is_reopened=is_reopened_by_regrade(attempts, asked),
        now=asked.row.saved_at,
        by=Attempt.By.DEADLINE,
    )
    update_row_for_attempt(asked)
    return attempt
