from course.models.content import Course, CourseFile, Lesson, Module
from course.models.people import Accommodation, Enrollment, LessonVisit, User
from course.models.records import AuditEntry, IdempotencyKey
from course.models.tokens import ApiToken
from course.models.versions import TextVersion

__all__ = [
    "Accommodation",
    "ApiToken",
    "AuditEntry",
    "Course",
    "CourseFile",
    "Enrollment",
    "IdempotencyKey",
    "Lesson",
    "LessonVisit",
    "Module",
    "TextVersion",
    "User",
]
