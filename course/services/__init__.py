from course.services.audit import record_audit
from course.services.content import WrittenCourse, changes_of, plan_rows, settle_row, write_course
from course.services.enrollment import enroll, lock_enrollment, rename, unenroll
from course.services.idempotency import Stored, answer_once
from course.services.people import erase_person
from course.services.reading import mark_lesson_done, open_lesson

__all__ = [
    "Stored",
    "WrittenCourse",
    "answer_once",
    "changes_of",
    "enroll",
    "erase_person",
    "lock_enrollment",
    "mark_lesson_done",
    "open_lesson",
    "plan_rows",
    "record_audit",
    "rename",
    "settle_row",
    "unenroll",
    "write_course",
]
