"""Write a course's text to the database, but only where it differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from course.models import Course, CourseFile, Lesson, Module
from course.rules.changes import WRITING, Action, Change, StoredObject, Writer, decide_change
from course.rules.joining import new_join_code
from course.rules.texts import CourseText, FileText, LessonText, ModuleText, content_digest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from django.db.models import QuerySet

LESSON_FIELDS = (
    *("title", "minutes", "objectives", "source", "html", "contents", "listings"),
    *("has_math", "is_open", "path", "position"),
)
RENDERED_FIELDS = ("html", "contents", "listings", "has_math")  # they follow from the source
DATE_FIELDS = ("opens_at", "due_at", "closes_at")
MODULE_FIELDS = ("title", "objectives", "folder", "source", "position", "line_order", *DATE_FIELDS)
COURSE_FIELDS = (
    *("title", "language", "summary", "attempts", "pass_percent", "show", "source", "joining"),
    *("timezone", *DATE_FIELDS),
)
COUNTING_FIELDS = ("attempts", "pass_percent", "show", *DATE_FIELDS)  # of a course: grades may depend on them
STATE_FIELDS = ("digest", "edited_at", "edited_by", "is_retired")


class LoadedRow(Protocol):
    """A row that a course folder writes."""

    digest: str
    edited_at: datetime | None
    edited_by_id: int | None
    is_retired: bool


@dataclass(frozen=True)
class WrittenCourse:
    """The result of writing a course's text. `modules` maps keys to ids. `counts_otherwise` is true if grades may change
    because of the course's own fields.
    """

    course_id: int
    modules: Mapping[str, str]
    changes: tuple[Change, ...]
    counts_otherwise: bool


def write_course(*, text: CourseText, digest: str, folder: str, writer: Writer, now: datetime) -> WrittenCourse:
    """Add, change, move, retire and restore objects as `text` says, except edits that `writer` may not overwrite.

    `digest` and `folder` are the folder's; an edit by a person leaves both unchanged. Call it in the loader's
    transaction. The number of queries does not depend on the size of the course.
    """
    course, change, counts_otherwise = _write_head(text, writer)
    modules, module_changes = _write_modules(course, text.modules, writer)
    lesson_changes = _write_lessons(modules, text.modules, writer, now)
    file_changes = _write_files(course, text, writer)
    changes = (change, *module_changes, *lesson_changes, *file_changes)
    if not writer.is_person and (course.folder_digest != digest or course.folder != folder):
        Course.objects.filter(pk=course.pk).update(folder_digest=digest, folder=folder, loaded_at=now)
    keys = {key: module.pk for key, module in modules.items()}
    reported = tuple(change for change in changes if change.action is not Action.UNCHANGED)
    return WrittenCourse(course.pk, keys, reported, counts_otherwise)


def lock_course(*, course_id: int) -> None:
    """Let nobody else write the course until the end of the transaction. Lock it before its learners, as a load does.

    New rows may still refer to the course. Otherwise somebody who holds a learner's lock and has written such a row would
    wait for the course, while a load has the course and waits for the learner.
    """
    list(Course.objects.select_for_update(no_key=True).filter(pk=course_id).values("pk"))


def _write_head(text: CourseText, writer: Writer) -> tuple[Course, Change, bool]:
    course = Course.objects.select_for_update(no_key=True).filter(slug=text.slug).first()  # one load at a time
    stored = StoredObject(course.digest, course.edited_at) if course else None
    digest = content_digest(text)
    action = decide_change(stored=stored, digest=digest, is_moved=False, writer=writer)
    change = Change("course", text.slug, action, stored.edited_at if stored else None)
    course = course or Course(slug=text.slug)
    before = _counted_fields(course)
    if action in WRITING:
        _copy_fields(course, text, COURSE_FIELDS)
        course.join_code = course.join_code or (new_join_code() if course.way_to_join == "code" else "")
        course.digest, course.edited_at, course.edited_by_id = digest, writer.edited_at, writer.edited_by_id
        course.save()
    return course, change, stored is None or before != _counted_fields(course)


def _counted_fields(course: Course) -> list[object]:
    return [getattr(course, name) for name in COUNTING_FIELDS]


def _copy_fields(row: object, text: object, names: Iterable[str]) -> None:
    for name in names:
        setattr(row, name, getattr(text, name))


def settle_row(
    row: LoadedRow, text: "DataclassInstance | None", names: Iterable[str], action: Action, writer: Writer
) -> None:
    """Apply an action to a row."""
    if action is Action.RETIRED:
        row.is_retired = True
        return
    assert text is not None  # a row without a text is retired
    _copy_fields(row, text, names)
    row.is_retired, row.digest = False, content_digest(text)
    if action is not Action.MOVED:
        row.edited_at, row.edited_by_id = writer.edited_at, writer.edited_by_id


def rendered_otherwise[Row](
    *, rows: Mapping[str, Row], texts: Mapping[str, object], plan: Mapping[str, Action], names: Sequence[str]
) -> list[Row]:
    """Return the rows whose text is unchanged but whose rendering, in the fields `names`, is different now.

    The new rendering is filled in.

    Such a row is saved without a history entry or a notice to the author, because nobody changed anything.
    """
    keys = [
        key
        for key, action in plan.items()
        if action is Action.UNCHANGED
        and key in texts
        and any(getattr(rows[key], name) != getattr(texts[key], name) for name in names)
    ]
    for key in keys:
        _copy_fields(rows[key], texts[key], names)
    return [rows[key] for key in keys]


def plan_rows[Row: LoadedRow, Text: DataclassInstance](
    *,
    rows: Mapping[str, Row],
    texts: Mapping[str, Text],
    writer: Writer,
    is_moved: Callable[[Row, Text], bool],
) -> dict[str, Action]:
    """Decide the action for each key that is stored or in the text."""
    return {
        key: decide_change(
            stored=_stored_object(rows.get(key)),
            digest=content_digest(texts[key]) if key in texts else None,
            is_moved=key in rows and key in texts and is_moved(rows[key], texts[key]),
            writer=writer,
        )
        for key in (*texts, *(key for key in rows if key not in texts))
    }


def _stored_object(row: LoadedRow | None) -> StoredObject | None:
    return None if row is None else StoredObject(row.digest, row.edited_at, row.is_retired)


def changes_of(kind: str, plan: Mapping[str, Action], rows: Mapping[str, LoadedRow]) -> list[Change]:
    """Return a line of the diff for each key of the plan."""
    return [
        Change(kind, key, action, rows[key].edited_at if action is Action.KEPT else None)
        for key, action in plan.items()
    ]


def _write_modules(
    course: Course, texts: Iterable[ModuleText], writer: Writer
) -> tuple[dict[str, Module], list[Change]]:
    rows = {row.key: row for row in Module.objects.filter(course=course)}
    by_key = {text.key: text for text in texts}
    plan = plan_rows(
        rows=rows,
        texts=by_key,
        writer=writer,
        is_moved=_is_moved,
    )
    changes = changes_of("module", plan, rows)
    for key, action in plan.items():
        if action in WRITING:
            row = rows.setdefault(key, Module(course=course, key=key))
            settle_row(row, by_key.get(key), MODULE_FIELDS, action, writer)
    written = [key for key, action in plan.items() if action in WRITING]
    new = [key for key in written if plan[key] is Action.ADDED]
    Module.objects.bulk_create([rows[key] for key in new])
    old = [rows[key] for key in written if key not in new]
    if old:
        Module.objects.bulk_update(old, [*MODULE_FIELDS, *STATE_FIELDS])
    return rows, changes


def _is_moved(row: Module, text: ModuleText) -> bool:
    stored = (row.position, row.folder, [*row.line_order])
    return stored != (text.position, text.folder, [*text.line_order])


def _write_lessons(
    modules: Mapping[str, Module], texts: Iterable[ModuleText], writer: Writer, now: datetime
) -> list[Change]:
    rows = {row.key: row for row in Lesson.objects.filter(module__in=[module.pk for module in modules.values()])}
    by_key = {lesson.key: lesson for module in texts for lesson in module.lessons}
    homes = {lesson.key: modules[module.key] for module in texts for lesson in module.lessons}

    def is_moved(row: Lesson, text: LessonText) -> bool:
        location = (row.position, row.path, row.module_id)
        return location != (text.position, text.path, homes[text.key].pk)

    plan = plan_rows(rows=rows, texts=by_key, writer=writer, is_moved=is_moved)
    changes = changes_of("lesson", plan, rows)
    for key, action in plan.items():
        if action in WRITING:
            row = rows.setdefault(key, Lesson(key=key))
            settle_row(row, by_key.get(key), LESSON_FIELDS, action, writer)
            if key in homes:
                row.module = homes[key]
    written = [key for key, action in plan.items() if action in WRITING]
    new = [rows[key] for key in written if plan[key] is Action.ADDED]
    old = [rows[key] for key in written if plan[key] is not Action.ADDED]
    if new:
        bulk_create_with_history(new, Lesson, default_date=now)
    if old:
        bulk_update_with_history(old, Lesson, [*LESSON_FIELDS, *STATE_FIELDS, "module"], default_date=now)
    if stale := rendered_otherwise(rows=rows, texts=by_key, plan=plan, names=RENDERED_FIELDS):
        Lesson.objects.bulk_update(stale, RENDERED_FIELDS)
    return changes


def _write_files(course: Course, text: CourseText, writer: Writer) -> list[Change]:
    """Write the files that have no model. What the folder no longer has is deleted, and what a person removes is retired."""
    rows = {row.path: row for row in CourseFile.objects.filter(course=course).defer("content")}
    by_path = {file.path: file for file in text.files}
    plan = {path: _decide_file(rows.get(path), by_path.get(path), text, writer) for path in {**by_path, **rows}}
    gone = [path for path, action in plan.items() if action is Action.RETIRED]
    written = [
        CourseFile(
            course=course,
            path=path,
            content=by_path[path].content,
            digest=by_path[path].digest,
            edited_at=writer.edited_at,
            edited_by_id=writer.edited_by_id,
        )
        for path, action in plan.items()
        if action in WRITING and path not in gone
    ]
    if gone:
        _remove_files(CourseFile.objects.filter(course=course, path__in=gone), writer)
    if written:
        CourseFile.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["course", "path"],
            update_fields=["content", "digest", "edited_at", "edited_by", "is_retired"],
        )
    return changes_of("file", plan, rows)


def _remove_files(rows: "QuerySet[CourseFile]", writer: Writer) -> None:
    """Delete files that a folder no longer has. What a person removes keeps its content, so that they can undo it."""
    if writer.is_person:
        rows.update(is_retired=True, digest="", edited_at=writer.edited_at, edited_by=writer.edited_by_id)
    else:
        rows.delete()


def _decide_file(row: CourseFile | None, file: FileText | None, text: CourseText, writer: Writer) -> Action:
    if row is not None and row.path in text.kept:
        return Action.KEPT
    stored = None if row is None else StoredObject(row.digest, row.edited_at, row.is_retired)
    return decide_change(stored=stored, digest=file.digest if file else None, is_moved=False, writer=writer)
