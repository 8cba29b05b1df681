"""A course's outline with one learner's progress, in few queries, whatever the length of the course."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.rules.own_dates import NOTHING_OWN, OwnDates, in_force
from course.rules.schedule import UNDATED, Dates
from course.selectors import modules_of, part_of_snapshot, published
from grading.rules.category_grade import ItemGrade
from grading.rules.course_grade import CourseGrade
from labs.selectors import labs_of, states_of
from lessons.selectors import visits_of_reader
from people.selectors import own_dates
from quizzes.selectors import assessments_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from course.models import Course
    from lessons.rules.reading import Visit
    from quizzes.models import Assessment


@dataclass(frozen=True)
class ApiOutlineItem:
    """A lesson, lab or assessment in the outline. An assessment has its line in the grade, and its dates for the reader."""

    subject: Any
    state: str
    item: ItemGrade | None = None
    dates: Dates = UNDATED


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


@dataclass(frozen=True)
class ModuleParts:
    """A module as it is published, with what is in it, for a snapshot."""

    module: Any
    lessons: tuple[Any, ...]
    labs: tuple[Any, ...]
    assessments: tuple[Any, ...]


def read_modules(course_id: int) -> tuple[ModuleParts, ...]:
    labs, assessments = labs_of(course_id), assessments_of(course_id)
    return tuple(
        ModuleParts(module, tuple(module.lessons.all()), within(module, labs), within(module, assessments))
        for module in modules_of(course_id)
    )


MODULES = part_of_snapshot("modules", read_modules)


def api_outline(course: "Course", user: "User | AnonymousUser", grade: CourseGrade | None) -> ApiOutline:
    """Return the outline for `user` with their grade. A visitor has no grade and has started nothing.

    Runs two queries for a person with an account, and one more if an assessment is due or closes.
    """
    visits = visits_of_reader(user.pk) if user.is_authenticated else {}
    items = {item.activity: item for item in grade.items} if grade else {}
    begun = states_of(course.pk, user.pk) if user.is_authenticated else {}
    parts = published(course.pk)[MODULES]
    dated = any(
        assessment.dates_vary or assessment.dates.due_at or assessment.dates.closes_at
        for part in parts
        for assessment in part.assessments
    )
    own = own_dates(user.pk, course.pk) if dated and user.is_authenticated else {}
    modules = tuple(
        ModuleOutline(
            part.module,
            lessons=tuple(ApiOutlineItem(lesson, lesson_progress(visits.get(lesson.pk))) for lesson in part.lessons),
            labs=tuple(ApiOutlineItem(lab, begun.get(lab.pk, "not_started")) for lab in part.labs),
            assessments=tuple(
                assessment_part(assessment, items.get(assessment.pk), own) for assessment in part.assessments
            ),
        )
        for part in parts
    )
    return ApiOutline(course, modules, grade)


def within(module: Any, things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(thing for thing in things if thing.module_id == module.pk)


def lesson_progress(visit: "Visit | None") -> str:
    if visit is None:
        return "not_started"
    return "done" if visit.done_at else "in_progress"


def assessment_part(assessment: "Assessment", item: ItemGrade | None, own: Mapping[str, OwnDates]) -> ApiOutlineItem:
    dates = in_force(assessment.dates, own.get(assessment.pk, NOTHING_OWN))
    return ApiOutlineItem(assessment, item.state if item else "not_started", item, dates)
