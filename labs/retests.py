"""Results of labs' test runs that count, the regrades and retests they come from, and which tests learners fail."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from activities.kinds import ActivityLink, LearnerIds, RegradableActivity
from course.rules.objectives import ObjectiveAnswers, ObjectiveSource
from grading.rules.lateness import WHOLE, LateTerms
from labs.models import HAS_CODE, Lab, LabRegrade, Retest, RetestedRun, Run
from labs.refusals import Refusal
from labs.rules.failures import FailedTest, failed_tests
from labs.rules.objectives import ObjectiveTally, objectives_of_tests
from labs.rules.regrading import counting_results, judging_digest
from labs.rules.results import Reached, Rows, quality, reached_in

if TYPE_CHECKING:
    from course.models import Course


@dataclass(frozen=True)
class ScoredRun:
    """A finished test run of a lab with the results that count after regrades, if there were any.

    `counts`: it is the best one, which the gradebook counts.
    """

    finished_at: datetime
    tests: list[dict[str, Any]]
    is_regraded: bool
    reached: Reached
    counts: bool


def scored_runs(lab_id: str, learner_id: int, terms: LateTerms | None) -> list[ScoredRun]:
    """Return a learner's finished test runs of a lab, newest first. `terms` are the learner's (D34). Runs one query."""
    rows = Run.objects.filter(lab=lab_id, learner=learner_id, mode=Run.Mode.TEST, tests__isnull=False)
    columns = ("finished_at", "tests", "regraded", "created_at")
    results = [
        (at, regraded or tests, regraded is not None, _worth(regraded or tests, ordered_at, terms))
        for at, tests, regraded, ordered_at in rows.order_by("-finished_at", "-pk").values_list(*columns)
    ]
    best = max((worth for *_, worth in results), key=quality, default=None)
    return [ScoredRun(*result, worth, counts=worth is best) for *result, worth in results]


def _worth(tests: Rows, ordered_at: datetime, terms: LateTerms | None) -> Reached:
    return reached_in(tests, WHOLE if terms is None else terms.percent_at(ordered_at))


def counting_runs(
    lab_ids: Collection[str], learner_ids: Collection[int], terms: Mapping[tuple[str, int], LateTerms]
) -> dict[tuple[str, int], str]:
    """Return the test run that counts of each learner in each lab, by lab and learner. Runs one query.

    `terms` are the late terms of those who have any (`late_terms_by_lab`).
    """
    rows = Run.objects.filter(lab__in=lab_ids, learner__in=learner_ids, mode=Run.Mode.TEST, tests__isnull=False)
    best: dict[tuple[str, int], tuple[tuple[Fraction, Decimal], str]] = {}
    ordered = rows.order_by("-finished_at", "-pk")
    columns = ("lab_id", "learner_id", "pk", "created_at", "regraded", "tests")
    for lab_id, learner_id, run_id, ordered_at, regraded, tests in ordered.values_list(*columns).iterator(500):
        reached = quality(_worth(regraded or tests, ordered_at, terms.get((lab_id, learner_id))))
        before = best.get((lab_id, learner_id))
        if before is None or reached > before[0]:
            best[lab_id, learner_id] = reached, run_id
    return {key: run_id for key, (_, run_id) in best.items()}


def retests_in(course_id: int) -> QuerySet[Retest]:
    """Return the retests in a course, newest first, each with its lab and `done`, how many runs were run again."""
    rows = Retest.objects.filter(lab__course=course_id).annotate(done=Count("runs"))
    return rows.select_related("lab", "author").order_by("-pk")


def retest_in(course_id: int, retest_id: int) -> Retest:
    """Return a retest of the course. Raises Refusal not_found."""
    retest = retests_in(course_id).filter(pk=retest_id).first()
    if retest is None:
        raise Refusal("not_found")
    return retest


def unjudged_runs(retest: Retest) -> int:
    """Return how many runs of a retest gave no results this time, so that theirs stay as they are."""
    return RetestedRun.objects.filter(retest=retest, tests__isnull=True).count()


def lab_regrades_in(course_id: int) -> QuerySet[LabRegrade]:
    """Return the regrades of a course's labs, newest first, with their labs and what undid them."""
    rows = LabRegrade.objects.filter(retest__lab__course=course_id)
    return rows.select_related("retest__lab", "author", "undone_by__author", "undoes").order_by("-pk")


def lab_regrade_in(course_id: int, regrade_id: int) -> LabRegrade:
    """Return a regrade of a lab of the course. Raises Refusal not_found."""
    regrade = lab_regrades_in(course_id).filter(pk=regrade_id).first()
    if regrade is None:
        raise Refusal("not_found")
    return regrade


def regrades_in_force(lab_id: str) -> list[LabRegrade]:
    """Return the regrades of a lab that count, oldest first."""
    return list(LabRegrade.objects.filter(retest__lab=lab_id, undoes=None, undone_by=None).order_by("pk"))


@dataclass(frozen=True)
class CountedRun:
    """A finished test run: its own results, those that count in their place by a regrade (or None), and those that would
    count under supposed regrades.
    """

    id: str
    learner_id: int
    tests: Rows
    regraded: Rows | None
    supposed: Rows
    ordered_at: datetime

    @property
    def regrade(self) -> Rows | None:
        """Return what would be stored as `Run.regraded`: None if the run's own results count."""
        return None if self.supposed is self.tests else self.supposed

    @property
    def is_moved(self) -> bool:
        """Return whether other results would count than now."""
        return self.regrade != self.regraded


COUNTED = ("pk", "learner_id", "tests", "regraded", "created_at")


