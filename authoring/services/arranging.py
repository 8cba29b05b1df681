"""Arrange a course: each change of its order, its titles and its parts is an edit, which `publish` plans or publishes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from authoring.folder import (
    CoursePart,
    CourseSection,
    OtherDates,
    Rewritten,
    UnwritableText,
    course_tree,
    lab_id_in,
    name_in_file,
    read_document,
    value_at,
    with_exam_in,
    with_module,
    with_part_in,
    with_title,
    with_tree_order,
    without_part,
)
from authoring.refusals import Refusal
from authoring.services.course_edits import AuditLine, CourseEdit, edit_files
from authoring.services.course_folder import export_course, is_editable
from authoring.services.used_ids import ids_ever_used
from course.selectors import files_replaced_at, texts_replaced_at
from course.services import text_digest
from labs.workbench import learners_by_lab
from lessons.selectors import readers_by_lesson
from quizzes.selectors import sitters_by_assessment
from records.selectors import newest_entries

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from records.models import AuditEntry

ACTION = "arrange_course"
MOST_SHOWN = 20  # arrangements that can be undone on the page
HEADS = ("course.yaml", "module.yaml")


@dataclass(frozen=True)
class ArrangedCourse:
    """The folder of a course as it is exported, and its tree."""

    course: "Course"
    files: Mapping[str, bytes]

    @cached_property
    def sections(self) -> tuple[CourseSection, ...]:
        return course_tree(self.files)

    @cached_property
    def parts(self) -> dict[str, CoursePart]:
        """Return the parts by path."""
        return {part.path: part for section in self.sections for part in section.parts}

    @property
    def digest(self) -> str:
        """Return a digest of the tree, which tells whether somebody else has changed it."""
        return text_digest(repr(self.sections))

    def section(self, folder: str) -> CourseSection:
        """Return a section. Raises Refusal not_found."""
        section = next((section for section in self.sections if section.folder == folder), None)
        if section is None:
            raise Refusal("not_found")
        return section

    def title_of(self, path: str) -> str:
        """Return the title of a section or a part. Raises Refusal not_found."""
        return self.parts[path].title if path in self.parts else self.section(path).title

    def text(self, path: str) -> str:
        return self.files[path].decode(errors="replace") if path in self.files else ""


def read_arrangement(*, course: "Course") -> ArrangedCourse:
    """Return the course as it is arranged now."""
    return ArrangedCourse(course, export_course(course_id=course.pk))


def refuse_other_tree(tree: ArrangedCourse, digest: str) -> None:
    """Refuse if somebody else has changed the tree since it was shown. Raises Refusal arrangement_stale."""
    if tree.digest != digest:
        raise Refusal("arrangement_stale")


def arrangement_edit(
    *, tree: ArrangedCourse, make: Callable[[], Rewritten], words: str, editor: "User", reason: str = ""
) -> CourseEdit:
    """Return the edit that rewrites files as `make` says. `words` say in the audit and in the history what it does.

    Raises Refusal not_found, arrangement_unfit, settings_stale.
    """
    try:
        made = make()
    except UnwritableText as error:
        raise Refusal("arrangement_unfit", path=str(error)) from None
    except KeyError:
        raise Refusal("not_found") from None
    files = {path: _typed(path, content) for path, content in made.items()}
    based_on = {path: tree.text(path) for path in files if is_editable(path, tree.files.get(path, b""))}
    line = AuditLine(ACTION, f"course:{tree.course.slug}", reason, {"change": words})
    return edit_files(course=tree.course, files=files, editor=editor, based_on=based_on, audit=(line,))


def _typed(path: str, content: str | bytes | None) -> str | bytes | None:
    """Return the content as text if the editor can open it, so that its versions are kept."""
    return content.decode() if isinstance(content, bytes) and is_editable(path, content) else content


def order_changed(
    *, tree: ArrangedCourse, folders: Sequence[str], parts: Mapping[str, Sequence[str]], words: str, editor: "User"
) -> CourseEdit:
    """Return the edit that puts sections and parts in this order: `parts` are their paths by folder.

    Raises Refusal arrangement_stale if these are not the sections and parts of the course.
    """
    shown = {section.folder: sorted(part.path for part in section.parts) for section in tree.sections}
    if sorted(folders) != sorted(shown) or {folder: sorted(paths) for folder, paths in parts.items()} != shown:
        raise Refusal("arrangement_stale")
    names = {folder: [path.partition("/")[2] for path in paths] for folder, paths in parts.items()}
    return arrangement_edit(
        tree=tree, make=lambda: with_tree_order(tree.files, folders, names), words=words, editor=editor
    )


def title_changed(*, tree: ArrangedCourse, path: str, title: str, words: str, editor: "User") -> CourseEdit:
    """Return the edit that gives a section or a part another title. Raises Refusal not_found, arrangement_unfit."""
    return arrangement_edit(tree=tree, make=lambda: with_title(tree.files, path, title), words=words, editor=editor)


def module_added(*, tree: ArrangedCourse, title: str, words: str, editor: "User") -> CourseEdit:
    """Return the edit that adds a module without parts, which learners do not see yet."""
    used = ids_ever_used(tree.course.pk).modules
    return arrangement_edit(tree=tree, make=lambda: with_module(tree.files, title, used), words=words, editor=editor)


def part_carried(*, tree: ArrangedCourse, path: str, folder: str, words: str, editor: "User") -> CourseEdit:
    """Return the edit that moves a lesson, a lab or an exam to another module.

    It keeps its id, and so everything that learners did. An exam also keeps its dates. Raises Refusal not_found,
    arrangement_unfit, exam_dates_differ.
    """
    if path not in tree.parts or not tree.section(folder).can_take(tree.parts[path]):
        raise Refusal("not_found")
    try:
        return arrangement_edit(tree=tree, make=lambda: _carried(tree, path, folder), words=words, editor=editor)
    except OtherDates as error:
        raise Refusal("exam_dates_differ", module=tree.title_of(folder), names=str(error)) from None


def _carried(tree: ArrangedCourse, path: str, folder: str) -> Rewritten:
    if tree.parts[path].kind == "exam":
        return with_exam_in(tree.files, path, folder)
    return with_part_in(tree.files, path, folder)[1]


def part_removed(*, tree: ArrangedCourse, path: str, words: str, editor: "User") -> CourseEdit:
    """Return the edit that removes a section or a part. What learners did there is kept, but no longer counts.

    Raises Refusal not_found, last_part for the only section of a course.
    """
    if path not in tree.parts and len(tree.sections) == 1:
        raise Refusal("last_part")
    return arrangement_edit(tree=tree, make=lambda: without_part(tree.files, path), words=words, editor=editor)


def learners_by_part(tree: ArrangedCourse) -> dict[str, int]:
    """Return by path how many learners have opened a lesson, saved work in a lab, or begun an assessment."""
    course_id = tree.course.pk
    counts = {"lesson": readers_by_lesson(course_id), "lab": learners_by_lab(course_id)}
    counts |= dict.fromkeys(("review", "exam"), sitters_by_assessment(course_id))
    return {path: counts[part.kind].get(key_of_part(tree, part), 0) for path, part in tree.parts.items()}


def key_of_part(tree: ArrangedCourse, part: CoursePart) -> str:
    """Return the id of a part."""
    if part.kind == "lab":
        return lab_id_in(tree.text(f"{part.path}/lab.yaml"))
    if part.kind == "review":
        module = id_in(tree.text(f"{part.path.partition('/')[0]}/module.yaml"))
        name = name_in_file(part.path, "review")
        return f"{module}-review-{name}" if name else f"{module}-review"
    text = tree.text(part.path)
    return id_in(text.partition("---\n")[2].partition("\n---")[0] if part.kind == "lesson" else text)


def id_in(text: str) -> str:
    """Return the id that a text says, "" for none."""
    return str(value_at(read_document(text).data, ("id",)) or "")


def arrangements_of(*, course: "Course") -> "list[AuditEntry]":
    """Return the last arrangements of a course, newest first."""
    return newest_entries(course.pk, ACTION, MOST_SHOWN)


def arrangement_undone(
    *, tree: ArrangedCourse, at: datetime, words: str, editor: "User", reason: str = ""
) -> CourseEdit:
    """Return the edit that restores what an arrangement of this instant replaced.

    A course.yaml or module.yaml that was changed since stays; what comes back is then last in its order. Raises Refusal
    nothing_to_undo, arrangement_overtaken if another text was changed since.
    """
    return arrangement_edit(tree=tree, make=lambda: _files_before(tree, at), words=words, editor=editor, reason=reason)


def _files_before(tree: ArrangedCourse, at: datetime) -> Rewritten:
    course_id, before = tree.course.pk, dict[str, str | bytes | None]()
    for path, (old, new) in texts_replaced_at(course_id, at).items():
        if tree.text(path) == new:
            before[path] = old or None
        elif path.rpartition("/")[2] not in HEADS:
            raise Refusal("arrangement_overtaken", path=path)
    others = {path: content for path, content in files_replaced_at(course_id, at).items() if path not in before}
    restored = {path: content for path, content in others.items() if content is not None and path not in tree.files}
    added = {path: None for path, content in others.items() if content is None and path in tree.files}
    if not before and not restored and not added:
        raise Refusal("nothing_to_undo")
    return {**before, **restored, **added}
