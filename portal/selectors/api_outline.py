"""A course's outline with what one learner did in it: nine statements, however long the course is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from course.selectors import modules_of, visits_of
from grading.selectors import CourseGrade, ItemGrade, course_grade
from labs.selectors import labs_of, states_of
from quizzes.selectors import assessments_of


@dataclass(frozen=True)
class Part:
    """A lesson, lab or assessment in the outline; `item` is an assessment's line in the grade."""

    subject: Any
    state: str
    item: ItemGrade | None = None


@dataclass(frozen=True)
class ModuleOutline:
    module: Any
    lessons: tuple[Part, ...]
    labs: tuple[Part, ...]
    assessments: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.lessons + self.labs + self.assessments


@dataclass(frozen=True)
class Outline:
    course: Any
    modules: tuple[ModuleOutline, ...]
    grade: CourseGrade | None


def outline(course: Any, user: Any) -> Outline:
    """The outline for `user`; for a visitor nothing is started. The caller settled what is due before."""
    is_known = user.is_authenticated
    visits = visits_of(user, course) if is_known else {}
    grade = course_grade(user.pk, course.pk) if is_known else None
    items = {item.activity: item for item in grade.items} if grade else {}
    begun = states_of(course.pk, user.pk) if is_known else {}
    labs, assessments = labs_of(course.pk), assessments_of(course.pk)
    modules = tuple(
        ModuleOutline(
            module,
            lessons=tuple(Part(lesson, lesson_state(visits.get(lesson.pk))) for lesson in module.lessons.all()),
            labs=tuple(Part(lab, begun.get(lab.pk, "not_started")) for lab in within(module, labs)),
            assessments=tuple(assessment_part(found, items.get(found.pk)) for found in within(module, assessments)),
        )
        for module in modules_of(course)
    )
    return Outline(course, modules, grade)


def within(module: Any, things: Iterable[Any]) -> list[Any]:
    return [thing for thing in things if thing.module_id == module.pk]


def lesson_state(visit: Any) -> str:
    if visit is None:
        return "not_started"
    return "done" if visit.done_at else "in_progress"


def assessment_part(assessment: Any, item: ItemGrade | None) -> Part:
    return Part(assessment, item.state if item else "not_started", item)
