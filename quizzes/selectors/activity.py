"""What a course's learners did with its questions, for many at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Q

from quizzes.models import Assessment, Attempt, Sitting
from quizzes.rules.timing import SETTLEMENT


@dataclass(frozen=True)
class Answering:
    """`final` review questions are right or have no attempt left; `wrong` of them ended wrong by their own key."""

    last_at: datetime
    final: int
    wrong: int


def answering_in(course_id: int) -> dict[int, Answering]:
    """By learner: one statement."""
    is_review = Q(sitting__assessment__kind=Assessment.Kind.REVIEW)
    right = is_review & Q(is_correct=True)
    wrong = is_review & Q(is_correct=False, number=F("attempts_limit"))
    rows = Attempt.objects.filter(sitting__assessment__course_id=course_id).values_list("sitting__learner_id")
    found = rows.annotate(
        last=Max("received_at"), right=Count("pk", filter=right), wrong=Count("pk", filter=wrong)
    ).order_by()
    return {learner: Answering(last, right + wrong, wrong) for learner, last, right, wrong in found}


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
    """A learner's review questions whose last attempt was wrong by its key, the newest first: one statement."""
    rows = Attempt.objects.filter(
        sitting__assessment__course_id=course_id,
        sitting__assessment__kind=Assessment.Kind.REVIEW,
        sitting__learner_id=learner_id,
        is_correct=False,
        number=F("attempts_limit"),
    )
    return list(rows.select_related("question__assessment__module", "version").order_by("-received_at"))
