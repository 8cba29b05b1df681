"""Load a course folder into the database, and export it. The folder is authoritative until someone edits an object here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from authoring.folder import (
    LARGEST_TEXT,
    Addresses,
    FolderText,
    Mistake,
    SingleText,
    folder_digest,
    is_output,
    lab_folder,
    read_course,
    read_document,
    read_single,
    slug_in,
)
from authoring.refusals import Refusal
from authoring.services.grade_movements import Movement, grades_by_learner, movements_between
from authoring.services.publishing_gate import (
    Effects,
    LoweredActivity,
    asked_in,
    bring_to_trial,
    labs_to_try,
    lowered_between,
    may_publish,
    record_lowered,
    refuse_untried,
)
from course.rules.changes import WRITING, Change, Writer
from course.selectors import (
    course_id_of,
    course_ids,
    files_edited_here,
    is_archived,
    module_folders,
    other_files,
    text_files,
)
from course.services import keep_text_version, lock_course, write_course
from grading.selectors import learners_graded
from grading.services import Cause, GradeAction, ItemText, decide_certificates, settle_grades, write_items, write_policy
from labs.selectors import findable_labs, lab_activities
from labs.services import rescore_labs, write_labs
from lessons.services import publish_search
from people.services import lock_learners
from quizzes.selectors import activities_of, assessment_files, closing_times
from quizzes.services import WrittenAssessments, follow_closings, rescore_assessments, write_assessments

if TYPE_CHECKING:
    from accounts.models import User

ADDRESSES = Addresses(
    page=lambda slug, kind, key: reverse("course_page", args=[slug, kind, key]),
    file=lambda slug, digest, path: reverse("course_file", args=[slug, digest, path]),
)
HEAD = "course.yaml"
ASSESSMENT_PAGE, LAB_PAGE = "assessment", "lab"
TEXTS = (".yaml", ".py", ".md", ".svg", ".csv", ".json", ".txt")  # the ends of files that the site's editor opens

type Accept = Callable[[Effects], bool]
type Record = Callable[[Load], object]
type Replacements = Mapping[str, str | bytes | None]  # by path; None removes a file


@dataclass(frozen=True)
class Load:
    """What a load does, or would do. `is_written` is False if its effects were not accepted."""

    changes: tuple[Change, ...]
    effects: Effects
    is_written: bool

    @property
    def movements(self) -> tuple[Movement, ...]:
        return self.effects.movements

    @property
    def lowered(self) -> tuple[LoweredActivity, ...]:
        return self.effects.lowered


@dataclass(frozen=True)
class CourseEdit:
    """Files to replace in a course, and the course that they make of the files which were `exported`."""

    course_id: int
    files: Replacements
    exported: Mapping[str, bytes]
    text: FolderText


def read_folder(files: Mapping[str, bytes]) -> FolderText:
    """Return every mistake of a folder, or the course that it describes, with this site's addresses."""
    return read_course(files, ADDRESSES)


def read_to_load(files: Mapping[str, bytes], *, overwrite: bool = False) -> FolderText:
    """Return the course that a load of this folder writes, or its mistakes.

    Files without a model that were edited on the site stay as they are there, until they are exported or overwritten. So
    do all files of a lab of which one was edited.
    """
    course_id = None if overwrite else course_id_of(slug_in(files))
    edited = set(files_edited_here(course_id)) if course_id else set()
    if course_id is None or not edited:
        return read_folder(files)
    labs = {lab_folder(path) for path in edited} - {""}
    tops = {path.partition("/")[0] for path in files}

    def is_ours(path: str) -> bool:
        return (path in edited or lab_folder(path) in labs) and path.partition("/")[0] in tops

    ours = {path: content for path, content in other_files(course_id).items() if is_ours(path)}
    merged = {path: content for path, content in files.items() if not is_ours(path)} | ours
    kept = frozenset(path for path in {*files, *ours} if merged.get(path) != files.get(path))
    text = read_folder(merged)
    course = text.course and replace(text.course, kept=kept)
    return replace(text, course=course, digest=folder_digest(files))


