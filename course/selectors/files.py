from course.models import Course, CourseFile, Lesson, Module
from course.refusals import Refusal


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


def text_files(course_id: int) -> dict[str, bytes]:
    """Return the texts of a course's folder as an export would write them, except those of questions and exams."""
    course = Course.objects.get(pk=course_id)
    files = {"course.yaml": course.source.encode()}
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


def file_of(slug: str, path: str) -> CourseFile | None:
    return CourseFile.objects.filter(course__slug=slug, path=path, is_retired=False).first()


def lesson_by_key(course: Course, key: str) -> Lesson:
    """Return a lesson by its key in the folder. Raises Refusal not_found."""
    lesson = Lesson.objects.filter(module__course=course, key=key, is_retired=False).first()
    if lesson is None:
        raise Refusal("not_found")
    return lesson
