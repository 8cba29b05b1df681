"""Scores follow a regrade: in chunks of learners, each a short transaction under their locks, from where the last
one ended. Whoever works on it, and however often, the outcome is the same."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from course.services import lock_learners
from grading.services import Cause, Effect, Evidence, foresee_scores, record_scores
from grading.services.scores import Stand
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Regrade, Rescoring, Sitting, SittingQuestion
from quizzes.rules.corrections import OF_A_VERSION, Correction
from quizzes.rules.scoring import Asked
from quizzes.rules.timing import SETTLEMENT
from quizzes.selectors.standing import ON_PAPER, asked_in_review, asked_on_paper, counted_questions, questions_in
from quizzes.services.scoring import standing_of

CHUNK = 100  # sittings in one transaction: a tenth of a second
AT_ONCE = 200  # so few follow within the regrade's own transaction
STALLED = timedelta(seconds=30)  # then the sweeper takes over


def affected(question: Question, kind: str) -> QuerySet[Sitting]:
    """The sittings that a correction of this kind may concern, in the order in which they follow."""
    sittings = Sitting.objects.filter(assessment=question.assessment, is_void=False).order_by("pk")
    if kind in OF_A_VERSION:
        return sittings.filter(pk__in=Attempt.objects.filter(question=question).values("sitting"))
    if question.assessment.kind == Assessment.Kind.EXAM:
        return sittings.filter(pk__in=SittingQuestion.objects.filter(question=question).values("sitting"))
    return sittings


def begin_rescoring(regrade: Regrade, now: datetime) -> Rescoring:
    total = affected(regrade.question, regrade.kind).count()
    return Rescoring.objects.create(regrade=regrade, total=total, moved_at=now)


def follow_regrade(*, rescoring_id: int, clock: Callable[[], datetime]) -> None:
    """Bring every score to where the regrade has it."""
    while not follow_chunk(rescoring_id=rescoring_id, now=clock()):
        pass


def follow_stalled(*, now: datetime, after: timedelta = STALLED) -> int:
    """Finish what a lost message or a killed worker left; returns how many regrades. `now` stamps all of it."""
    stalled = Rescoring.objects.filter(finished_at=None, moved_at__lte=now - after)
    found = list(stalled.order_by("pk").values_list("pk", flat=True))
    for pk in found:
        follow_regrade(rescoring_id=pk, clock=lambda: now)
    return len(found)


@transaction.atomic
def follow_chunk(*, rescoring_id: int, now: datetime) -> bool:
    """The next sittings; True once none is left."""
    rows = Rescoring.objects.select_for_update(of=("self",)).select_related("regrade__question__assessment")
    rescoring = rows.get(pk=rescoring_id)
    if rescoring.finished_at is not None:
        return True
    regrade = rescoring.regrade
    question = regrade.question
    waiting = affected(question, regrade.kind).filter(pk__gt=rescoring.cursor)
    chosen = list(waiting.values_list("pk", "learner_id")[:CHUNK])
    lock_learners(course_id=question.assessment.course_id, learner_ids=[learner for _, learner in chosen])
    sittings = Sitting.objects.filter(pk__in=[pk for pk, _ in chosen], is_void=False)
    record_scores(**scores_of(question.assessment, list(sittings.order_by("pk")), cause_of(regrade, now), None))
    rescoring.done += len(chosen)
    rescoring.cursor = chosen[-1][0] if chosen else rescoring.cursor
    rescoring.moved_at = now
    rescoring.finished_at = now if len(chosen) < CHUNK else None
    rescoring.save(update_fields=["done", "cursor", "moved_at", "finished_at"])
    return rescoring.finished_at is not None


def cause_of(regrade: Regrade, now: datetime) -> Cause:
    name = "regrade" if regrade.undoes_id is None else "regrade undone"
    return Cause(name, now, regrade.author_id, regrade.reason, may_revoke=True)


def foresee(question: Question, corrections: tuple[Correction, ...], kind: str, now: datetime) -> Iterator[Effect]:
    """What these corrections would do to whom; writes nothing."""
    cause = Cause("regrade", now, may_revoke=True)
    for sittings in batched(affected(question, kind).iterator(1000), 1000):
        found = scores_of(question.assessment, sittings, cause, {question.pk: corrections})
        yield from foresee_scores(**found)


def scores_of(
    assessment: Assessment,
    sittings: Sequence[Sitting],
    cause: Cause,
    supposed: dict[str, tuple[Correction, ...]] | None,
) -> dict[str, Any]:
    """The arguments of record_scores for these sittings, by the corrections in force or by supposed ones."""
    learners = [sitting.learner_id for sitting in sittings]
    course_id = assessment.course_id
    busy = set(running_learners(course_id, learners, cause.now))

    def evidence(learner_id: int) -> Evidence:
        return Evidence(
            has_open_sitting=lambda: learner_id in busy,
            counted_questions=lambda: counted_questions(learner_id, course_id),
        )

    return {
        "activity": assessment.pk,
        "course_id": course_id,
        "standings": standings_in(assessment, sittings, supposed or {}, cause.now),
        "evidence": evidence,
        "cause": cause,
    }


def running_learners(course_id: int, learner_ids: list[int], now: datetime) -> QuerySet[Sitting, int]:
    rows = Sitting.objects.filter(learner_id__in=learner_ids, assessment__course_id=course_id, is_void=False)
    return rows.filter(submitted_at=None, deadline_at__gt=now - SETTLEMENT).values_list("learner_id", flat=True)


def standings_in(
    assessment: Assessment,
    sittings: Sequence[Sitting],
    supposed: dict[str, tuple[Correction, ...]],
    now: datetime,
) -> dict[int, Stand]:
    """How each of these sittings of one assessment stands, in four statements, to be told the basis of."""
    attempts = attempts_by_sitting(sittings)
    asked = asked_by_sitting(assessment, sittings, attempts)

    def stand(sitting: Sitting) -> Stand:
        sitting.assessment = assessment
        questions = [
            replace(found, corrections=supposed[found.id]) if found.id in supposed else found
            for found in asked[sitting.pk]
        ]
        return lambda basis: standing_of(sitting, questions, attempts[sitting.pk], basis, now)

    return {sitting.learner_id: stand(sitting) for sitting in sittings}


def attempts_by_sitting(sittings: Sequence[Sitting]) -> dict[str, list[Attempt]]:
    """In order; versions are read once, not once for each attempt."""
    found: dict[str, list[Attempt]] = {sitting.pk: [] for sitting in sittings}
    rows = list(Attempt.objects.filter(sitting__in=found).order_by("number"))
    versions = QuestionVersion.objects.defer("prompt", "prompt_html", "explanation", "explanation_html", "body")
    known = versions.in_bulk({row.version_id for row in rows})
    for row in rows:
        row.version = known[row.version_id]
        found[row.sitting_id].append(row)
    return found


def asked_by_sitting(
    assessment: Assessment, sittings: Sequence[Sitting], attempts: dict[str, list[Attempt]]
) -> dict[str, list[Asked]]:
    if assessment.kind == Assessment.Kind.REVIEW:
        questions = questions_in(assessment.pk)
        return {sitting.pk: asked_in_review(questions, attempts[sitting.pk]) for sitting in sittings}
    found: dict[str, list[Asked]] = {sitting.pk: [] for sitting in sittings}
    rows = SittingQuestion.objects.filter(sitting__in=found).values_list("sitting_id", *ON_PAPER)
    for sitting_id, *values in rows:
        found[sitting_id].append(asked_on_paper(*values))
    return found
