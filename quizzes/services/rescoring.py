"""Recompute the scores of many learners: after a regrade in chunks, and after a course was published all at once.

Each chunk of a regrade is a short transaction under the learners' locks and continues after the previous one. Any number
of workers may work on it, any number of times, with the same outcome.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Model, QuerySet

from activities.kinds import Evidence
from foundation.one_by_one import one_by_one
from grading.rules.lateness import LateTerms
from grading.selectors import graded_in, terms_by_learner
from grading.selectors.rows import ledgers
from grading.services import (
    ActivityResult,
    ActivityWorth,
    Cause,
    Effect,
    GradeAction,
    ScoreEntry,
    decide_certificates,
    foresee_scores,
    record_scores,
    write_entries,
)
from mail.services import notify
from people.selectors import learners_or
from people.services import lock_learners
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Regrade, Rescoring, Sitting, SittingQuestion
from quizzes.rules.corrections import OF_A_VERSION, Correction, read_corrections
from quizzes.rules.scoring import ScoredQuestion
from quizzes.selectors.assessments import review_worth
from quizzes.selectors.instructing import running_learners
from quizzes.selectors.lateness import lateness_of
from quizzes.selectors.outcomes import corrections_of
from quizzes.selectors.scored_questions import (
    ON_PAPER,
    questions_in,
    scored_in_review,
    scored_on_paper,
)
from quizzes.selectors.withheld import withholds_score
from quizzes.services.scoring import evidence_of, sitting_result

type Worths = tuple[ActivityWorth, ActivityWorth]

CHUNK = 100  # learners per transaction, which takes a tenth of a second
AT_ONCE = 200  # the most scores that the regrade's own transaction recomputes
STALLED = timedelta(seconds=30)  # after that, the sweeper takes over


def changes_worth(question: Question, kind: str) -> bool:
    """Return whether a correction of this kind changes the assessment's worth to learners who have not started it."""
    return kind not in OF_A_VERSION and question.assessment.kind == Assessment.Kind.REVIEW


def affected_learners(question: Question, kind: str, *, after: int = 0) -> QuerySet[Model, int]:
    """Return the ids of learners that a correction of this kind may affect, in the order of rescoring, starting after
    the id `after`.

    For a whole review question, these are everyone enrolled, including learners who have not started the review, and
    everyone with a sitting or a score there.
    """
    sittings = Sitting.objects.filter(assessment=question.assessment, is_void=False, learner_id__gt=after)
    if kind in OF_A_VERSION:
        sittings = sittings.filter(pk__in=Attempt.objects.filter(question=question).values("sitting"))
    elif question.assessment.kind == Assessment.Kind.EXAM:
        sittings = sittings.filter(pk__in=SittingQuestion.objects.filter(question=question).values("sitting"))
    sat: QuerySet[Model, int] = sittings.order_by("learner_id").values_list("learner_id", flat=True)
    if not changes_worth(question, kind):
        return sat
    return learners_or(question.assessment.course_id, sat.union(graded_in(question.assessment_id)), after=after)


def begin_rescoring(regrade: Regrade, now: datetime) -> Rescoring:
    """Create the record of a regrade's progress."""
    total = affected_learners(regrade.question, regrade.kind).count()
    return Rescoring.objects.create(regrade=regrade, total=total, moved_at=now)


def rescore_after_regrade(*, rescoring_id: int, clock: Callable[[], datetime]) -> None:
    """Recompute every score that the regrade affects."""
    while not rescore_chunk(rescoring_id=rescoring_id, now=clock()):
        pass


def rescore_stalled(*, now: datetime, after: timedelta = STALLED) -> int:
    """Finish rescorings that a lost message or a killed worker left.

    Return how many regrades. `now` is the time of every record. All others are finished even if one raises an error, which
    is raised again at the end.
    """
    stalled = Rescoring.objects.filter(finished_at=None, moved_at__lte=now - after)
    pks = list(stalled.order_by("pk").values_list("pk", flat=True))
    with one_by_one() as alone:
        for pk in pks:
            with alone(f"rescoring {pk}"):
                rescore_after_regrade(rescoring_id=pk, clock=lambda: now)
    return len(pks)