def load_course(
    *,
    text: FolderText,
    folder: str,
    writer: Writer,
    accept: Accept,
    now: datetime,
    editor: "User | None" = None,
    source_id: int | None = None,
) -> Load:
    """Write a course without mistakes in one transaction, if `accept` agrees to the effects (D23).

    `accept` is called inside the transaction, so it must decide without waiting for a person. First load with a
    function that refuses and show the effects; then load again and accept exactly these. `editor` is the person who
    publishes on the site, and None for an operator with a folder. `source_id` names the course of which this one is a
    copy. Everything that becomes current comes through here and passes the gate. Raises Refusal course_archived,
    needs_instructor, lab_untried.
    """
    if text.mistakes or text.course is None:
        raise ValueError("a folder with mistakes cannot be loaded")
    if is_archived(text.course.slug):
        raise Refusal("course_archived")
    known = course_id_of(text.course.slug)
    to_try = labs_to_try(text, source_id=source_id)
    grades = None if known is None else settle_grades(now=now, course_id=known)
    with transaction.atomic():
        before = grades_by_learner(grades, known) if grades and known else {}
        asked = asked_in(known)
        changes, course_id, is_graded_otherwise = _write_folder(text, folder, writer, now)
        after = grades_by_learner(grades, course_id) if grades and is_graded_otherwise else before
        lowered = lowered_between(asked, asked_in(course_id)) if asked else ()
        effects = Effects(movements_between(course_id, before, after), lowered)
        is_allowed = may_publish(effects=effects, course_id=course_id, editor=editor)
        refuse_untried(to_try)
        is_accepted = is_allowed and accept(effects)
        if is_accepted and lowered:
            record_lowered(lowered=lowered, slug=text.course.slug, editor=editor, now=now)
        transaction.set_rollback(not is_accepted)
    return Load(changes, effects, is_accepted)


def _write_folder(text: FolderText, folder: str, writer: Writer, now: datetime) -> tuple[tuple[Change, ...], int, bool]:
    assert text.course is not None
    known = course_id_of(text.course.slug)
    if known is not None:
        lock_course(course_id=known)  # else another load may change the closings after they were read
    closings = closing_times(known)
    course = write_course(text=text.course, digest=text.digest, folder=folder, writer=writer, now=now)
    written = write_assessments(
        course_id=course.course_id, modules=course.modules, texts=text.assessments, writer=writer, now=now
    )
    if closing_times(course.course_id) != closings:
        follow_closings(course_id=course.course_id, now=now)
    labs = write_labs(course_id=course.course_id, modules=course.modules, texts=text.labs, writer=writer, now=now)
    is_policy_new = course.counts_otherwise
    if any(change.kind == "course" and change.action in WRITING for change in course.changes):
        is_policy_new |= write_policy(course_id=course.course_id, categories=text.course.categories)
    are_items_new = write_items(course_id=course.course_id, items=_grade_items(course.course_id))
    stale = _to_rescore(written, is_all=is_policy_new or are_items_new)
    is_graded_otherwise = bool(stale) or is_policy_new or are_items_new
    if is_graded_otherwise:
        _rescore(course.course_id, stale, are_labs_stale=is_policy_new or are_items_new, now=now)
    publish_search(course_id=course.course_id, labs=findable_labs(course.course_id))
    return (*course.changes, *written.changes, *labs), course.course_id, is_graded_otherwise


def _rescore(course_id: int, assessment_ids: frozenset[str], *, are_labs_stale: bool, now: datetime) -> None:
    """Write the scores that a load moves, then give the certificates that follow from all of them."""
    lock_learners(course_id=course_id)
    action = GradeAction(Cause.COURSE_LOAD, now, decides=False)
    rescore_assessments(course_id=course_id, assessment_ids=assessment_ids, action=action)
    if are_labs_stale:
        rescore_labs(course_id=course_id, action=action)
    decided = GradeAction(Cause.COURSE_LOAD, now)
    decide_certificates(course_id=course_id, learner_ids=learners_graded(course_id), action=decided)


def refresh_searches() -> int:
    """Make every course's search index current, and return how many were not.

    A load does this for its course. After an upgrade, no course may have an index yet, or the index of another version.
    """
    return sum(publish_search(course_id=each, labs=findable_labs(each)) for each in course_ids())


def _to_rescore(written: WrittenAssessments, *, is_all: bool) -> frozenset[str]:
    """Return the assessments to rescore: all of them after a change of the policy or of a column, which concerns any score."""
    return frozenset(written.ids.values()) if is_all else written.regraded


def _grade_items(course_id: int) -> list[ItemText]:
    """Return assessments, then labs. The policy's categories decide which are graded."""
    assessments = [
        ItemText(
            activity=activity.id,
            url_name=ASSESSMENT_PAGE,
            kind=activity.kind,
            title=activity.title,
            winnable=activity.worth.winnable,
            credited=activity.worth.credited,
            position=activity.position,
            key=activity.key,
            late=activity.late,
        )
        for activity in activities_of(course_id)
    ]
    labs = [
        ItemText(
            activity=lab.id,
            url_name=LAB_PAGE,
            kind="lab",
            title=lab.title,
            winnable=lab.winnable,
            position=len(assessments) + lab.position,
            key=lab.key,
            late=lab.late,
        )
        for lab in lab_activities(course_id)
    ]
    return assessments + labs


def export_course(*, course_id: int) -> dict[str, bytes]:
    """Return the folder that, if loaded, would change nothing. Edits made on the site are included."""
    texts = assessment_files(course_id, module_folders(course_id))
    return other_files(course_id) | text_files(course_id) | {path: text.encode() for path, text in texts.items()}


