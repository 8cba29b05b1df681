"""Recompute what was recorded: grades are a pure function of the records (I8, I11)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby

from django.db.models import Count

from activities.kinds import Recomputation, RecomputedScore, RecomputedWorth
from grading.rules.activity_results import overridden
from grading.rules.ledger import Ledger
from grading.selectors import overridden_cells, terms_by_learner
from grading.selectors.rows import ledgers
from questions import types
from questions.rules.attempts import limits_possible
from questions.rules.shuffling import order_number
from quizzes.models import (
    Assessment,
    Attempt,
    ExtraAttempts,
    Question,
    QuestionVersion,
    Regrade,
    Sitting,
    SittingQuestion,
)
from quizzes.rules.corrections import correction_as_json
from quizzes.rules.variants import FIRST_RESERVED, drawn_variant
from quizzes.selectors.assessments import activities_of
from quizzes.services.rescoring import attempts_by_sitting, correction_of, results_of_sittings

CHUNK = 500


def recomputed_worths(course_id: int) -> dict[str, RecomputedWorth]:
    """Return what each assessment of a course is worth, by id. Runs two queries."""
    return {activity.id: RecomputedWorth(activity.worth, activity.late) for activity in activities_of(course_id)}


def recomputed_scores(learners: Sequence[int], course_id: int | None, now: datetime) -> Iterator[RecomputedScore]:
    """Yield each score of these learners, from questions, attempts and overrides only.

    Runs four queries for each course and four for each assessment, however many learners there are.
    """
    given = overridden_cells(learners, course_id)
    sittings: dict[str, list[Sitting]] = {}
    for sitting in Sitting.objects.filter(is_void=False, learner__in=learners):
        sittings.setdefault(sitting.assessment_id, []).append(sitting)
    concerned = Assessment.objects.filter(pk__in={*sittings, *(activity for activity, _ in given)})
    if course_id is not None:
        concerned = concerned.filter(course_id=course_id)
    for course, assessments in groupby(concerned.order_by("course_id", "pk"), lambda assessment: assessment.course_id):
        before = ledgers(course, learners)
        for assessment in assessments:
            own = sittings.get(assessment.pk, [])
            begun = {sitting.learner_id for sitting in own}
            rest = {learner for activity, learner in given if activity == assessment.pk} - begun
            yield from recomputed_in(assessment, own, sorted(rest), before, now)


def recomputed_in(
    assessment: Assessment, sittings: Sequence[Sitting], others: Sequence[int], before: dict[int, Ledger], now: datetime
) -> Iterator[RecomputedScore]:
    """Yield the scores of these sittings of an assessment, and of other learners whose score is an override."""
    bases = {pk: ledger.basis_questions(assessment.pk) for pk, ledger in before.items()}
    terms = terms_by_learner(before, assessment.course_id, assessment.pk)
    results = results_of_sittings(assessment, sittings, {}, bases, now, terms)
    for learner_id in (*results, *others):
        row, result = before[learner_id].row(assessment.pk), results.get(learner_id)
        if row is None:
            yield RecomputedScore(assessment.pk, learner_id, None)
            continue
        if row.override is not None:
            result = overridden(result or row.unbegun, row.override)
        if result is not None:
            yield RecomputedScore(assessment.pk, learner_id, result)


def attempt_problems(learners: Sequence[int], course_id: int | None) -> Iterator[str]:
    """Yield a sentence for each attempt whose stored outcome differs from its version's key, or that is one too many, and
    for each sitting with an order of options that nobody gave it.
    """
    for attempt in wrongly_marked(learners, course_id):
        yield f"attempt {attempt.pk}: its stored outcome is not what version {named(attempt)} says of its response"
    for attempt in wrongly_limited(learners, course_id):
        yield f"attempt {attempt.pk}: attempt {attempt.number} of {attempt.attempts_limit} was never allowed"
    for sitting in wrongly_ordered(learners, course_id):
        yield f"sitting {sitting.pk}: its order of options is {sitting.option_order}, which is not that of its learner"
    for row, drawn in wrongly_drawn(learners, course_id):
        yield (
            f"sitting {row.sitting_id}: question {row.question_id} has variant {row.version and row.version.variant}, "
            f"and its paper drew variant {drawn}"
        )


def named(attempt: Attempt) -> str:
    """Return the id of an attempt's version, and its variant if it has one."""
    variant = attempt.version.variant
    return f"{attempt.version_id} (variant {variant})" if variant else str(attempt.version_id)


