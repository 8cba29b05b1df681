"""What a course's learners did with its questions, for many at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet

from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.corrections import is_void
from quizzes.rules.timing import SETTLEMENT
from quizzes.selectors.outcomes import corrections_of, is_right


@dataclass(frozen=True)
class Answering:
    """`final` review questions are right or have no attempt left; `wrong` of them ended wrong. Both as regrades have it
    now, and without what is void."""

    last_at: datetime
    final: int
    wrong: int


def answering_in(course_id: int) -> dict[int, Answering]:
    """By learner: two statements."""
    is_plain = Q(sitting__assessment__kind=Assessment.Kind.REVIEW, question__corrections=[])
    right = is_plain & Q(is_correct=True)
    wrong = is_plain & Q(is_correct=False, number=F("attempts_limit"))
    rows = Attempt.objects.filter(sitting__assessment__course_id=course_id).values_list("sitting__learner_id")
    found = rows.annotate(
        last=Max("received_at"), right=Count("pk", filter=right), wrong=Count("pk", filter=wrong)
    ).order_by()
    ended = Counter((learner, is_right) for (learner, _), is_right in ended_by_regrade(course_id).items())
    return {
        learner: Answering(
            last, right + wrong + ended[learner, True] + ended[learner, False], wrong + ended[learner, False]
        )
        for learner, last, right, wrong in found
    }


def ended_by_regrade(course_id: int, learner_id: int | None = None) -> dict[tuple[int, str], bool]:
    """Of the review questions that a regrade corrected, those that are final, by learner and question: do they count as
    right? What is void counts for nobody who had it wrong. One statement."""
    rows = _reviewed(course_id).exclude(question__corrections=[])
    if learner_id is not None:
        rows = rows.filter(sitting__learner_id=learner_id)
    ended: dict[tuple[int, str], bool] = {}
    for attempt in rows.select_related("question", "version", "sitting").iterator():
        place, corrections = (attempt.sitting.learner_id, attempt.question_id), corrections_of(attempt.question)
        if is_right(attempt, corrections):
            ended[place] = True
        elif attempt.number == attempt.attempts_limit and not is_void(corrections):
            ended.setdefault(place, False)
    return ended


def _reviewed(course_id: int) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        sitting__assessment__course_id=course_id, sitting__assessment__kind=Assessment.Kind.REVIEW
    )


@dataclass(frozen=True)
class ExamState:
    """One learner's exam that is not void; `deadline_at` tells apart what runs from what is over."""

    sitting_id: str
    learner_id: int
    name: str
    assessment_id: str
    title: str
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None

    def is_running(self, now: datetime) -> bool:
        return self.submitted_at is None and now < self.deadline_at + SETTLEMENT


def exams_in(course_id: int) -> list[ExamState]:
    """The exams of a course that were begun, staff left out, by deadline: one statement."""
    rows = Sitting.objects.filter(
        assessment__course_id=course_id, is_void=False, deadline_at__isnull=False, learner__is_staff=False
    )
    fields = ("pk", "learner_id", "learner__name", "assessment_id", "assessment__title")
    found = rows.order_by("deadline_at").values_list(*fields, "started_at", "deadline_at", "submitted_at")
    return [ExamState(*row) for row in found]


def ended_wrong(course_id: int, learner_id: int) -> list[Attempt]:
    """The last attempts at a learner's review questions that ended wrong, as regrades have it now, the newest first: two
    statements."""
    rows = _reviewed(course_id).filter(sitting__learner_id=learner_id, number=F("attempts_limit"))
    found = rows.select_related("question__assessment__module", "version").order_by("-received_at")
    ended = ended_by_regrade(course_id, learner_id)
    wrong = {question_id for (_, question_id), counts in ended.items() if not counts}
    return [each for each in found if (each.question_id in wrong if each.question.corrections else not each.is_correct)]