@transaction.atomic
def rescore_chunk(*, rescoring_id: int, now: datetime) -> bool:
    """Rescore the next learners. Return True once none are left."""
    rows = Rescoring.objects.select_for_update(of=("self",))
    rows = rows.select_related("regrade__question__assessment", "regrade__undoes")
    rescoring = rows.get(pk=rescoring_id)
    if rescoring.finished_at is not None:
        return True
    regrade = rescoring.regrade
    question = regrade.question
    waiting = affected_learners(question, regrade.kind, after=int(rescoring.cursor or 0))
    chosen = list(waiting[:CHUNK])
    lock_learners(course_id=question.assessment.course_id, learner_ids=chosen)
    action = action_of(regrade, now)
    entries = entries_of(question.assessment, chosen, now, worth=worth_around(regrade))
    effects = record_scores(entries, action, evidence_by_learner(entries, now))
    notify_of_points(regrade, effects, now)
    rescoring.done += len(chosen)
    rescoring.cursor = str(chosen[-1]) if chosen else rescoring.cursor
    rescoring.moved_at = now
    rescoring.finished_at = now if len(chosen) < CHUNK else None
    rescoring.save(update_fields=["done", "cursor", "moved_at", "finished_at"])
    return rescoring.finished_at is not None


def rescore_assessments(
    *,
    course_id: int,
    assessment_ids: Collection[str],
    action: GradeAction,
    learner_ids: Collection[int] | None = None,
) -> None:
    """Recompute the scores of everyone who sat in these or was given points there, as their questions are now (D23).

    `learner_ids` restricts it to these learners.

    Call it in the transaction that changed the questions, with all learners of the course locked. Otherwise a sitting
    that started in between would keep a score by the old questions. Certificates are decided once all scores are written.
    """
    rescored: set[int] = set()
    rows = Assessment.objects.filter(pk__in=assessment_ids).select_related("course")
    for assessment in rows.order_by("position", "pk"):
        sat = Sitting.objects.filter(assessment=assessment, is_void=False).values_list("learner_id", flat=True)
        concerned = {*sat, *graded_in(assessment.pk)}
        concerned = concerned if learner_ids is None else concerned.intersection(learner_ids)
        rescored |= concerned
        for learners in batched(sorted(concerned), CHUNK):
            write_entries(entries_of(assessment, list(learners), action.now, worth=None), action)
    if action.decides:
        decide_certificates(course_id=course_id, learner_ids=sorted(rescored), action=action)


def notify_of_points(regrade: Regrade, effects: Sequence[Effect], now: datetime) -> None:
    """Tell the learners whose points changed.

    Learners who sit an exam now get no notice, because it could be about a question there. While the score is withheld,
    no notice is sent at all (D33).
    """
    assessment = regrade.question.assessment
    course_id = assessment.course_id
    moved = {effect.learner_id for effect in effects if len({*effect.earned}) > 1 or len({*effect.possible}) > 1}
    if moved and not (assessment.disclosure.is_score_delayed and withholds_score(assessment, now)):
        notified = moved - set(running_learners(course_id, list(moved), now))
        notify(what="regrade", key=str(regrade.pk), course_id=course_id, user_ids=sorted(notified), now=now)


def correction_of(regrade: Regrade) -> Correction:
    """Return the correction that a regrade made."""
    (correction,) = read_corrections([{**regrade.correction, "regrade": regrade.pk}])
    return correction


def worth_around(regrade: Regrade) -> Worths | None:
    """Return what the review is worth to learners who have not started it, without this record and with it; None if the
    record does not change that.
    """
    question = regrade.question
    if not changes_worth(question, regrade.kind):
        return None
    in_force = corrections_of(question)
    without = tuple(correction for correction in in_force if correction.regrade != regrade.pk)
    if regrade.undoes is not None:
        without = (*in_force, correction_of(regrade.undoes))
    worth = review_worth(question.assessment_id)
    return review_worth(question.assessment_id, {question.pk: without}), worth


def action_of(regrade: Regrade, now: datetime) -> GradeAction:
    """Return the action to record with changed scores."""
    cause = Cause.REGRADE if regrade.undoes_id is None else Cause.REGRADE_UNDONE
    return GradeAction(cause, now, regrade.author_id, regrade.reason, source_id=regrade.pk)


def foresee(question: Question, corrections: tuple[Correction, ...], kind: str, now: datetime) -> Iterator[Effect]:
    """Yield what these corrections would do to each learner. Writes nothing."""
    action, supposed = GradeAction(Cause.REGRADE, now), {question.pk: corrections}
    worth = None
    if changes_worth(question, kind):
        worth = review_worth(question.assessment_id), review_worth(question.assessment_id, supposed)
    for learners in batched(affected_learners(question, kind).iterator(1000), 1000):
        entries = entries_of(question.assessment, list(learners), now, supposed=supposed, worth=worth)
        yield from foresee_scores(entries, action, evidence_by_learner(entries, now, is_dry=True))


