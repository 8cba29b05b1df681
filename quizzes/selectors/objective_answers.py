"""The answers to a course's questions by the objectives that they measure. Nothing here is part of a grade.

An answer is a review question that is final, or a question of a settled exam, answered or not. It is right if an attempt
is, regrades included. A question whose points everyone gets, or that a regrade has voided, measures nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import CharField, Count, F, Q, QuerySet
from django.db.models.functions import Concat

from course.rules.objectives import AnswerSource, ObjectiveAnswers, ObjectiveSource
from course.selectors import published
from quizzes.models import Assessment, Attempt, QuestionVersion, Sitting, SittingQuestion
from quizzes.rules.corrections import Correction, is_credited, is_void, read_corrections
from quizzes.selectors.outcomes import is_attempt_right
from quizzes.selectors.published_questions import QUESTIONS, PublishedQuestions
from quizzes.selectors.withheld import withheld_verdicts

if TYPE_CHECKING:
    from activities.kinds import LearnerIds

QUESTION_IN_SITTING = Concat("sitting_id", "question_id", output_field=CharField())


@dataclass(frozen=True)
class MeasuringQuestions:
    """The published questions. `silent` ones measure nothing, and answers to `regraded` ones count by their corrections."""

    content: PublishedQuestions
    silent: frozenset[str]
    regraded: dict[str, tuple[Correction, ...]]

    @property
    def is_plain(self) -> Q:
        """Return the condition that an attempt counts as it was marked."""
        return ~Q(question__in=list(self.regraded)) if self.regraded else Q()

    def assessments(self, kind: str, *, but: frozenset[str] = frozenset()) -> list[str]:
        return [pk for pk, row in self.content.assessments.items() if row.kind == kind and pk not in but]

    def source_of(self, question_id: str) -> ObjectiveSource:
        question = self.content.questions[question_id]
        assert question.current is not None
        return question.current.objective, source_of_kind(question.assessment.kind)


@dataclass
class AnswerCounts:
    """Right answers, answers, and learners, by objective and source, while they are counted."""

    right: Counter[ObjectiveSource] = field(default_factory=Counter)
    answered: Counter[ObjectiveSource] = field(default_factory=Counter)
    learners: Counter[ObjectiveSource] = field(default_factory=Counter)

    def as_answers(self) -> list[ObjectiveAnswers]:
        return [
            ObjectiveAnswers(*source, self.right[source], number, self.learners[source])
            for source, number in self.answered.items()
            if number and source[0]
        ]


def source_of_kind(kind: str) -> AnswerSource:
    return "exam" if kind == Assessment.Kind.EXAM else "review"


def measuring_questions(course_id: int) -> MeasuringQuestions:
    """Return the published questions with what regrades made of them. Runs no query."""
    content = published(course_id)[QUESTIONS]
    known = {pk: read_corrections(row.corrections) for pk, row in content.questions.items() if row.corrections}
    silent = frozenset(pk for pk, rows in known.items() if is_credited(rows) or is_void(rows))
    return MeasuringQuestions(content, silent, {pk: rows for pk, rows in known.items() if pk not in silent})


def questions_by_objective(course_id: int) -> Counter[ObjectiveSource]:
    """Return how many questions measure each objective now, removed ones left out. Runs no query."""
    measuring = measuring_questions(course_id)
    asked = (row for rows in measuring.content.asked.values() for row in rows if not row.is_retired)
    return Counter(measuring.source_of(row.pk) for row in asked if row.pk not in measuring.silent)


def question_answers(
    course_id: int, learners: "LearnerIds", reader_id: int | None, now: datetime
) -> list[ObjectiveAnswers]:
    """Return the answers of learners by objective, as far as a reader may know them: a learner, or None for staff.

    Nothing of an exam is included before it is recorded as settled, and for a learner, before its verdicts may be shown
    (D11, D33). Runs at most eight queries.
    """
    withheld = frozenset() if reader_id is None else withheld_verdicts(reader_id, course_id, now)
    measuring, counts = measuring_questions(course_id), AnswerCounts()
    valid = Sitting.objects.filter(learner__in=learners, is_void=False)
    exams = valid.filter(
        assessment__in=measuring.assessments(Assessment.Kind.EXAM, but=withheld), settled_at__isnull=False
    )
    reviews = valid.filter(assessment__in=measuring.assessments(Assessment.Kind.REVIEW))
    _count_reviews(counts, reviews, measuring)
    _count_exams(counts, exams, measuring)
    if measuring.regraded:
        _count_regraded(counts, reviews, exams, measuring)
    return counts.as_answers()


def _count_reviews(counts: AnswerCounts, sittings: QuerySet[Sitting], measuring: MeasuringQuestions) -> None:
    """Count final questions of reviews, but those that a regrade marks otherwise. Runs one query."""
    is_right = measuring.is_plain & Q(is_correct=True)
    is_last = measuring.is_plain & Q(number=F("attempts_limit"))
    rows = _attempts_in(sittings, measuring).values_list("question__current__objective").order_by()
    for objective, right, final, learners in rows.annotate(
        right=Count(QUESTION_IN_SITTING, distinct=True, filter=is_right),
        final=Count(QUESTION_IN_SITTING, distinct=True, filter=is_right | is_last),
        learners=Count("sitting__learner", distinct=True),
    ):
        source: ObjectiveSource = (objective, "review")
        counts.right[source], counts.answered[source], counts.learners[source] = right, final, learners


def _count_exams(counts: AnswerCounts, sittings: QuerySet[Sitting], measuring: MeasuringQuestions) -> None:
    """Count the questions on papers, but those that a regrade marks otherwise. Runs two queries."""
    papers = SittingQuestion.objects.filter(sitting__in=sittings).exclude(question__in=measuring.silent)
    rows = papers.values_list("question__current__objective").order_by()
    asked = Count("pk", filter=measuring.is_plain) if measuring.regraded else Count("pk")
    for objective, number, learners in rows.annotate(number=asked, who=Count("sitting__learner", distinct=True)):
        counts.answered[objective, "exam"], counts.learners[objective, "exam"] = number, learners
    right = _attempts_in(sittings, measuring).filter(measuring.is_plain, is_correct=True)
    by_objective = right.values_list("question__current__objective").order_by()
    for objective, number in by_objective.annotate(number=Count(QUESTION_IN_SITTING, distinct=True)):
        counts.right[objective, "exam"] = number


def _attempts_in(sittings: QuerySet[Sitting], measuring: MeasuringQuestions) -> QuerySet[Attempt]:
    return Attempt.objects.filter(sitting__in=sittings).exclude(question__in=measuring.silent)


def _count_regraded(
    counts: AnswerCounts, reviews: QuerySet[Sitting], exams: QuerySet[Sitting], measuring: MeasuringQuestions
) -> None:
    """Count the questions whose responses a regrade marks otherwise. Runs at most four queries."""
    regraded = list(measuring.regraded)
    on_papers = SittingQuestion.objects.filter(sitting__in=exams, question__in=regraded)
    for question_id in on_papers.values_list("question_id", flat=True):
        counts.answered[measuring.source_of(question_id)] += 1
    for sittings in (reviews, exams):
        tried = Attempt.objects.filter(sitting__in=sittings, question__in=regraded)
        attempts = list(tried.order_by("sitting_id", "question_id", "number"))
        versions = measuring.content.versions({attempt.version_id for attempt in attempts})
        for attempt in attempts:
            attempt.version = versions[attempt.version_id]
        for (_, question_id), rows in groupby(attempts, key=lambda row: (row.sitting_id, row.question_id)):
            _count_question(counts, measuring.source_of(question_id), list(rows), measuring.regraded[question_id])


def _count_question(
    counts: AnswerCounts, source: ObjectiveSource, attempts: list[Attempt], corrections: tuple[Correction, ...]
) -> None:
    """Count one question that a learner tried. On a paper, it is counted as asked already."""
    is_right = any(is_attempt_right(attempt, corrections) for attempt in attempts)
    is_final = is_right or attempts[-1].number >= attempts[-1].attempts_limit
    counts.right[source] += is_right
    counts.answered[source] += is_final and source[1] == "review"


def objectives_ever_named(course_id: int) -> set[str]:
    """Return every objective that a stored version of a question names, removed questions included. Runs one query."""
    versions = QuestionVersion.objects.filter(question__assessment__course_id=course_id).order_by()
    return set(versions.values_list("objective", flat=True).distinct())
