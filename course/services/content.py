"""A course's text into the database: only what differs from the folder is written."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from course.models import Course, CourseFile, Enrollment, Lesson, Module
from course.rules.changes import WRITING, Action, Change, Stored, Writer, decide_change
from course.rules.texts import CourseText, LessonText, ModuleText, digest_of

LESSON_FIELDS = (
    *("title", "minutes", "objectives", "source", "html", "contents", "listings"),
    *("has_math", "is_open", "path", "position"),
)
MODULE_FIELDS = ("title", "objectives", "folder", "source", "position")
COURSE_FIELDS = ("title", "language", "summary", "attempts", "pass_percent", "show", "source")
STATE_FIELDS = ("digest", "edited_at", "edited_by", "is_retired")


@dataclass(frozen=True)
class WrittenCourse:
    """What became of a course's text; `modules` maps keys to ids."""

    course_id: int
    modules: Mapping[str, str]
    changes: tuple[Change, ...]


def write_course(*, text: CourseText, digest: str, folder: str, writer: Writer, now: datetime) -> WrittenCourse:
    """Add, change, move, retire and restore as `text` says; keep what was edited here where `writer` may not.

    `digest` and `folder` are the folder's; both stay as they are when a person edits. Belongs into the loader's
    transaction. The number of statements does not depend on the size of the course.
    """
    course, change = _write_head(text, writer)
    modules, module_changes = _write_modules(course, text.modules, writer)
    lesson_changes = _write_lessons(modules, text.modules, writer, now)
    file_changes = _write_files(course, text)
    changes = (change, *module_changes, *lesson_changes, *file_changes)
    if not writer.is_person and (course.folder_digest != digest or course.folder != folder):
        Course.objects.filter(pk=course.pk).update(folder_digest=digest, folder=folder, loaded_at=now)
    keys = {key: module.pk for key, module in modules.items()}
    return WrittenCourse(course.pk, keys, tuple(each for each in changes if each.action is not Action.UNCHANGED))


def lock_learners(*, course_id: int, learner_ids: Collection[int] | None = None) -> None:
    """Take the locks of everyone in a course, or of these, in one order: whoever answers meanwhile waits, and then
    meets what is new. To be called inside a transaction."""
    rows = Enrollment.objects.select_for_update(no_key=True).filter(course_id=course_id)
    if learner_ids is not None:
        rows = rows.filter(user_id__in=learner_ids)
    list(rows.order_by("pk").values("pk"))


def _write_head(text: CourseText, writer: Writer) -> tuple[Course, Change]:
    course = Course.objects.select_for_update().filter(slug=text.slug).first()  # one load at a time
    stored = Stored(course.digest, course.edited_at) if course else None
    digest = digest_of(text)
    action = decide_change(stored=stored, digest=digest, is_moved=False, writer=writer)
    change = Change("course", text.slug, action, stored.edited_at if stored else None)
    course = course or Course(slug=text.slug)
    if action in WRITING:
        _fill(course, text, COURSE_FIELDS)
        course.digest, course.edited_at, course.edited_by_id = digest, writer.edited_at, writer.edited_by_id
        course.save()
    return course, change


def _fill(row: Any, text: Any, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, getattr(text, name))


def settle_row(row: Any, text: Any, names: Iterable[str], action: Action, writer: Writer) -> None:
    """Bring a row into the state that an action means."""
    if action is Action.RETIRED:
        row.is_retired = True
        return
    _fill(row, text, names)
    row.is_retired, row.digest = False, digest_of(text)
    if action is not Action.MOVED:
        row.edited_at, row.edited_by_id = writer.edited_at, writer.edited_by_id


def plan_rows(
    *,
    rows: Mapping[str, Any],
    texts: Mapping[str, Any],
    writer: Writer,
    is_moved: Callable[[Any, Any], bool],
) -> dict[str, Action]:
    """What happens to each key that is stored or said."""
    return {
        key: decide_change(
            stored=_stored(rows.get(key)),
            digest=digest_of(texts[key]) if key in texts else None,
            is_moved=key in rows and key in texts and is_moved(rows[key], texts[key]),
            writer=writer,
        )
        for key in (*texts, *(key for key in rows if key not in texts))
    }


