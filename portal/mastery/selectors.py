"""What answers show of the objectives of a course: those of one learner, or of a class. Settle what is due first (D9)."""

from collections.abc import Collection
from datetime import datetime

from activities.registry import answers_by_objective, measures_by_objective
from course.rules.objectives import ObjectiveAnswers
from course.rules.schedule import has_opened
from course.selectors import modules_of
from people.selectors import learners_in
from portal.mastery.rules.mastery import LessonOnObjective, ModuleMastery, ModuleObjectives, mastery_by_module


def mastery_of(course_id: int, learner_id: int | None, now: datetime) -> tuple[ModuleMastery, ...]:
    """Return what a learner's answers show of each objective, as far as the learner may know. None has no answers.

    Runs a constant number of queries.
    """
    learners = [] if learner_id is None else [learner_id]
    answers = answers_by_objective(course_id, learners, reader_id=learner_id, now=now) if learners else []
    return _with_answers(course_id, answers, now)


def mastery_in_class(course_id: int, group: str, now: datetime) -> tuple[ModuleMastery, ...]:
    """Return what the answers of a course's learners show of each objective, of one group or of all.

    Staff who take the course are left out (D28). Runs a constant number of queries.
    """
    learners = learners_in(course_id, group=group).filter(user__is_staff=False).values("user_id")
    return _with_answers(course_id, answers_by_objective(course_id, learners, reader_id=None, now=now), now)


def _with_answers(course_id: int, answers: Collection[ObjectiveAnswers], now: datetime) -> tuple[ModuleMastery, ...]:
    modules = [
        ModuleObjectives(
            module.title,
            module.objectives,
            [
                LessonOnObjective(lesson.pk, lesson.title, lesson.objectives)
                for lesson in module.lessons.all()
                if has_opened(lesson.opens_at, now)
            ],
        )
        for module in modules_of(course_id)
    ]
    return mastery_by_module(modules, answers, measures_by_objective(course_id))
