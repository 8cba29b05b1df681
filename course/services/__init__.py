from course.services.accommodations import remove_note, set_accommodation
from course.services.announcements import (
    LONGEST_ANNOUNCEMENT,
    announcement_html,
    correct_announcement,
    group_named,
    note_announcements_read,
    refuse_unread,
    withdraw_announcement,
    write_announcement,
)
from course.services.calendars import remove_calendar, renew_calendar
from course.services.content import (
    DATE_FIELDS,
    WrittenCourse,
    changes_of,
    lock_course,
    lock_learners,
    plan_rows,
    rendered_otherwise,
    settle_row,
    write_course,
)
from course.services.copying import copies_made, copy_learners
from course.services.course_copies import prepare_copied_course
from course.services.date_extensions import extend_dates, remove_extension_note
from course.services.enrollment import enroll, lock_enrollment, rename, unenroll
from course.services.erasing import (
    begin_erasure,
    erase_person,
    erasures_due,
    keep_account,
    record_kept,
    refuse_last_admin,
    request_erasure,
    schedule_unused_accounts,
)
from course.services.exports import (
    PART,
    claim_export,
    finish_export,
    forget_exports,
    move_export,
    request_export,
    waiting_exports,
)
from course.services.goals import pass_reminder, remove_study_goal, set_study_goal
from course.services.inviting import (
    accept_invitation,
    forget_invitations,
    resend_invitation,
    withdraw_invitation,
)
from course.services.joining import create_invitation, renew_join_code, revoke_invitation, set_joining
from course.services.membership import remove_learner, restore_learner, set_groups
from course.services.people import change_person, choose_theme, ensure_account
from course.services.reading import keep_place, mark_lesson_done, open_lesson
from course.services.roles import appoint_staff, dismiss_staff
from course.services.roster import Listed, RosterPlan, apply_roster, plan_roster, without_password
from course.services.searching import publish_search
from course.services.study_notes import delete_study_note, save_study_note
from course.services.text_drafts import begin_text_draft, discard_text_draft, save_text_draft
from course.services.versions import keep_text_version, text_digest
from course.services.visibility import write_archived, write_visibility

__all__ = [
    "DATE_FIELDS",
    "LONGEST_ANNOUNCEMENT",
    "PART",
    "Listed",
    "RosterPlan",
    "WrittenCourse",
    "accept_invitation",
    "announcement_html",
    "apply_roster",
    "appoint_staff",
    "begin_erasure",
    "begin_text_draft",
    "change_person",
    "changes_of",
    "choose_theme",
    "claim_export",
    "copies_made",
    "copy_learners",
    "correct_announcement",
    "create_invitation",
    "delete_study_note",
    "discard_text_draft",
    "dismiss_staff",
    "enroll",
    "ensure_account",
    "erase_person",
    "erasures_due",
    "extend_dates",
    "finish_export",
    "forget_exports",
    "forget_invitations",
    "group_named",
    "keep_account",
    "keep_place",
    "keep_text_version",
    "lock_course",
    "lock_enrollment",
    "lock_learners",
    "mark_lesson_done",
    "move_export",
    "note_announcements_read",
    "open_lesson",
    "pass_reminder",
    "plan_roster",
    "plan_rows",
    "prepare_copied_course",
    "publish_search",
    "record_kept",
    "refuse_last_admin",
    "refuse_unread",
    "remove_calendar",
    "remove_extension_note",
    "remove_learner",
    "remove_note",
    "remove_study_goal",
    "rename",
    "rendered_otherwise",
    "renew_calendar",
    "renew_join_code",
    "request_erasure",
    "request_export",
    "resend_invitation",
    "restore_learner",
    "revoke_invitation",
    "save_study_note",
    "save_text_draft",
    "schedule_unused_accounts",
    "set_accommodation",
    "set_groups",
    "set_joining",
    "set_study_goal",
    "settle_row",
    "text_digest",
    "unenroll",
    "waiting_exports",
    "withdraw_announcement",
    "withdraw_invitation",
    "without_password",
    "write_announcement",
    "write_archived",
    "write_course",
    "write_visibility",
]
