from people.services.accommodations import remove_note, set_accommodation
from people.services.copying import copies_made, copy_learners
from people.services.course_copies import prepare_copied_course, prepare_new_course
from people.services.date_extensions import extend_dates, remove_extension_note
from people.services.enrollment import Learner, enroll, lock_enrollment, lock_learner, rename, unenroll
from people.services.group_dates import DatesToGive, give_group_dates, keep_group_dates
from people.services.group_previews import GradeMovedByGroup, register_group_previewer
from people.services.inviting import (
    accept_invitation,
    forget_invitations,
    invite_staff,
    resend_invitation,
    withdraw_invitation,
)
from people.services.joining import create_invitation, renew_join_code, revoke_invitation, set_joining
from people.services.listing import confirm_listed_address
from people.services.locks import lock_learners
from people.services.membership import lock_groups, register_group_follower, remove_learner, restore_learner, set_groups
from people.services.roles import appoint_staff, dismiss_staff, limit_staff, undo_role_change
from people.services.roster import Listed, RosterPlan, apply_roster, plan_roster, without_password
from people.services.student_numbers import set_student_number

__all__ = [
    "DatesToGive",
    "GradeMovedByGroup",
    "Learner",
    "Listed",
    "RosterPlan",
    "accept_invitation",
    "apply_roster",
    "appoint_staff",
    "confirm_listed_address",
    "copies_made",
    "copy_learners",
    "create_invitation",
    "dismiss_staff",
    "enroll",
    "extend_dates",
    "forget_invitations",
    "give_group_dates",
    "invite_staff",
    "keep_group_dates",
    "limit_staff",
    "lock_enrollment",
    "lock_groups",
    "lock_learner",
    "lock_learners",
    "plan_roster",
    "prepare_copied_course",
    "prepare_new_course",
    "register_group_follower",
    "register_group_previewer",
    "remove_extension_note",
    "remove_learner",
    "remove_note",
    "rename",
    "renew_join_code",
    "resend_invitation",
    "restore_learner",
    "revoke_invitation",
    "set_accommodation",
    "set_groups",
    "set_joining",
    "set_student_number",
    "undo_role_change",
    "unenroll",
    "withdraw_invitation",
    "without_password",
]