def entries_of(
    assessment: Assessment,
    learners: list[int],
    now: datetime,
    *,
    supposed: dict[str, tuple[Correction, ...]] | None = None,
    worth: Worths | None,
) -> list[ScoreEntry]:
    """Return what is to be recorded for these learners, by the corrections in force or by supposed ones.

    A learner without a sitting has not started. `worth` is what the assessment was and is worth to such a learner.
    """
    course_id, activity = assessment.course_id, assessment.pk
    before = ledgers(course_id, learners, {activity: worth[0]} if worth else None)
    after = ledgers(course_id, learners, {activity: worth[1]}) if worth else {}
    sittings = list(Sitting.objects.filter(assessment=assessment, learner__in=learners, is_void=False))
    bases = {pk: ledger.basis_questions(activity) for pk, ledger in before.items()}
    terms = terms_by_learner(before, course_id, activity)
    results = results_of_sittings(assessment, sittings, supposed or {}, bases, now, terms)
    return [ScoreEntry(pk, course_id, activity, results.get(pk), before[pk], after.get(pk)) for pk in learners]


def evidence_by_learner(entries: list[ScoreEntry], now: datetime, *, is_dry: bool = False) -> dict[int, Evidence]:
    """Return the evidence for each learner who may get a certificate.

    Runs one query, and two for each certificate that can be issued unless `is_dry`.
    """
    asking = [entry for entry in entries if entry.is_new and entry.may_certify]
    if not asking:
        return {}
    busy = set(running_learners(asking[0].course_id, [entry.learner_id for entry in asking], now))
    if is_dry:
        return {entry.learner_id: Evidence(entry.learner_id in busy) for entry in asking}
    return {entry.learner_id: evidence_of(entry, is_busy=entry.learner_id in busy, now=now) for entry in asking}


def results_of_sittings(
    assessment: Assessment,
    sittings: Sequence[Sitting],
    supposed: dict[str, tuple[Correction, ...]],
    bases: dict[int, frozenset[str] | None],
    now: datetime,
    terms: Mapping[int, LateTerms],
) -> dict[int, ActivityResult | None]:
    """Return the result of each of these sittings of one assessment, by learner. Runs four queries.

    `bases` are the questions that each learner's certificate counted, and `terms` the late terms of those who have any.
    """
    attempts = attempts_by_sitting(sittings)
    scored = scored_by_sitting(assessment, sittings, attempts)

    def result_of(sitting: Sitting) -> ActivityResult | None:
        sitting.assessment = assessment
        questions = [
            replace(question, corrections=supposed[question.id]) if question.id in supposed else question
            for question in scored[sitting.pk]
        ]
        lateness = lateness_of(terms.get(sitting.learner_id), assessment.kind, sitting.started_at)
        return sitting_result(sitting, questions, attempts[sitting.pk], bases[sitting.learner_id], now, lateness)

    return {sitting.learner_id: result_of(sitting) for sitting in sittings}


def attempts_by_sitting(sittings: Sequence[Sitting]) -> dict[str, list[Attempt]]:
    """Return the attempts in order. Each version is read once, not once per attempt."""
    by_sitting: dict[str, list[Attempt]] = {sitting.pk: [] for sitting in sittings}
    rows = list(Attempt.objects.filter(sitting__in=by_sitting).order_by("number"))
    versions = QuestionVersion.objects.defer(
        *("source", "prompt", "prompt_html", "explanation", "explanation_html", "body")
    )
    known = versions.in_bulk({row.version_id for row in rows})
    for row in rows:
        row.version = known[row.version_id]
        by_sitting[row.sitting_id].append(row)
    return by_sitting


def scored_by_sitting(
    assessment: Assessment, sittings: Sequence[Sitting], attempts: dict[str, list[Attempt]]
) -> dict[str, list[ScoredQuestion]]:
    """Return the questions that may count in each sitting. Runs one query."""
    if assessment.kind == Assessment.Kind.REVIEW:
        questions = questions_in(assessment.pk)
        return {sitting.pk: scored_in_review(questions, attempts[sitting.pk]) for sitting in sittings}
    by_sitting: dict[str, list[ScoredQuestion]] = {sitting.pk: [] for sitting in sittings}
    rows = SittingQuestion.objects.filter(sitting__in=by_sitting).values_list("sitting_id", *ON_PAPER)
    for sitting_id, *values in rows:
        by_sitting[sitting_id].append(scored_on_paper(*values))
    return by_sitting
