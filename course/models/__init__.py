from course.models.content import Course, CourseFile, Lesson, Module, Revision
from course.models.drafts import TextDraft
from course.models.versions import TextVersion
from foundation.models import IdempotencyKey  # its table belongs to this app

__all__ = [
    "Course",
    "CourseFile",
    "IdempotencyKey",
    "Lesson",
    "Module",
    "Revision",
    "TextDraft",
    "TextVersion",
]