def editable_texts(*, course_id: int) -> dict[str, str]:
    """Return the course's texts that can be edited on the site, by path: also those of labs, figures and data."""
    files = {
        path: content for path, content in other_files(course_id).items() if is_editable(path, content)
    } | text_files(course_id)
    texts = {path: content.decode() for path, content in files.items()}
    return texts | assessment_files(course_id, module_folders(course_id))


def is_editable(path: str, content: bytes) -> bool:
    """Return whether a file is a text that somebody can edit in a browser."""
    if not path.endswith(TEXTS) or is_output(path) or len(content) > LARGEST_TEXT or b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def preview_text(*, course_id: int, path: str, text: str) -> SingleText:
    """Return the result of a text, with its own mistakes. Writes nothing."""
    files = export_course(course_id=course_id) | {path: text.encode()}
    return read_single(files, ADDRESSES, path)


def check_texts(*, course_id: int, edits: Mapping[str, str]) -> FolderText:
    """Return the whole course with these texts, with all mistakes and advice. Writes nothing."""
    return read_folder(export_course(course_id=course_id) | {path: text.encode() for path, text in edits.items()})


def read_edit(*, course_id: int, files: Replacements, based_on: Mapping[str, str]) -> CourseEdit:
    """Return what these files make of the course. Reading a whole course takes seconds, so do it before a transaction.

    `based_on` is, by path, the text from which each file was made, "" for none. Raises Refusal settings_stale if the
    course has another text by now.
    """
    exported = export_course(course_id=course_id)
    if any(exported.get(path, b"") != text.encode() for path, text in based_on.items()):
        raise Refusal("settings_stale")
    written = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    merged = {path: content for path, content in (exported | written).items() if content is not None}
    return CourseEdit(course_id, files, exported, _read_for_slug(slug_in(exported), merged))


def _read_for_slug(slug: str, files: Mapping[str, bytes]) -> FolderText:
    """Return the course that these files make. Another slug is a mistake, because it belongs to another course."""
    text = read_folder(files)
    if text.course is None or text.course.slug == slug:
        return text
    line = read_document(files[HEAD].decode()).line(("slug",))
    mistake = Mistake(HEAD, line, f"the slug of a course cannot change. Write “{slug}”.", ("slug",))
    return replace(text, mistakes=(mistake, *text.mistakes))


def write_edit(
    *, edit: CourseEdit, editor: "User", accept: Accept, now: datetime, record: Record = lambda _: None
) -> Load | tuple[Mistake, ...]:
    """Replace files of a course, or return their mistakes. What differs is marked as edited.

    From then on, loads skip the folder's text of these objects until it is exported, or overwritten. What `record`
    writes about the load is stored with it, or neither is. Programs that judge and were not tried are brought to their
    trial instead. Raises Refusal settings_stale if anything was published since the edit was read, course_archived,
    needs_instructor, lab_untried, lab_trial_failed, lab_runner_missing, tryout_running.
    """
    if edit.text.mistakes:
        return edit.text.mistakes
    try:
        return _write_checked(edit, editor, accept, now, record)
    except Refusal as refusal:
        if refusal.code != "lab_untried":
            raise
    raise bring_to_trial(text=edit.text, editor=editor, now=now)


def _write_checked(edit: CourseEdit, editor: "User", accept: Accept, now: datetime, record: Record) -> Load:
    settle_grades(now=now, course_id=edit.course_id)  # takes learners' locks, so it comes before the course's
    with transaction.atomic():
        lock_course(course_id=edit.course_id)
        if export_course(course_id=edit.course_id) != edit.exported:
            raise Refusal("settings_stale")
        before = editable_texts(course_id=edit.course_id)
        writer = Writer(edited_at=now, edited_by_id=editor.pk)
        done = load_course(text=edit.text, folder="", writer=writer, accept=accept, now=now, editor=editor)
        texts = {path: after or "" for path, after in edit.files.items() if not isinstance(after, bytes)}
        changed = [(path, before.get(path, ""), after) for path, after in texts.items() if after != before.get(path)]
        for path, was, after in changed if done.is_written else ():
            keep_text_version(
                course_id=edit.course_id, path=path, before=was, after=after, author_id=editor.pk, now=now
            )
        if done.is_written:
            record(done)
    return done


def edit_course(
    *,
    course_id: int,
    edits: Replacements,
    editor: "User",
    accept: Accept,
    now: datetime,
    based_on: Mapping[str, str] | None = None,
    record: Record = lambda _: None,
) -> Load | tuple[Mistake, ...]:
    """Read an edit and write it, as `read_edit` and `write_edit` do. Call it outside a transaction."""
    edit = read_edit(course_id=course_id, files=edits, based_on=based_on or {})
    return write_edit(edit=edit, editor=editor, accept=accept, now=now, record=record)
