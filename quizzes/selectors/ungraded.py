"""Ungraded sittings: a learner's rehearsals of an exam, and a teacher's test runs (D46).

Each has addresses of its own, so that every form, script and call of an exam works in it: its exam is "rehearsal-SITTING" or
"test_run-SITTING" there, and its question "SITTING-QUESTION". No other id has a hyphen.
"""

from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from course.rules.schedule import UNDATED
from foundation.fast.prepared import give_related
from people.access import CourseAccess, access_of, refuse_unless_learner
from quizzes.models import Assessment, Attempt, Question, QuestionVersion, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.rules.disclosure import UNENDED, DisclosurePolicy, DisclosureStage
from quizzes.rules.timing import SittingClock, accepts, is_time_up
from quizzes.selectors.extra_attempts import extra_attempts_of
from quizzes.selectors.outcomes import is_attempt_right
from quizzes.selectors.papers import CardState, Paper, new_card
from quizzes.selectors.practicing import final_answers
from quizzes.selectors.published_questions import attempts_by_type
from quizzes.selectors.sittings import has_running_exam

if TYPE_CHECKING:
    from accounts.models import User

MARK = "-"  # in the address of an ungraded sitting, and in no id
TITLES = {
    Sitting.Kind.REHEARSAL: gettext_lazy("Rehearsal: %(title)s"),
    Sitting.Kind.TEST_RUN: gettext_lazy("Test run: %(title)s"),
}
ENDED = DisclosureStage(is_ended=True)


def ungraded_sitting(person_id: int, sitting_id: str) -> Sitting:
    """Return a person's rehearsal or test run with its exam as its pages show it. Raises Refusal not_found."""
    rows = Sitting.every.exclude(kind=Sitting.Kind.GRADED).select_related("assessment__course", "assessment__module")
    sitting = rows.filter(pk=sitting_id, learner_id=person_id).first()
    if sitting is None:
        raise Refusal("not_found")
    give_related(sitting, assessment=exam_as_shown(sitting))
    return sitting


def due_ungraded(now: datetime) -> list[tuple[str, int]]:
    """Return the rehearsals and test runs whose time is over at `now` but that are not settled, with their people.

    Runs one query, by the index of the constraint `one_ungraded_open`.
    """
    due = Sitting.every.ungraded_due_at(now)
    return list(due.order_by("deadline_at", "pk").values_list("pk", "learner_id"))


def exam_as_shown(sitting: Sitting) -> Assessment:
    """Return a copy of the exam whose id is the sitting's address and whose title names the kind.

    It shows every key and explanation at the end.
    """
    exam = copy(sitting.assessment)
    exam.id, exam.released_at, exam.late = f"{sitting.kind}{MARK}{sitting.pk}", None, None
    exam.title = str(TITLES[Sitting.Kind(sitting.kind)]) % {"title": exam.title}
    asks = "attempt" if sitting.assessment.disclosure.has_checks else "end"
    policy = DisclosurePolicy("end", "end", verdict=asks, score=asks)
    for name in ("disclosure", "disclosure_from_now"):
        vars(exam)[name] = policy
    vars(exam)["unended_stage"] = UNENDED
    return exam


def refuse_ungraded(person: "User", sitting: Sitting, now: datetime) -> None:
    """Refuse those who may not see a rehearsal or a test run of theirs now.

    A rehearsal is for learners, and waits while an exam of theirs is running. A test run is for people with a role in the
    course, because it shows questions that learners may be asked. Raises Refusal not_found, not_enrolled, preview_only,
    rehearsal_waits.
    """
    access = access_of(person, sitting.assessment.course_id)
    refuse_other_kind(access, sitting.kind)
    if sitting.kind == Sitting.Kind.REHEARSAL and has_running_exam(person.pk, now):
        raise Refusal("rehearsal_waits")


def refuse_other_kind(access: CourseAccess, kind: str) -> None:
    """Refuse a rehearsal to everyone but learners, and a test run to everyone but people with a role in the course.

    Raises Refusal not_found, not_enrolled, preview_only.
    """
    if kind == Sitting.Kind.REHEARSAL:
        refuse_unless_learner(access)
    elif access is not CourseAccess.PREVIEW:
        raise Refusal("not_found")


