"""Make a new course from a folder that somebody uploads: first what it contains, then the course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.selectors import may_create_courses
from authoring.folder import FolderText, Mistake, read_document, rename_course
from authoring.refusals import Refusal
from authoring.services.archives import HEAD, unpack_folder
from authoring.services.course_copies import publish_new_course
from authoring.services.course_folder import read_folder
from course.selectors import course_id_of
from labs.judging import passed_among
from people.services import prepare_new_course

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

UPLOAD = "an uploaded folder"  # what the audit says that the course began with


@dataclass(frozen=True)
class UploadedSection:
    """What an uploaded folder has in one section."""

    title: str
    lessons: tuple[str, ...]
    labs: int
    review_questions: int
    exam_questions: int


@dataclass(frozen=True)
class UploadPlan:
    """The course that an uploaded folder makes. It can be created only without `mistakes`, at an address that is not taken.

    `untried` are the titles of labs whose tests have not passed their trials on this site. `size` is in bytes.
    """

    text: FolderText
    slug: str
    title: str
    files: int
    size: int
    is_taken: bool
    untried: tuple[str, ...]

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        return self.text.mistakes

    @property
    def digest(self) -> str:
        """Return what to pass to `create_uploaded_course`, so that it makes what was shown."""
        return self.text.digest

    @property
    def lessons(self) -> int:
        return sum(len(section.lessons) for section in self.sections)

    @property
    def labs(self) -> int:
        return len(self.text.labs)

    @property
    def questions(self) -> int:
        return sum(len(quiz.questions) for quiz in self.text.assessments)

    @property
    def sections(self) -> list[UploadedSection]:
        course, quizzes = self.text.course, self.text.assessments
        return [
            UploadedSection(
                module.title,
                tuple(lesson.title for lesson in module.lessons),
                sum(lab.module_key == module.key for lab in self.text.labs),
                sum(len(quiz.questions) for quiz in quizzes if (quiz.module_key, quiz.kind) == (module.key, "review")),
                sum(len(quiz.questions) for quiz in quizzes if (quiz.module_key, quiz.kind) == (module.key, "exam")),
            )
            for module in (course.modules if course else ())
        ]


def plan_uploaded_course(*, packed: bytes, slug: str = "", title: str = "", author: "User") -> UploadPlan:
    """Return what the course of a packed folder contains, under its own address and title or these. Writes nothing.

    Raises Refusal not_permitted, copy_unfit, and those of `unpack_folder`.
    """
    if not may_create_courses(author):
        raise Refusal("not_permitted")
    files = unpack_folder(packed)
    if slug or title:
        files[HEAD] = renamed_head(files[HEAD], slug, title)
    text = read_folder(files)
    course = text.course
    if course is not None and (course.slug, course.title) != (slug or course.slug, title or course.title):
        raise Refusal("copy_unfit")
    tried = {lab.tried: lab.title for lab in text.labs if lab.tests}
    passed = passed_among(set(tried)) if tried else set()
    return UploadPlan(
        text=text,
        slug=course.slug if course else slug,
        title=course.title if course else title,
        files=len(files),
        size=sum(map(len, files.values())),
        is_taken=course is not None and course_id_of(course.slug) is not None,
        untried=tuple(lab for digest, lab in tried.items() if digest not in passed),
    )


def renamed_head(head: bytes, slug: str, title: str) -> bytes:
    """Return course.yaml with another slug or title, or as it is if it cannot be read: its mistakes then say why."""
    try:
        text = head.decode()
    except UnicodeDecodeError:
        return head
    data = read_document(text).data
    if not isinstance(data, Mapping):
        return head
    names = {"slug": slug or data.get("slug"), "title": title or data.get("title")}
    return rename_course(text, **{name: str(value or "") for name, value in names.items()}).encode()


def create_uploaded_course(*, plan: UploadPlan, expected: str, author: "User", now: datetime) -> "Course":
    """Create the hidden course of a plan without mistakes, whose digest the author has seen. The author is its instructor.

    Raises Refusal upload_changed, course_exists, and ValueError for a plan with mistakes.
    """
    if plan.mistakes:
        raise ValueError("a plan with mistakes cannot be carried out")
    if plan.digest != expected:
        raise Refusal("upload_changed")
    if plan.is_taken:
        raise Refusal("course_exists", slug=plan.slug)
    with transaction.atomic():
        course = publish_new_course(text=plan.text, slug=plan.slug, now=now)
        return prepare_new_course(course=course, sample=UPLOAD, author=author, now=now)
