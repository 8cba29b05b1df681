from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from course.models import Course, CourseFile, Lesson, Module
from course.refusals import Refusal

HEAD = "course.yaml"


def is_loaded(folder_digest: str) -> bool:
    """Return whether the folder that its course was last loaded from has this digest."""
    return Course.objects.filter(folder_digest=folder_digest).exists()


def course_id_of(slug: str) -> int | None:
    return Course.objects.filter(slug=slug).values_list("pk", flat=True).first()


def is_archived(slug: str) -> bool:
    """Return whether there is a course with this slug which is archived."""
    return Course.objects.filter(slug=slug, archived_at__isnull=False).exists()


def module_folders(course_id: int) -> dict[str, str]:
    """Return the folders of the modules that are not retired, by module id."""
    return dict(Module.objects.filter(course_id=course_id, is_retired=False).values_list("pk", "folder"))


@dataclass(frozen=True)
class LineRanks:
    """Where the lines of a course come whose author lists an order. `modules` maps a module's id to its position and list."""

    modules: Mapping[str, tuple[int, Sequence[str]]]

    def __bool__(self) -> bool:
        return any(order for _position, order in self.modules.values())

    def rank(self, module_id: str, name: str) -> tuple[int, int]:
        """Return where a line comes: by its module, then by the list of the module. What is not listed comes last."""
        position, order = self.modules.get(module_id, (len(self.modules), ()))
        return position, order.index(name) if name in order else len(order)


def line_ranks(course_id: int) -> LineRanks:
    """Return where the lines come; the result is false if no module lists an order. Runs one query."""
    rows = Module.objects.filter(course_id=course_id, is_retired=False).values_list("pk", "position", "line_order")
    return LineRanks({module_id: (position, order) for module_id, position, order in rows})


def text_files(course_id: int) -> dict[str, bytes]:
    """Return the texts of a course's folder as an export would write them, except those of questions and exams."""
    course = Course.objects.get(pk=course_id)
    files = {HEAD: course.source.encode()}
    modules = Module.objects.filter(course=course, is_retired=False)
    for folder, source in modules.values_list("folder", "source"):
        files[f"{folder}/module.yaml"] = source.encode()
    lessons = Lesson.objects.filter(module__in=modules, is_retired=False)
    for path, source in lessons.values_list("path", "source"):
        files[path] = source.encode()
    return files


def other_files(course_id: int) -> dict[str, bytes]:
    """Return the files that have no model: figures, data and programs."""
    rows = CourseFile.objects.filter(course_id=course_id, is_retired=False)
    return {path: bytes(content) for path, content in rows.values_list("path", "content")}


def files_edited_here(course_id: int) -> list[str]:
    """Return the paths of the files without a model that were edited on the site, or removed there."""
    return list(CourseFile.objects.filter(course_id=course_id, edited_at__isnull=False).values_list("path", flat=True))


def files_replaced_at(course_id: int, at: datetime) -> dict[str, bytes | None]:
    """Return the files without a model that were changed on the site at this instant, by path.

    A file that was removed then has its content, as it can be restored. Others are None.
    """
    rows = CourseFile.objects.filter(course_id=course_id, edited_at=at).values_list("path", "is_retired", "content")
    return {path: bytes(content) if is_retired else None for path, is_retired, content in rows}


def heads_edited_here(course_id: int) -> dict[str, str]:
    """Return course.yaml and the module.yaml files that were edited on the site, by path."""
    rows = Course.objects.filter(pk=course_id, edited_at__isnull=False).values_list("source", flat=True)
    heads = dict.fromkeys([HEAD], rows[0]) if rows else {}
    modules = Module.objects.filter(course_id=course_id, is_retired=False, edited_at__isnull=False)
    return heads | {f"{folder}/module.yaml": source for folder, source in modules.values_list("folder", "source")}


def file_of(slug: str, path: str) -> CourseFile | None:
    return CourseFile.objects.filter(course__slug=slug, path=path, is_retired=False).first()


def lesson_by_key(course: Course, key: str) -> Lesson:
    """Return a lesson by its key in the folder. Raises Refusal not_found."""
    lesson = Lesson.objects.filter(module__course=course, key=key, is_retired=False).first()
    if lesson is None:
        raise Refusal("not_found")
    return lesson