def ungraded_paper(person: "User", sitting_id: str, now: datetime) -> Paper:
    """Return the paper of a rehearsal or a test run, with every key and explanation once it is settled.

    Raises Refusal not_found, not_enrolled, preview_only, rehearsal_waits.
    """
    sitting = ungraded_sitting(person.pk, sitting_id)
    refuse_ungraded(person, sitting, now)
    rows = list(sitting.questions.select_related("question", "version").order_by("position"))
    attempts = attempts_by_question(sitting)
    limits = UngradedLimits.of(sitting)
    stage = UNENDED if sitting.settled_at is None else ENDED
    state = CardState(stage, accepts(sitting.clock, now), order=sitting.option_order)
    cards = []
    for row in rows:
        assert row.version is not None
        mine = attempts.get(row.question_id, [])
        question = question_as_shown(sitting, row.question)
        extra = limits.added_to(row.version)
        cards.append(new_card("exam", question, row.position, row, mine, state._replace(extra=extra)))
    return Paper(
        sitting.assessment,
        sitting,
        tuple(cards),
        state.accepts_answers,
        is_time_up(sitting.clock, now),
        sitting.settled_at is not None,
        dates=UNDATED,
        ungraded=sitting.kind,
    )


def attempts_by_question(sitting: Sitting) -> dict[str, list[Attempt]]:
    """Return the attempts of a sitting with their questions and versions, in order. Runs one query."""
    attempts: dict[str, list[Attempt]] = {}
    rows = Attempt.objects.filter(sitting=sitting).select_related("question", "version").order_by("number")
    for attempt in rows:
        attempts.setdefault(attempt.question_id, []).append(attempt)
    return attempts


def question_in_exam(sitting: Sitting, question: Question) -> Question:
    """Return a copy of a question that belongs to the exam of this sitting, which decides about its attempts."""
    asked = copy(question)
    give_related(asked, assessment=sitting.assessment)
    return asked


def question_as_shown(sitting: Sitting, question: Question) -> Question:
    """Return a copy of a question whose id is its address in this sitting."""
    shown = copy(question)
    shown.id, shown.assessment = f"{sitting.pk}{MARK}{question.pk}", sitting.assessment
    return shown


@dataclass(frozen=True)
class UngradedLimits:
    """How many attempts an exam gives at each type of question, and the learner's extra attempts there (G5, D35)."""

    by_type: dict[str, int]
    given: int

    @classmethod
    def of(cls, sitting: Sitting) -> "UngradedLimits":
        """Return the limits of a sitting's exam. Runs one query."""
        exam = Assessment(pk=sitting.assessment_id, course_id=sitting.assessment.course_id)
        return cls(attempts_by_type(exam), extra_attempts_of(sitting.learner_id, sitting.assessment_id))

    def added_to(self, version: QuestionVersion) -> int:
        """Return how many attempts more than its version says a question has; fewer if the exam gives fewer."""
        return self.by_type.get(version.type, version.attempts_limit) - version.attempts_limit + self.given


def rehearsal_questions(course_id: int, learner_id: int, now: datetime) -> list[str]:
    """Return the ids of the questions that a learner's rehearsals may ask: final review questions whose keys they may see.

    No question that an exam could still draw for anybody is among them.
    """
    return [answer.question_id for answer in final_answers(course_id=course_id, learner_id=learner_id, now=now)]


def ungraded_clock(person_id: int, sitting_id: str) -> SittingClock:
    """Return the clock of a rehearsal or a test run that is not settled. Raises Refusal not_found for any other."""
    sitting = ungraded_sitting(person_id, sitting_id)
    if sitting.settled_at is not None:
        raise Refusal("not_found")
    return sitting.clock


@dataclass(frozen=True)
class PastRun:
    """A rehearsal or a test run in a list: its points, which mean something once it is over."""

    sitting: Sitting
    address: str
    earned: Decimal
    possible: Decimal
    questions: int

    @property
    def is_over(self) -> bool:
        return self.sitting.settled_at is not None


def past_runs(person_id: int, assessment_id: str, kind: str) -> list[PastRun]:
    """Return a person's rehearsals or test runs of an exam, the newest first. Runs three queries."""
    rows = Sitting.every.filter(learner_id=person_id, assessment=assessment_id, kind=kind)
    sittings = list(rows.order_by("-started_at", "-pk"))
    asked: dict[str, dict[str, Decimal]] = {sitting.pk: {} for sitting in sittings}
    for sitting_id, question_id, points in SittingQuestion.objects.filter(sitting__in=sittings).values_list(
        "sitting_id", "question_id", "points"
    ):
        asked[sitting_id][question_id] = points
    right = right_questions(sittings)
    return [
        PastRun(
            sitting,
            f"{kind}{MARK}{sitting.pk}",
            sum((points for key, points in asked[sitting.pk].items() if (sitting.pk, key) in right), Decimal(0)),
            sum(asked[sitting.pk].values(), Decimal(0)),
            len(asked[sitting.pk]),
        )
        for sitting in sittings
    ]


def right_questions(sittings: Collection[Sitting]) -> set[tuple[str, str]]:
    """Return the questions answered right in each of these sittings, with the corrections in force. Runs one query."""
    rows = Attempt.objects.filter(sitting__in=sittings).select_related("question", "version")
    return {(attempt.sitting_id, attempt.question_id) for attempt in rows if is_attempt_right(attempt)}
