"""How far a course's learners are, and who is at risk, for the dashboard."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from course.selectors import modules_of
from grading.rules.arithmetic import counted_weight, weighted
from grading.rules.course_grade import counted_ledger, groups_of, outcome_from
from grading.rules.ledger import Ledger
from grading.rules.needs import with_all_won
from grading.rules.risk import RiskInput, Signal, needed_at_best, signals
from grading.selectors import SettledGrades
from lessons.selectors import reading_in
from people.selectors import Enrolled, enrolled_in, enrolled_in_chunks
from quizzes.selectors.learner_progress import Answering, LearnerExam, answering_in, exams_in
from quizzes.selectors.sittings import assessments_of

if TYPE_CHECKING:
    from course.models import Course, Module

CHUNK = 500  # learners whose records are in memory at a time
MOST_LISTED = 500  # learners at risk, the most urgent ones

type StepReached = tuple[str, str]
"""A step that a learner has reached, and the module, if it belongs to one."""


@dataclass(frozen=True)
class FunnelStep:
    """One step of the funnel: how many learners came this far, of how many.

    `done` counts those whose questions of a module are all final.
    """

    title: str
    count: int
    share: float
    done: int | None = None
    done_share: float = 0


@dataclass(frozen=True)
class AtRisk:
    learner_id: int
    seen_at: datetime
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class CourseOverview:
    """The state of a course at `computed_at`. `at_risk` lists the most urgent of the `number_at_risk` learners."""

    computed_at: datetime
    learners: int
    steps: tuple[FunnelStep, ...]
    at_risk: tuple[AtRisk, ...]
    number_at_risk: int


@dataclass(frozen=True)
class Seen:
    """One learner and everything known about them. `read_at` is when they last read in each module."""

    learner: Enrolled
    ledger: Ledger
    read_at: Mapping[str, datetime]
    answering: Answering | None
    exam: LearnerExam | None

    @property
    def has_started(self) -> bool:
        return bool(self.read_at) or self.answering is not None or self.exam is not None

    @property
    def seen_at(self) -> datetime:
        instants = [self.learner.enrolled_at, *self.read_at.values(), self.answering and self.answering.last_at]
        instants.append(self.exam and self.exam.clock.started_at)
        return max(instant for instant in instants if instant is not None)

    @cached_property
    def has_passed(self) -> bool:
        """Return whether the learner has passed.

        A learner with a valid certificate has (I9), and one without a score has not. Only for others it is computed.
        """
        return self.ledger.held == "valid" or (self.has_started and outcome_from(self.ledger).has_passed)

    def reached(self, reviews: Mapping[str, Collection[str]]) -> Iterator[StepReached]:
        """Yield the steps that the learner has reached. `reviews` are the review questions of each module."""
        yield "enrolled", ""
        if self.has_started:
            yield "started", ""
        for module_id in self.read_at:
            yield "opened", module_id
        states = {row.activity: row.state for row in self.ledger.rows}
        for module_id, activities in reviews.items():
            reached = {states.get(activity, "not_started") for activity in activities}
            if reached != {"not_started"}:
                yield "begun", module_id
            if reached == {"done"}:
                yield "done", module_id
        if self.exam is not None:
            yield "exam", ""
            if self.exam.clock.submitted_at is not None:
                yield "handed in", ""
        if self.has_passed:
            yield "passed", ""


def course_overview(grades: SettledGrades, course: "Course", now: datetime) -> CourseOverview:
    """Compute the overview from the records. Runs four queries, and ten for each 500 learners."""
    counts: Counter[StepReached] = Counter()
    reviews = reviews_by_module(course.pk)
    risks: list[AtRisk] = []
    for learners in enrolled_in_chunks(course.pk, CHUNK):
        for seen in everyone_seen(grades, course.pk, learners):
            counts.update(seen.reached(reviews))
            if (risk := risk_in(seen, now)).signals:
                risks.append(risk)
    risks.sort(key=lambda risk: (-len(risk.signals), risk.seen_at))
    return CourseOverview(
        computed_at=now,
        learners=counts["enrolled", ""],
        steps=tuple(funnel_steps(course, reviews, counts)),
        at_risk=tuple(risks[:MOST_LISTED]),
        number_at_risk=len(risks),
    )


def risk_of(grades: SettledGrades, course_id: int, learner_id: int, now: datetime) -> AtRisk | None:
    """Return one learner's signals and when they were last seen, or None for people who are not counted."""
    everyone = everyone_seen(grades, course_id, enrolled_in(course_id, [learner_id]))
    return next((risk_in(seen, now) for seen in everyone), None)


