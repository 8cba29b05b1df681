from course.services.audit import record_audit
from course.services.enrollment import enroll, lock_enrollment, rename, unenroll
from course.services.idempotency import Stored, answer_once
from course.services.people import erase_person
from course.services.reading import mark_lesson_done, open_lesson

__all__ = [
    "Stored",
    "answer_once",
    "enroll",
    "erase_person",
    "lock_enrollment",
    "mark_lesson_done",
    "open_lesson",
    "record_audit",
    "rename",
    "unenroll",
]