def counted_runs(lab_id: str, regrades: Sequence[LabRegrade]) -> Iterator[CountedRun]:
    """Yield each finished test run of a lab with the results that count if these regrades are in force, oldest first."""
    again: dict[tuple[int, str], Rows | None] = {}
    retested = RetestedRun.objects.filter(retest__in={regrade.retest_id for regrade in regrades})
    for retest_id, run_id, tests in retested.values_list("retest", "run", "tests"):
        again[retest_id, run_id] = tests
    rows = Run.objects.filter(lab=lab_id, mode=Run.Mode.TEST, tests__isnull=False).order_by("learner", "pk")
    for run_id, learner_id, tests, regraded, ordered_at in rows.values_list(*COUNTED).iterator(500):
        new = [(again.get((regrade.retest_id, run_id)), regrade.lowers) for regrade in regrades]
        supposed = counting_results(tests, new)
        yield CountedRun(run_id, learner_id, tests, regraded, supposed, ordered_at)


def failures_in(lab: Lab, learner_ids: Collection[int]) -> list[FailedTest]:
    """Return which tests of a lab these learners fail now, by the newest finished test run of each. Runs one query."""
    rows = Run.objects.filter(lab=lab, learner__in=learner_ids, mode=Run.Mode.TEST, tests__isnull=False)
    rank = Window(RowNumber(), partition_by=F("learner_id"), order_by=[F("finished_at").desc(), F("pk").desc()])
    newest = rows.annotate(rank=rank).filter(rank=1).values_list("learner_id", "tests", "regraded")
    return failed_tests(lab.tests, {learner_id: regraded or tests for learner_id, tests, regraded in newest})


def tested_labs(course_id: int) -> list[Lab]:
    """Return the labs with tests in the course's order, without their texts. Runs one query."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False).order_by("module__position", "position", "pk")
    return [lab for lab in rows.only("id", "title", "tests") if lab.tests]


def tests_by_objective(course_id: int) -> Counter[ObjectiveSource]:
    """Return how many tests of a course's labs measure each objective now. Runs one query."""
    named = [objectives_of_tests(lab.tests) for lab in tested_labs(course_id)]
    return Counter((objective, "lab") for by_test in named for objective in by_test.values())


def test_answers(course_id: int, learners: LearnerIds, reader_id: int | None, now: datetime) -> list[ObjectiveAnswers]:
    """Return how many tests about each objective learners passed, of those that were run. Nobody waits for a test's result.

    In each lab, the test run that passed all of its tests counts, or else the newest one. Runs two queries.
    """
    named = {lab.pk: objectives_of_tests(lab.tests) for lab in tested_labs(course_id)}
    rows = Run.objects.filter(lab__in=[pk for pk, by_test in named.items() if by_test], learner__in=learners)
    order = [F("has_passed").desc(), F("finished_at").desc(), F("pk").desc()]
    rank = Window(RowNumber(), partition_by=[F("lab_id"), F("learner_id")], order_by=order)
    best = rows.filter(mode=Run.Mode.TEST, tests__isnull=False).annotate(rank=rank).filter(rank=1)
    tested = ObjectiveTally()
    for lab_id, learner_id, tests, regraded in best.values_list("lab_id", "learner_id", "tests", "regraded").iterator():
        tested.count(learner_id, named[lab_id], regraded or tests)
    return tested.as_answers()


def pages_of_failed_labs(course: "Course") -> list[ActivityLink]:
    """Return the pages about failed tests of the course's labs. Runs one query."""
    return [
        ActivityLink(lab.title, reverse("lab_failures", args=[course.slug, lab.pk])) for lab in tested_labs(course.pk)
    ]


@dataclass(frozen=True)
class LabToRegrade:
    """A lab with tests, and its finished test runs: judged by its tests as they are now, by others, and without code."""

    lab: Lab
    current: int
    others: int
    emptied: int


def labs_to_regrade(course_id: int, lab_id: str | None = None) -> list[LabToRegrade]:
    """Return the labs with tests in the course's order, or only the one named. Runs two queries."""
    rows = Lab.objects.filter(course_id=course_id, is_retired=False).order_by("module__position", "position", "pk")
    if lab_id is not None:
        rows = rows.filter(pk=lab_id)
    labs = [lab for lab in rows.select_related("module") if lab.tests]
    counts: defaultdict[str, Counter[tuple[str, bool]]] = defaultdict(Counter)
    runs = Run.objects.filter(lab__in=labs, mode=Run.Mode.TEST, tests__isnull=False)
    groups = runs.values_list("lab", "judged_by", HAS_CODE).annotate(Count("pk")).order_by()
    for lab_pk, judged_by, is_kept, number in groups:
        counts[lab_pk][judged_by, bool(is_kept)] += number
    return [_to_regrade(lab, counts[lab.pk]) for lab in labs]


def regradable_labs(course: "Course") -> list[RegradableActivity]:
    """Return the labs with tests, each with the page that regrades it. Runs two queries."""
    return [
        RegradableActivity(
            judged.lab.title, reverse("regrade_lab", args=[course.slug, judged.lab.pk]), judged.current, judged.others
        )
        for judged in labs_to_regrade(course.pk)
    ]


def _to_regrade(lab: Lab, counts: Counter[tuple[str, bool]]) -> LabToRegrade:
    now = judging_digest(lab.probes, lab.files)
    current = counts[now, True] + counts[now, False]
    emptied = sum(number for (judged_by, is_kept), number in counts.items() if judged_by != now and not is_kept)
    return LabToRegrade(lab, current, counts.total() - current - emptied, emptied)
