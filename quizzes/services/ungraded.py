"""Start and end rehearsals and test runs: sittings of an exam that count for nothing (D46)."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.selectors import lock_accounts
from course.selectors import published, snapshot_at
from foundation.one_by_one import one_by_one
from people.access import access_from, refuse_archived
from people.services import Learner, lock_enrollment
from questions.rules.shuffling import EXAM_ORDERS
from quizzes.models import Assessment, Question, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.draw import Drawn, PoolQuestion, draw_available
from quizzes.rules.timing import accepts, accepts_until, deadline, is_settled
from quizzes.selectors.own_records import BeforeStart, records_before_start
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions
from quizzes.selectors.sittings import has_running_exam
from quizzes.selectors.ungraded import (
    UngradedLimits,
    due_ungraded,
    refuse_other_kind,
    rehearsal_questions,
    ungraded_sitting,
)
from quizzes.services.asked_questions import lock_ungraded, ungraded_question
from quizzes.services.settling import grade_draft
from quizzes.services.starting import paper_for, pinned_version, refuse_review, strata_of, version_of


@transaction.atomic
def start_rehearsal(*, learner: Learner, assessment: Assessment, now: datetime) -> tuple[Sitting, bool]:
    """Start a rehearsal of an exam at `now`, or resume the running one. Return it, and True if it was started now.

    It asks as many questions of each module as the exam does, or fewer if the learner has fewer final review questions.
    The exam's dates do not matter, because a rehearsal is most useful before them.

    Raises Refusal not_an_exam, not_found, not_enrolled, preview_only, course_archived, rehearsal_waits, rehearsal_empty.
    """
    records, content = lock_for_start(learner, assessment, Sitting.Kind.REHEARSAL)
    if has_running_exam(learner.pk, now):
        raise Refusal("rehearsal_waits")
    running = running_ungraded(learner.pk, assessment, Sitting.Kind.REHEARSAL, now)
    if running is not None:
        return running, False
    exam = content.assessments[assessment.pk]
    seed = secrets.token_hex(16)
    paper = rehearsal_paper(exam, learner.pk, content, seed, now)
    if not paper:
        raise Refusal("rehearsal_empty")
    return store_ungraded(Sitting.Kind.REHEARSAL, learner.pk, exam, seed, paper, content, records, now), True


@transaction.atomic
def start_test_run(*, person: Learner, assessment: Assessment, now: datetime) -> tuple[Sitting, bool]:
    """Start a test run of an exam, or resume the running one. Its paper is drawn as a learner's would be.

    Raises Refusal not_an_exam, not_found, course_archived.
    """
    records, content = lock_for_start(person, assessment, Sitting.Kind.TEST_RUN)
    running = running_ungraded(person.pk, assessment, Sitting.Kind.TEST_RUN, now)
    if running is not None:
        return running, False
    exam = content.assessments[assessment.pk]
    seed = secrets.token_hex(16)
    paper = paper_for(exam, content, seed)
    return store_ungraded(Sitting.Kind.TEST_RUN, person.pk, exam, seed, paper, content, records, now), True


def rehearsal_size(*, exam: Assessment, learner_id: int, now: datetime) -> int:
    """Return how many questions a rehearsal would ask a learner now."""
    content = published(exam.course_id)[QUESTIONS]
    return len(rehearsal_paper(exam, learner_id, content, "", now))


def rehearsal_paper(
    exam: Assessment, learner_id: int, content: PublishedQuestions, seed: str, now: datetime
) -> list[Drawn]:
    """Return the paper that a rehearsal with this seed asks: empty if the learner has no question to rehearse with."""
    asked = rehearsal_questions(exam.course_id, learner_id, now)
    pool = [
        review_question(content.questions[question_id]) for question_id in asked if question_id in content.questions
    ]
    return draw_available(strata_of(exam), pool, seed, at_most=exam.objectives.get("at_most"))


def lock_for_start(
    person: Learner, assessment: Assessment, kind: Sitting.Kind
) -> tuple[BeforeStart, PublishedQuestions]:
    """Lock a person who starts a rehearsal or a test run. Return their records, and the published questions."""
    enrollment = lock_enrollment(learner_id=person.pk, course_id=assessment.course_id)
    if enrollment is None:  # an administrator needs no enrollment
        lock_accounts([person.pk])
    records = records_before_start(person.pk, assessment.pk)
    content = snapshot_at(assessment.course_id, records.revision)[QUESTIONS]
    exam = content.assessments.get(assessment.pk)
    if exam is None:
        raise Refusal("not_found")
    refuse_other_kind(access_from(enrollment, visibility=exam.course.visibility, person=person), kind)
    refuse_archived(exam.course)
    refuse_review(exam)
    return records, content


def running_ungraded(person_id: int, assessment: Assessment, kind: Sitting.Kind, now: datetime) -> Sitting | None:
    """Return a person's rehearsal or test run of an exam that is not settled, after settling one that is due."""
    rows = Sitting.every.filter(learner_id=person_id, assessment=assessment, kind=kind, settled_at=None)
    open_id = rows.values_list("pk", flat=True).first()
    if open_id is None:
        return None
    sitting = ungraded_sitting(person_id, open_id)
    return None if settle_ungraded_if_due(sitting, now) else sitting


