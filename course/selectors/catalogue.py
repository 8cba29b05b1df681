from pathlib import Path

from django.db.models import Prefetch, QuerySet

from course.models import Course, Lesson, Module
from course.refusals import Refusal
from course.rules.headings import LessonHeadings
from foundation.fast.prepared import PreparedInstances

LISTED = Course.objects.filter(visibility="listed")  # built once, because that takes longer than copying it


def courses() -> QuerySet[Course]:
    return Course.objects.order_by("title")


def listed_in_catalog() -> QuerySet[Course]:
    """Return the courses that everyone sees."""
    return LISTED.all()


def course_ids() -> list[int]:
    return list(Course.objects.order_by("pk").values_list("pk", flat=True))


def course_folders() -> list[tuple[str, str]]:
    """Return the slug and the folder of each course whose folder is on this machine."""
    rows = Course.objects.exclude(folder="").order_by("slug").values_list("slug", "folder")
    return [(slug, folder) for slug, folder in rows if Path(folder).is_dir()]


def course_by_slug(slug: str) -> Course:
    """Return a course. Raises Refusal not_found."""
    course = Course.objects.filter(slug=slug).first()
    if course is None:
        raise Refusal("not_found")
    return course


def modules_of(course: Course | int) -> list[Module]:
    """Return the outline's modules with `.lessons.all()` prefetched, without texts. Runs two queries."""
    lessons = Lesson.objects.filter(is_retired=False).defer("source", "html", "listings", "contents")
    rows = Module.objects.filter(course=course, is_retired=False).select_related("course").defer("course__source")
    return list(rows.prefetch_related(Prefetch("lessons", lessons)))


def keys_ever_used(course_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """Return the ids of the modules and of the lessons that a course has or once had. Runs two queries."""
    modules = Module.objects.filter(course=course_id).order_by().values_list("key", flat=True)
    lessons = Lesson.objects.filter(module__course=course_id).order_by().values_list("key", flat=True)
    return frozenset(modules), frozenset(lessons)


def lesson_by_id(lesson_id: str) -> Lesson:
    """Return a lesson. Raises Refusal not_found."""
    lesson = next(iter(BY_ID(lesson_id=lesson_id)), None)
    if lesson is None:
        raise Refusal("not_found")
    return lesson


BY_ID = PreparedInstances(
    lambda lesson_id: Lesson.objects.filter(pk=lesson_id, is_retired=False), "module", "module__course", lesson_id=str
)


def headings_by_module(course_id: int) -> dict[str, list[LessonHeadings]]:
    """Return the lessons of each module of the outline, in order, by the id of the module. Runs one query."""
    rows = Lesson.objects.filter(module__course=course_id, module__is_retired=False, is_retired=False)
    lessons: dict[str, list[LessonHeadings]] = {}
    for module_id, *values in rows.order_by("position", "pk").values_list("module_id", *LessonHeadings._fields):
        lessons.setdefault(module_id, []).append(LessonHeadings(*values))
    return lessons


def headings_in_folder(course_id: int, folder: str) -> list[LessonHeadings]:
    """Return the lessons of the module in a folder, in order. Runs one query."""
    rows = Lesson.objects.filter(module__course=course_id, module__folder=folder)
    shown = rows.filter(module__is_retired=False, is_retired=False).order_by("position", "pk")
    return [LessonHeadings(*values) for values in shown.values_list(*LessonHeadings._fields)]


def about_lessons(course_id: int) -> list[Lesson]:
    """Return the lessons of the course's folder `about`, with their text."""
    rows = Lesson.objects.filter(module__course=course_id, module__folder="about", is_retired=False)
    return list(rows.select_related("module").order_by("position"))
