"""Make a new course on the site: one without content, or from a sample that comes with the product."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accounts.selectors import may_create_courses
from authoring.folder import read_document, read_files, rename_course
from authoring.refusals import Refusal
from authoring.services.course_copies import HEAD, publish_new_course
from authoring.services.course_folder import read_folder
from course.selectors import course_id_of
from people.services import prepare_new_course

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

SUMMARY_TO_WRITE = "Say here in one or two sentences what learners will learn."
EMPTY = """slug: new-course
title: New course
language: en
summary: {summary}
timezone: {zone}
attempts: {{true_false: 1, default: 2}}
pass_percent: 60
enrollment: invitation  # with “open”, anyone could read the exam's questions with a second account
categories:
  - {{id: review, title: Review questions, weight: 50, pass_percent: 60, of: review}}
  - {{id: exam, title: Final exam, weight: 50, pass_percent: 60, of: exam}}
show:
  review: {{verdict: attempt, key: final}}
  exam: {{verdict: attempt, key: release}}  # so that nobody can tell the keys to those who sit the exam later
"""


@dataclass(frozen=True)
class CourseSample:
    """A course folder that comes with the product to copy from; `name` is that of the folder."""

    name: str
    title: str
    summary: str


def course_samples() -> list[CourseSample]:
    """Return the samples by name."""
    heads = sorted((settings.CONTENT / "samples").glob(f"*/{HEAD}"))
    texts = [(head.parent.name, read_document(head.read_text(encoding="utf-8")).data) for head in heads]
    return [CourseSample(name, str(text["title"]), str(text["summary"])) for name, text in texts]


def create_course(*, slug: str, title: str, sample: str, zone: str, author: "User", now: datetime) -> "Course":
    """Create a hidden course whose instructor is the author: that of a sample or, with "", one without content.

    A course without content has this time zone. Raises Refusal not_permitted, not_found, course_exists, copy_unfit.
    """
    if not may_create_courses(author):
        raise Refusal("not_permitted")
    if course_id_of(slug) is not None:
        raise Refusal("course_exists", slug=slug)
    files = files_of(sample) if sample else {HEAD: EMPTY.format(zone=zone, summary=SUMMARY_TO_WRITE).encode()}
    files[HEAD] = rename_course(files[HEAD].decode(), slug=slug, title=title).encode()
    text = read_folder(files)
    if text.mistakes or text.course is None or (text.course.slug, text.course.title) != (slug, title):
        raise Refusal("copy_unfit")
    with transaction.atomic():  # only now, because reading a folder takes seconds
        course = publish_new_course(text=text, slug=slug, now=now)
        return prepare_new_course(course=course, sample=sample, author=author, now=now)


def files_of(sample: str) -> dict[str, bytes]:
    """Return the files of a sample. Raises Refusal not_found."""
    if sample not in {known.name for known in course_samples()}:
        raise Refusal("not_found")
    return read_files(settings.CONTENT / "samples" / sample)
