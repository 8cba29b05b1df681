"""A course's outline with one learner's progress, in nine queries, whatever the length of the course."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.selectors import modules_of, visits_of
from grading.rules.course_grade import CourseGrade, ItemGrade
from labs.selectors import labs_of, states_of
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from course.models import Course, LessonVisit, User
    from quizzes.models import Assessment


@dataclass(frozen=True)
class ApiOutlineItem:
    """A lesson, lab or assessment in the outline; `item` is an assessment's line in the grade."""

    subject: Any
    state: str
    item: ItemGrade | None = None


@dataclass(frozen=True)
class ModuleOutline:
    module: Any
    lessons: tuple[ApiOutlineItem, ...]
    labs: tuple[ApiOutlineItem, ...]
    assessments: tuple[ApiOutlineItem, ...]

    @property
    def parts(self) -> tuple[ApiOutlineItem, ...]:
        return self.lessons + self.labs + self.assessments


@dataclass(frozen=True)
class ApiOutline:
    course: Any
    modules: tuple[ModuleOutline, ...]
    grade: CourseGrade | None


def api_outline(course: "Course", user: "User | AnonymousUser", grade: CourseGrade | None) -> ApiOutline:
    """Return the outline for `user` with their grade. A visitor has no grade and has started nothing."""
    is_known = user.is_authenticated
    visits = visits_of(user, course) if is_known else {}
    items = {item.activity: item for item in grade.items} if grade else {}
    begun = states_of(course.pk, user.pk) if is_known else {}
    labs, assessments = labs_of(course.pk), assessments_of(course.pk)
    modules = tuple(
        ModuleOutline(
            module,
            lessons=tuple(
                ApiOutlineItem(lesson, lesson_progress(visits.get(lesson.pk))) for lesson in module.lessons.all()
            ),
            labs=tuple(ApiOutlineItem(lab, begun.get(lab.pk, "not_started")) for lab in within(module, labs)),
            assessments=tuple(assessment_part(found, items.get(found.pk)) for found in within(module, assessments)),
        )
        for module in modules_of(course)
    )
    return ApiOutline(course, modules, grade)


def within(module: Any, things: Iterable[Any]) -> list[Any]:
    return [thing for thing in things if thing.module_id == module.pk]


def lesson_progress(visit: "LessonVisit | None") -> str:
    if visit is None:
        return "not_started"
    return "done" if visit.done_at else "in_progress"


def assessment_part(assessment: "Assessment", item: ItemGrade | None) -> ApiOutlineItem:
    return ApiOutlineItem(assessment, item.state if item else "not_started", item)
