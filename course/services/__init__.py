from course.services.accommodations import set_accommodation
from course.services.audit import record_audit
from course.services.content import WrittenCourse, changes_of, lock_learners, plan_rows, settle_row, write_course
from course.services.enrollment import enroll, lock_enrollment, rename, unenroll
from course.services.idempotency import Stored, answer_once, forget_answers
from course.services.instructors import appoint_instructor, dismiss_instructor
from course.services.people import change_person, choose_theme, ensure_account, erase_person
from course.services.reading import mark_lesson_done, open_lesson
from course.services.tokens import create_token, remove_expired_tokens, revoke_token
from course.services.versions import keep_text_version, text_digest

__all__ = [
    "Stored",
    "WrittenCourse",
    "answer_once",
    "appoint_instructor",
    "change_person",
    "changes_of",
    "choose_theme",
    "create_token",
    "dismiss_instructor",
    "enroll",
    "ensure_account",
    "erase_person",
    "forget_answers",
    "keep_text_version",
    "lock_enrollment",
    "lock_learners",
    "mark_lesson_done",
    "open_lesson",
    "plan_rows",
    "record_audit",
    "remove_expired_tokens",
    "rename",
    "revoke_token",
    "set_accommodation",
    "settle_row",
    "text_digest",
    "unenroll",
    "write_course",
]