def review_question(question: Question) -> PoolQuestion:
    """Return a review question as the draw of an exam reads it: it belongs to its review's module."""
    version = version_of(question)
    return PoolQuestion(question.pk, question.assessment.module.key, version.difficulty, version.objective)


def store_ungraded(
    kind: Sitting.Kind,
    person_id: int,
    exam: Assessment,
    seed: str,
    paper: Sequence[Drawn],
    content: PublishedQuestions,
    records: BeforeStart,
    now: datetime,
) -> Sitting:
    """Store a rehearsal or a test run, with its paper. The exam's closing does not shorten it."""
    ends_at = deadline(started_at=now, limit=exam.time_limit, multiplier=records.multiplier, closes_at=None)
    sitting = Sitting.every.create(
        assessment=exam,
        learner_id=person_id,
        seed=seed,
        started_at=now,
        deadline_at=ends_at,
        accepts_until=accepts_until(ends_at),
        is_untimed=exam.time_limit is None,
        option_order=int(seed, 16) % EXAM_ORDERS,
        is_void=True,
        kind=kind,
    )
    SittingQuestion.objects.bulk_create(
        SittingQuestion(
            sitting=sitting,
            question_id=drawn.id,
            version_id=pinned_version(content.questions[drawn.id], seed),
            position=position,
            points=drawn.points,
        )
        for position, drawn in enumerate(paper, start=1)
    )
    return ungraded_sitting(person_id, sitting.pk)


@transaction.atomic
def hand_in_ungraded(*, learner: Learner, sitting_id: str, now: datetime) -> Sitting:
    """Hand in a rehearsal or a test run: grade the drafts and show every key. Handing in again is harmless.

    Raises Refusal sitting_over, and the refusals of lock_ungraded.
    """
    sitting = lock_ungraded(learner=learner, sitting_id=sitting_id, now=now)
    if sitting.submitted_at is not None:
        return sitting
    if not accepts(sitting.clock, now):
        raise Refusal("sitting_over")
    settle_ungraded_sitting(sitting, submitted_at=now, ended_by=Sitting.Ending.LEARNER, now=now)
    return sitting


@transaction.atomic
def settle_ungraded(*, person_id: int, sitting_id: str, now: datetime) -> None:
    """Settle a rehearsal or a test run whose time is over. Call it before it is shown (D9). Raises Refusal not_found."""
    sitting = ungraded_sitting(person_id, sitting_id)
    if sitting.settled_at is not None or not is_settled(sitting.clock, now):
        return
    lock_enrollment(learner_id=person_id, course_id=sitting.assessment.course_id)
    Sitting.every.select_for_update(no_key=True).filter(pk=sitting_id).first()
    settle_ungraded_if_due(ungraded_sitting(person_id, sitting_id), now)


def settle_due_ungraded(*, now: datetime) -> None:
    """Settle every rehearsal and test run whose time is over, for the sweeper. An error with one stops no other.

    No grade waits for them, so no counter of settled sittings has them. Raises an ExceptionGroup at the end for those
    that failed.
    """
    with one_by_one() as alone:
        for sitting_id, person_id in due_ungraded(now):
            with alone(f"sitting {sitting_id}"):
                settle_ungraded(person_id=person_id, sitting_id=sitting_id, now=now)


@transaction.atomic
def settle_every_ungraded(*, person_id: int, now: datetime) -> None:
    """Settle every rehearsal and test run of a person whose account is erased at `now`. Call it under their locks."""
    rows = Sitting.every.exclude(kind=Sitting.Kind.GRADED).filter(learner_id=person_id, settled_at=None)
    for sitting_id in rows.order_by("pk").values_list("pk", flat=True):
        sitting = ungraded_sitting(person_id, sitting_id)
        if not settle_ungraded_if_due(sitting, now):
            instant = now if accepts(sitting.clock, now) else sitting.deadline_at
            assert instant is not None
            settle_ungraded_sitting(sitting, submitted_at=instant, ended_by=Sitting.Ending.LEARNER, now=now)


def settle_ungraded_if_due(sitting: Sitting, now: datetime) -> bool:
    """Settle a rehearsal or a test run if its deadline settles it by `now`. Return whether it is settled."""
    if sitting.settled_at is None and is_settled(sitting.clock, now):
        assert sitting.deadline_at is not None
        settle_ungraded_sitting(sitting, submitted_at=sitting.deadline_at, ended_by=Sitting.Ending.DEADLINE, now=now)
    return sitting.settled_at is not None


def settle_ungraded_sitting(
    sitting: Sitting, *, submitted_at: datetime, ended_by: Sitting.Ending, now: datetime
) -> None:
    """Grade the drafts that were not checked (D8), and record the end, as `settle_sitting` does, but no score."""
    limits = UngradedLimits.of(sitting)
    for row in sitting.questions.filter(draft__isnull=False).select_related("question", "version"):
        asked = ungraded_question(sitting, row, limits)
        grade_draft(asked, list(asked.attempts))
    sitting.submitted_at, sitting.ended_by, sitting.settled_at = submitted_at, ended_by, now
    Sitting.every.filter(pk=sitting.pk).update(submitted_at=submitted_at, ended_by=ended_by, settled_at=now)
