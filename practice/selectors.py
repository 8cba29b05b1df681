"""What a learner can practice in a course, and what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from django.db.models import Q

from course.selectors.snapshots import row_of_reader, rows_seen
from practice.models import PracticeMemory, PracticePlan
from practice.refusals import Refusal
from practice.rules.days import PracticeDay, plan_day, today_in
from practice.rules.memory import Memory, first_memory
from quizzes.selectors import PracticeCard, assessment_of, final_answers, has_running_exam, practice_card

if TYPE_CHECKING:
    from course.models import Course


MY_PRACTICE = row_of_reader(
    "practice", "practice_plans", lambda user_id: Q(course__practice_plans__user_id=user_id), ("next_on",)
)


@dataclass(frozen=True)
class PracticeState:
    """A learner's memory of every question that they can practice, on which day they practiced it last, and their day."""

    memories: Mapping[str, Memory]
    practiced: Mapping[str, date]
    day: PracticeDay

    def after(self, question_id: str, memory: Memory) -> PracticeDay:
        """Return the day once this question was practiced on it."""
        memories = {**self.memories, question_id: memory}
        practiced = {**self.practiced, question_id: self.day.day}
        return plan_day(memories=memories, practiced=practiced, day=self.day.day)


def practice_state(*, course_id: int, learner_id: int, zone: tzinfo, now: datetime) -> PracticeState:
    """Return what a learner can practice today.

    A question that they have not practiced yet is remembered as their graded attempts say. Runs one query, and those of
    `final_answers`.
    """
    rows = PracticeMemory.objects.filter(user=learner_id, course=course_id)
    stored = {row.question_id: row.memory for row in rows}
    memories = {
        answer.question_id: stored[answer.question_id]
        if answer.question_id in stored
        else first_memory(right_on=answer.right_on, day=today_in(zone, answer.at))
        for answer in final_answers(course_id=course_id, learner_id=learner_id, now=now)
    }
    practiced = {question_id: memory.reviewed_on for question_id, memory in stored.items()}
    day = plan_day(memories=memories, practiced=practiced, day=today_in(zone, now))
    return PracticeState(memories, practiced, day)


def practice_day(*, course_id: int, learner_id: int, zone: tzinfo, now: datetime) -> PracticeDay:
    """Return what a learner practices today in a course."""
    return practice_state(course_id=course_id, learner_id=learner_id, zone=zone, now=now).day


def refuse_practice_in_exam(learner_id: int, now: datetime) -> None:
    """Refuse to propose practice while an exam of this learner is running. Raises Refusal practice_waits."""
    if has_running_exam(learner_id, now):
        raise Refusal("practice_waits")


def has_practice_ahead(user_id: int, course_id: int, zone: tzinfo, now: datetime) -> bool:
    """Return whether questions wait today for somebody who practices this course. Runs no query: the first one of a page
    has read it.
    """
    next_on = (rows_seen(MY_PRACTICE, user_id) or {}).get(course_id)
    return next_on is not None and next_on[0] <= today_in(zone, now)


def practice_plan(user_id: int, course_id: int) -> PracticePlan | None:
    """Return when this person practices next, and their reminder. Runs one query."""
    return PracticePlan.objects.filter(user=user_id, course=course_id).first()


def question_to_practice(*, course: "Course", learner_id: int, question_id: str, now: datetime) -> PracticeCard:
    """Return a question of the course that this learner may practice, with another variant than the one they answered.

    Raises Refusal not_found, practice_not_final.
    """
    assessment = assessment_of(question_id)
    if assessment.course_id != course.pk:
        raise Refusal("not_found")
    return practice_card(assessment=assessment, learner_id=learner_id, question_id=question_id, another=True, now=now)


def due_practice_reminders(now: datetime, most: int) -> list[PracticePlan]:
    """Return the plans whose reminder is due, the oldest first, with person and course. Runs one query."""
    rows = PracticePlan.objects.filter(reminds_at__lte=now).select_related("user", "course")
    return list(rows.order_by("reminds_at", "pk")[:most])


def has_practice_reminder_due(now: datetime) -> bool:
    """Return whether a reminder of practice is due."""
    return PracticePlan.objects.filter(reminds_at__lte=now).exists()
