"""Copy a course to a new term: its texts, labs, questions, policy and dates, and nothing of its people."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from authoring.folder import FolderText, Mistake, ShiftedDate, rename_course, shift_texts
from authoring.refusals import Refusal
from authoring.services.course_edits import CourseEdit
from authoring.services.course_folder import editable_texts, export_course, read_folder
from authoring.services.publishing import publish
from course.rules.changes import Action
from course.selectors import course_by_slug, course_id_of
from people.services import prepare_copied_course

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

HEAD = "course.yaml"


@dataclass(frozen=True)
class CopyPlan:
    """What a copy will contain. `moved` are the dates, before and after; `mistakes` keep it from being made."""

    text: FolderText
    slug: str
    title: str
    moved: tuple[ShiftedDate, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def lessons(self) -> int:
        return sum(len(module.lessons) for module in self.text.course.modules) if self.text.course else 0

    @property
    def labs(self) -> int:
        return len(self.text.labs)

    @property
    def questions(self) -> int:
        return sum(len(assessment.questions) for assessment in self.text.assessments)


def plan_copy(*, course: "Course", slug: str, title: str, days: int) -> CopyPlan:
    """Return what a copy under a new slug and title contains, with every date moved by `days`. Writes nothing.

    Raises Refusal course_exists, copy_unfit.
    """
    if course_id_of(slug) is not None:
        raise Refusal("course_exists", slug=slug)
    texts = editable_texts(course_id=course.pk)
    texts[HEAD] = rename_course(texts[HEAD], slug=slug, title=title)
    edits, moved = shift_texts(texts, days)
    files = export_course(course_id=course.pk) | {path: written.encode() for path, written in (texts | edits).items()}
    text = read_folder(files)
    if text.course is not None and (text.course.slug, text.course.title) != (slug, title):
        raise Refusal("copy_unfit")
    return CopyPlan(text, slug, title, tuple(moved), tuple(sorted(text.mistakes)))


@transaction.atomic
def copy_course(*, plan: CopyPlan, source: "Course", author: "User | None", now: datetime) -> "Course":
    """Make the course that a plan without mistakes shows. It is hidden, and `author` is its instructor.

    Raises Refusal course_exists, and ValueError for a plan with mistakes.
    """
    if plan.mistakes:
        raise ValueError("a plan with mistakes cannot be carried out")
    if course_id_of(plan.slug) is not None:
        raise Refusal("course_exists", slug=plan.slug)
    course = publish_new_course(text=plan.text, slug=plan.slug, source_id=source.pk, now=now)
    return prepare_copied_course(course=course, source=source, author=author, now=now)


def publish_new_course(*, text: FolderText, slug: str, source_id: int | None = None, now: datetime) -> "Course":
    """Publish a course that is new on this site. Call it in a transaction, which undoes a load into another course.

    Raises Refusal course_exists.
    """
    try:
        done = publish(edit=CourseEdit(text, source_id=source_id), now=now)
    except IntegrityError as error:
        if course_id_of(slug) is not None:  # somebody else made it in the same moment
            raise Refusal("course_exists", slug=slug) from error
        raise
    if not any((change.kind, change.action) == ("course", Action.ADDED) for change in done.changes):
        raise Refusal("course_exists", slug=slug)  # somebody else made it before the load: the load is undone
    return course_by_slug(slug)
