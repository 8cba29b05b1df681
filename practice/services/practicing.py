"""Practice a question, and remember until when the learner will probably know it. No grade changes (D44)."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

from django.db import transaction

from people.services import lock_learner
from practice.models import PracticeMemory, PracticePlan
from practice.rules.days import A_DAY, PracticeDay
from practice.rules.memory import next_memory
from practice.selectors import practice_state, question_to_practice, refuse_practice_in_exam
from quizzes.selectors import PracticeCard, is_practice_right

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from questions.rules.attempts import Json


@dataclass(frozen=True)
class PracticedQuestion:
    """A question with the verdict on a response, and the day of practice after it.

    `due_on` is the day on which the question comes back, or None if nothing was stored.
    """

    asked: PracticeCard
    is_right: bool
    day: PracticeDay
    due_on: date | None

    @property
    def is_back_tomorrow(self) -> bool:
        return self.due_on == self.day.day + A_DAY


@transaction.atomic
def practice_question(
    *, learner: "User", course: "Course", question_id: str, response: "Json", zone: tzinfo, now: datetime
) -> PracticedQuestion:
    """Tell a learner whether a response is right and, if the question is one of today's, store when it comes back.

    The first response of a day counts: sending the form twice, or from two tabs, changes nothing. Raises Refusal not_found,
    not_enrolled, preview_only, course_archived, practice_waits, practice_not_final, blank_response, invalid_response.
    """
    lock_learner(learner=learner, course=course)
    refuse_practice_in_exam(learner.pk, now)
    asked = question_to_practice(course=course, learner_id=learner.pk, question_id=question_id, now=now)
    is_right = is_practice_right(assessment=asked.assessment, card=asked.card, response=response)
    state = practice_state(course_id=course.pk, learner_id=learner.pk, zone=zone, now=now)
    if question_id not in state.day.left:
        return PracticedQuestion(asked, is_right, state.day, None)
    memory = next_memory(state.memories[question_id], is_right=is_right, day=state.day.day)
    columns = {
        "course": course,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "reviewed_on": memory.reviewed_on,
        "due_on": memory.due_on,
    }
    PracticeMemory.objects.update_or_create(user=learner, question_id=question_id, defaults=columns)
    day = state.after(question_id, memory)
    next_on, next_count = (day.day, len(day.left)) if day.left else (day.next_on, day.next_count)
    ahead = {"next_on": next_on, "next_count": next_count}
    PracticePlan.objects.update_or_create(user=learner, course=course, defaults=ahead)
    return PracticedQuestion(asked, is_right, day, memory.due_on)