def wrongly_marked(learners: Sequence[int], course_id: int | None) -> Iterator[Attempt]:
    """Yield attempts of these learners whose stored outcome differs from the outcome under their version's key."""
    sittings = Sitting.every.filter(learner__in=learners)
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
    for attempt in chain.from_iterable(attempts_by_sitting(list(sittings)).values()):
        kind = types.get(attempt.version.type)
        is_right = kind.is_right(attempt.response, attempt.version.secret)
        if is_right is not attempt.is_correct or bool(attempt.points_earned) is not is_right:
            yield attempt


def wrongly_limited(learners: Sequence[int], course_id: int | None) -> Iterator[Attempt]:
    """Yield attempts of these learners that their questions and extra attempts did not allow (D35, I6)."""
    sittings, rows = Sitting.objects.filter(learner__in=learners), ExtraAttempts.objects.filter(learner__in=learners)
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
    given: dict[tuple[int, str], set[int]] = {}
    for learner_id, assessment_id, extra in rows.values_list("learner", "assessment", "extra"):
        given.setdefault((learner_id, assessment_id), {0}).add(extra)
    by_id = {sitting.pk: sitting for sitting in sittings}
    for pk, attempts in attempts_by_sitting(list(by_id.values())).items():
        extras = given.get((by_id[pk].learner_id, by_id[pk].assessment_id), {0})
        before: dict[str, tuple[int, int]] = {}
        for attempt in attempts:
            usual = {attempt.version.attempts_limit + extra for extra in extras}
            if attempt.attempts_limit not in limits_possible(usual, before.get(attempt.question_id)):
                yield attempt
            before[attempt.question_id] = attempt.number, attempt.attempts_limit


def wrongly_ordered(learners: Sequence[int], course_id: int | None) -> Iterator[Sitting]:
    """Yield sittings of these learners whose order of options follows neither from the paper nor from the learner (D40)."""
    sittings = Sitting.every.filter(learner__in=learners, option_order__isnull=False)
    if course_id is not None:
        sittings = sittings.filter(assessment__course_id=course_id)
    for sitting in sittings:
        if sitting.option_order != order_number(sitting.seed, sitting.learner_id, sitting.assessment_id):
            yield sitting


def wrongly_drawn(learners: Sequence[int], course_id: int | None) -> Iterator[tuple[SittingQuestion, int]]:
    """Yield each row of an exam's paper whose variant does not follow from its seed, with the one that does (D43).

    The number of variants is that of the version, which never changes.
    """
    rows = SittingQuestion.objects.filter(sitting__learner__in=learners, version__variant__gt=0).exclude(
        sitting__seed=""
    )
    if course_id is not None:
        rows = rows.filter(sitting__assessment__course_id=course_id)
    pinned = list(rows.select_related("sitting", "version").defer("version__body", "version__secret").order_by("pk"))
    banks = QuestionVersion.objects.filter(question__in={row.question_id for row in pinned}, variant__lt=FIRST_RESERVED)
    counts = {
        (question_id, number): count
        for question_id, number, count in banks.order_by().values_list("question", "number").annotate(count=Count("pk"))
    }
    for row in pinned:
        assert row.version is not None
        count = counts[row.question_id, row.version.number]
        drawn = drawn_variant(row.sitting.seed, row.question_id, count) + 1
        if row.version.variant != drawn:
            yield row, drawn


def correction_problems(course_id: int | None) -> Iterator[str]:
    """Yield a sentence for each question whose corrections differ from those of the regrades in force."""
    questions = Question.objects.order_by("pk")
    in_force = Regrade.objects.filter(undoes=None, undone_by=None).order_by("pk")
    if course_id is not None:
        questions = questions.filter(assessment__course_id=course_id)
    corrections: dict[str, list[object]] = {}
    for regrade in in_force:
        corrections.setdefault(regrade.question_id, []).append(correction_as_json(correction_of(regrade)))
    for question in questions.iterator(CHUNK):
        if question.corrections != corrections.get(question.pk, []):
            yield f"question {question.pk}: its corrections are not those of the regrades in force"


RECOMPUTATION = Recomputation(recomputed_worths, recomputed_scores, correction_problems, attempt_problems)
