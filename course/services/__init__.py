from course.services.content import (
    DATE_FIELDS,
    WrittenCourse,
    changes_of,
    lock_course,
    plan_rows,
    rendered_otherwise,
    settle_row,
    write_course,
)
from course.services.text_drafts import begin_text_draft, discard_text_draft, save_text_draft
from course.services.versions import keep_text_version, text_digest
from course.services.visibility import write_archived, write_visibility

__all__ = [
    "DATE_FIELDS",
    "WrittenCourse",
    "begin_text_draft",
    "changes_of",
    "discard_text_draft",
    "keep_text_version",
    "lock_course",
    "plan_rows",
    "rendered_otherwise",
    "save_text_draft",
    "settle_row",
    "text_digest",
    "write_archived",
    "write_course",
    "write_visibility",
]