def everyone_seen(grades: SettledGrades, course_id: int, learners: Sequence[Enrolled]) -> Iterator[Seen]:
    """Yield what is known about these learners. Runs eight queries."""
    ids = [learner.learner_id for learner in learners]
    ledgers, read = grades.ledgers(course_id, ids), reading_in(course_id, ids)
    answering, exams = answering_in(course_id, ids), exams_in(course_id, ids)
    for learner in learners:
        pk = learner.learner_id
        yield Seen(learner, ledgers[pk], read.get(pk, {}), answering.get(pk), exams.get(pk))


def reviews_by_module(course_id: int) -> dict[str, list[str]]:
    """Return the ids of the review questions of each module that has some. Runs one query."""
    reviews: dict[str, list[str]] = {}
    for assessment in assessments_of(course_id):
        if assessment.kind == "review":
            reviews.setdefault(assessment.module_id, []).append(assessment.pk)
    return reviews


def funnel_steps(course: "Course", reviews: Collection[str], counts: Mapping[StepReached, int]) -> list[FunnelStep]:
    """Return the steps: enrolled, started, each module (opened, and all its review questions final), the exam, passed."""
    whole = counts["enrolled", ""]
    return [
        step("enrolled", whole, whole),
        step("started", counts["started", ""], whole),
        *(
            module_step(module, module.pk in reviews, counts)
            for module in modules_of(course)
            if is_taught(module, reviews)
        ),
        step("exam", counts["exam", ""], whole, counts["handed in", ""]),
        step("passed", counts["passed", ""], whole),
    ]


def is_taught(module: "Module", reviews: Collection[str]) -> bool:
    """Return whether a module is a step: the numbered folders are; About, summary and appendix are not."""
    return module.pk in reviews or module.folder[:2].isdigit()


def module_step(module: "Module", has_reviews: bool, counts: Mapping[StepReached, int]) -> FunnelStep:
    whole, opened = counts["enrolled", ""], counts["opened", module.pk]
    if not has_reviews:
        return step(module.title, opened, whole)
    return step(module.title, max(opened, counts["begun", module.pk]), whole, counts["done", module.pk])


def step(title: str, count: int, whole: int, done: int | None = None) -> FunnelStep:
    return FunnelStep(title, count, count / whole if whole else 0, done, (done or 0) / whole if whole else 0)


def risk_in(seen: Seen, now: datetime) -> AtRisk:
    """Return a learner's signals, which may be none."""
    state = RiskInput(
        seen_at=seen.seen_at,
        has_passed=seen.has_passed,
        is_exam_over=seen.exam is not None and not seen.exam.is_running(now),
        final=seen.answering.final if seen.answering else 0,
        wrong=seen.answering.wrong if seen.answering else 0,
        needed=None if seen.exam else needed_of(seen.ledger),
    )
    return AtRisk(seen.learner.learner_id, state.seen_at, signals(state, now))


def needed_of(ledger: Ledger) -> Fraction | None:
    """Return the share of the exam that passes if every review point that is not lost is won; None for other schemes."""
    exams = [policy for policy in ledger.policies if policy.of == "exam"]
    if len(exams) != 1:
        return None
    groups = groups_of(counted_ledger(ledger))
    if any(group.is_exempt and group.policy.key == exams[0].key for group in groups):
        return None
    others = [group.category for group in groups if group.policy.key != exams[0].key]
    whole = counted_weight([group.category for group in groups])
    rest = sum((weighted(with_all_won(category)) for category in others), Fraction(0)) / whole
    return needed_at_best(
        pass_share=Fraction(ledger.pass_percent) / 100,
        rest_at_best=rest,
        exam_weight=Fraction(exams[0].weight) / 100 / whole,
    )
