"""Learners' progress with a course's questions, for many learners at once."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.corrections import is_void
from quizzes.rules.timing import CLOCK_FIELDS, SittingClock, is_open
from quizzes.selectors.outcomes import corrections_of, is_attempt_right


@dataclass(frozen=True)
class Answering:
    """How many of a learner's review questions are final (right, or no attempt left), and how many of these ended wrong.

    Regrades are included, void questions are not.
    """

    last_at: datetime
    final: int
    wrong: int


def answering_in(course_id: int, learner_ids: Collection[int]) -> dict[int, Answering]:
    """Return the progress of these learners. Runs two queries."""
    is_plain = Q(sitting__assessment__kind=Assessment.Kind.REVIEW, question__corrections=[])
    right = is_plain & Q(is_correct=True)
    wrong = is_plain & Q(is_correct=False, number=F("attempts_limit"))
    rows = graded_attempts(course_id).filter(sitting__learner__in=learner_ids)
    counts = (
        rows.values_list("sitting__learner_id")
        .annotate(last=Max("received_at"), right=Count("pk", filter=right), wrong=Count("pk", filter=wrong))
        .order_by()
    )
    ended = Counter((learner, is_right) for (learner, _), is_right in ended_by_regrade(course_id, learner_ids).items())
    return {
        learner: Answering(
            last, right + wrong + ended[learner, True] + ended[learner, False], wrong + ended[learner, False]
        )
        for learner, last, right, wrong in counts
    }


def responses_between(learner_id: int, course_id: int, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Return the question and time of each response that a learner checked in a course from `start` to `end`."""
    rows = graded_attempts(course_id).filter(sitting__learner=learner_id)
    mine = rows.filter(received_at__gte=start, received_at__lt=end, by=Attempt.By.LEARNER)
    return list(mine.values_list("question_id", "received_at"))


def ended_by_regrade(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, str], bool]:
    """Return, by learner and question, whether final review questions with corrections count as right.

    A void question that a learner had wrong is left out. Runs one query.
    """
    rows = _reviewed(course_id, learner_ids).exclude(question__corrections=[])
    ended: dict[tuple[int, str], bool] = {}
    for attempt in rows.select_related("question", "version", "sitting").iterator():
        key, corrections = (attempt.sitting.learner_id, attempt.question_id), corrections_of(attempt.question)
        if is_attempt_right(attempt, corrections):
            ended[key] = True
        elif attempt.number == attempt.attempts_limit and not is_void(corrections):
            ended.setdefault(key, False)
    return ended


def _reviewed(course_id: int, learner_ids: Collection[int]) -> QuerySet[Attempt]:
    rows = graded_attempts(course_id).filter(sitting__assessment__kind=Assessment.Kind.REVIEW)
    return rows.filter(sitting__learner__in=learner_ids)


def graded_attempts(course_id: int) -> QuerySet[Attempt]:
    """Return the attempts in a course without those in rehearsals and test runs (D46)."""
    return Attempt.objects.filter(sitting__assessment__course=course_id, sitting__kind=Sitting.Kind.GRADED)


@dataclass(frozen=True)
class LearnerExam:
    """One learner's exam that is not void. Its clock shows whether it is running or over."""

    learner_id: int
    name: str
    title: str
    clock: SittingClock

    def is_running(self, now: datetime) -> bool:
        return is_open(self.clock, now)


def exams_in(course_id: int, learner_ids: Collection[int]) -> dict[int, LearnerExam]:
    """Return these learners' started exams, by learner; of several, the one started last. Runs one query."""
    rows = Sitting.objects.filter(is_void=False, deadline_at__isnull=False, learner__in=learner_ids)
    return {exam.learner_id: exam for exam in _exams(rows.order_by("started_at", "pk"), course_id)}


def current_exams(course_id: int, now: datetime) -> list[LearnerExam]:
    """Return the running exams of a course by deadline, without staff. Runs one query."""
    rows = Sitting.objects.all_open_at(now).filter(learner__is_staff=False)
    return _exams(rows.order_by("deadline_at"), course_id)


def _exams(rows: QuerySet[Sitting], course_id: int) -> list[LearnerExam]:
    rows = rows.filter(assessment__course_id=course_id)
    names = ("learner_id", "learner__name", "assessment__title")
    return [LearnerExam(*row[:3], SittingClock(*row[3:])) for row in rows.values_list(*names, *CLOCK_FIELDS)]


def ended_wrong(course_id: int, learner_id: int) -> list[Attempt]:
    """Return the last attempt at each of a learner's review questions that ended wrong, regrades included, newest
    first. Runs two queries.
    """
    rows = _reviewed(course_id, [learner_id]).filter(number=F("attempts_limit"))
    attempts = rows.select_related("question__assessment__module", "version").order_by("-received_at")
    ended = ended_by_regrade(course_id, [learner_id])
    wrong = {question_id for (_, question_id), counts in ended.items() if not counts}
    return [
        attempt
        for attempt in attempts
        if (attempt.question_id in wrong if attempt.question.corrections else not attempt.is_correct)
    ]