def _stored(row: Any) -> Stored | None:
    return None if row is None else Stored(row.digest, row.edited_at, row.is_retired)


def changes_of(kind: str, plan: Mapping[str, Action], rows: Mapping[str, Any]) -> list[Change]:
    return [
        Change(kind, key, action, rows[key].edited_at if action is Action.KEPT else None)
        for key, action in plan.items()
    ]


def _write_modules(
    course: Course, texts: Iterable[ModuleText], writer: Writer
) -> tuple[dict[str, Module], list[Change]]:
    rows = {row.key: row for row in Module.objects.filter(course=course)}
    said = {text.key: text for text in texts}
    plan = plan_rows(
        rows=rows,
        texts=said,
        writer=writer,
        is_moved=lambda row, text: (row.position, row.folder) != (text.position, text.folder),
    )
    changes = changes_of("module", plan, rows)
    for key, action in plan.items():
        if action in WRITING:
            row = rows.setdefault(key, Module(course=course, key=key))
            settle_row(row, said.get(key), MODULE_FIELDS, action, writer)
    written = [key for key, action in plan.items() if action in WRITING]
    new = [key for key in written if plan[key] is Action.ADDED]
    Module.objects.bulk_create([rows[key] for key in new])
    old = [rows[key] for key in written if key not in new]
    if old:
        Module.objects.bulk_update(old, [*MODULE_FIELDS, *STATE_FIELDS])
    return rows, changes


def _write_lessons(
    modules: Mapping[str, Module], texts: Iterable[ModuleText], writer: Writer, now: datetime
) -> list[Change]:
    rows = {row.key: row for row in Lesson.objects.filter(module__in=[module.pk for module in modules.values()])}
    said = {lesson.key: lesson for module in texts for lesson in module.lessons}
    homes = {lesson.key: modules[module.key] for module in texts for lesson in module.lessons}

    def is_moved(row: Lesson, text: LessonText) -> bool:
        place = (row.position, row.path, row.module_id)
        return place != (text.position, text.path, homes[text.key].pk)

    plan = plan_rows(rows=rows, texts=said, writer=writer, is_moved=is_moved)
    changes = changes_of("lesson", plan, rows)
    for key, action in plan.items():
        if action in WRITING:
            row = rows.setdefault(key, Lesson(key=key))
            settle_row(row, said.get(key), LESSON_FIELDS, action, writer)
            if key in homes:
                row.module = homes[key]
    written = [key for key, action in plan.items() if action in WRITING]
    new = [rows[key] for key in written if plan[key] is Action.ADDED]
    old = [rows[key] for key in written if plan[key] is not Action.ADDED]
    if new:
        bulk_create_with_history(new, Lesson, default_date=now)
    if old:
        bulk_update_with_history(old, Lesson, [*LESSON_FIELDS, *STATE_FIELDS, "module"], default_date=now)
    return changes


def _write_files(course: Course, text: CourseText) -> list[Change]:
    """Files cannot be edited here, so the folder's always count; one that is gone is deleted."""
    stored = dict(CourseFile.objects.filter(course=course).values_list("path", "digest"))
    said = {file.path: file for file in text.files}
    new = [file for path, file in said.items() if stored.get(path) != file.digest]
    gone = [path for path in stored if path not in said]
    if gone:
        CourseFile.objects.filter(course=course, path__in=gone).delete()
    if new:
        CourseFile.objects.bulk_create(
            [CourseFile(course=course, path=file.path, content=file.content, digest=file.digest) for file in new],
            update_conflicts=True,
            unique_fields=["course", "path"],
            update_fields=["content", "digest"],
        )
    return [
        *(Change("file", file.path, Action.CHANGED if file.path in stored else Action.ADDED) for file in new),
        *(Change("file", path, Action.RETIRED) for path in gone),
    ]
