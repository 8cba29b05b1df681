"""What a course's dashboard shows: how far its learners are, and who deserves a look. Its statements do not grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from course.selectors import Enrolled, enrolled_in, modules_of, readers_by_module, reading_in
from grading.rules.arithmetic import Category, Item, weighted
from grading.selectors import Ledger, counted, ledgers, outcome_from
from portal.rules.risk import Facts, Signal, needed_at_best, signals
from quizzes.selectors import Answering, ExamState, answering_in, assessments_of, exams_in


@dataclass(frozen=True)
class Step:
    """One step of the funnel: how many came so far, of how many; `done` where a module's questions are all final."""

    title: str
    count: int
    share: float
    done: int | None = None
    done_share: float = 0


@dataclass(frozen=True)
class AtRisk:
    learner: Enrolled
    seen_at: datetime
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class CourseState:
    steps: tuple[Step, ...]
    at_risk: tuple[AtRisk, ...]
    running: tuple[ExamState, ...]
    learners: int


@dataclass(frozen=True)
class Seen:
    """One learner with everything that is known of them."""

    learner: Enrolled
    ledger: Ledger
    read_at: datetime | None
    answering: Answering | None
    exam: ExamState | None

    @property
    def has_started(self) -> bool:
        return self.read_at is not None or self.answering is not None or self.exam is not None

    @property
    def seen_at(self) -> datetime:
        instants = [self.learner.enrolled_at, self.read_at, self.answering and self.answering.last_at]
        instants.append(self.exam and self.exam.started_at)
        return max(instant for instant in instants if instant is not None)

    @cached_property
    def has_passed(self) -> bool:
        """Whoever holds a valid certificate has (I9), and who has nothing has not: only the others are computed."""
        return self.ledger.held == "valid" or (self.has_started and outcome_from(self.ledger).has_passed)

    def state_of(self, activity: str) -> str:
        row = self.ledger.row(activity)
        return row.state if row else "not_started"


def course_state(course: Any, now: datetime) -> CourseState:
    """Twelve statements; what was due is best settled before."""
    seen = everyone_seen(course.pk)
    running = tuple(found.exam for found in seen if found.exam is not None and found.exam.is_running(now))
    return CourseState(
        steps=tuple(steps_of(course, seen)),
        at_risk=tuple(at_risk(seen, now)),
        running=tuple(sorted(running, key=lambda exam: exam.deadline_at)),
        learners=len(seen),
    )


def risk_of(course_id: int, learner_id: int, now: datetime) -> AtRisk | None:
    """One learner's signals and when they were last seen; None for somebody who is not counted."""
    seen = everyone_seen(course_id, only=learner_id)
    return AtRisk(seen[0].learner, seen[0].seen_at, signals(facts_of(seen[0], now), now)) if seen else None


def everyone_seen(course_id: int, only: int | None = None) -> list[Seen]:
    learners = [found for found in enrolled_in(course_id) if only is None or found.learner_id == only]
    cells = ledgers(course_id, [learner.learner_id for learner in learners])
    read, answering = reading_in(course_id), answering_in(course_id)
    exams = {exam.learner_id: exam for exam in exams_in(course_id)}
    return [
        Seen(
            learner=learner,
            ledger=cells[learner.learner_id],
            read_at=read.get(learner.learner_id),
            answering=answering.get(learner.learner_id),
            exam=exams.get(learner.learner_id),
        )
        for learner in learners
    ]


def steps_of(course: Any, seen: Sequence[Seen]) -> list[Step]:
    """Enrolled, started, each module (opened, and its review questions all final), the exam, passed."""
    readers = readers_by_module(course.pk)
    assessments = assessments_of(course.pk)
    reviews = {found.module_id: found.pk for found in assessments if found.kind == "review"}
    modules = modules_of(course)
    handed_in = sum(found.exam is not None and found.exam.submitted_at is not None for found in seen)
    whole = len(seen)
    return [
        step("enrolled", whole, whole),
        step("started", sum(found.has_started for found in seen), whole),
        *(module_step(module, reviews, readers, seen) for module in modules if is_taught(module, reviews)),
        step("exam", sum(found.exam is not None for found in seen), whole, handed_in),
        step("passed", sum(found.has_passed for found in seen), whole),
    ]


def is_taught(module: Any, reviews: Mapping[str, str]) -> bool:
    """The numbered folders; About, summary and appendix are no steps."""
    return module.pk in reviews or module.folder[:2].isdigit()


def module_step(module: Any, reviews: Mapping[str, str], readers: Mapping[str, int], seen: Sequence[Seen]) -> Step:
    review = reviews.get(module.pk)
    if review is None:
        return step(module.title, readers.get(module.pk, 0), len(seen))
    states = [found.state_of(review) for found in seen]
    begun = max(readers.get(module.pk, 0), sum(state != "not_started" for state in states))
    return step(module.title, begun, len(seen), states.count("done"))


def step(title: str, count: int, whole: int, done: int | None = None) -> Step:
    return Step(title, count, count / whole if whole else 0, done, (done or 0) / whole if whole else 0)


def at_risk(seen: Sequence[Seen], now: datetime) -> list[AtRisk]:
    """Most signals first, then who was away longest."""
    found = [AtRisk(each.learner, each.seen_at, signals(facts_of(each, now), now)) for each in seen]
    return sorted((each for each in found if each.signals), key=lambda each: (-len(each.signals), each.seen_at))


def facts_of(seen: Seen, now: datetime) -> Facts:
    return Facts(
        seen_at=seen.seen_at,
        has_passed=seen.has_passed,
        is_exam_over=seen.exam is not None and not seen.exam.is_running(now),
        final=seen.answering.final if seen.answering else 0,
        wrong=seen.answering.wrong if seen.answering else 0,
        needed=None if seen.exam else needed_of(seen.ledger),
    )


def needed_of(found: Ledger) -> Fraction | None:
    """The share of the exam that passes if every review point that is not lost is won; None for other schemes."""
    exams = [policy for policy in found.policies if policy.of == "exam"]
    if len(exams) != 1:
        return None
    counting = counted(found)
    rest = Fraction(0)
    for policy in counting.policies:
        if policy.key != exams[0].key:
            rows = [row for row in counting.rows if row.category == policy.key]
            items = tuple(Item(row.earned + sum(row.winnable, Decimal(0)), row.possible) for row in rows)
            rest += weighted(Category(policy.weight, items))
    return needed_at_best(
        pass_share=Fraction(found.pass_percent) / 100, rest_at_best=rest, exam_weight=Fraction(exams[0].weight) / 100
    )
