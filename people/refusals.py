"""What the people of a course and their enrollments decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from course.refusals import Refusal
from foundation.refusals import declare

__all__ = ["Refusal"]

declare(
    400,
    {
        "unknown_account": "No account that can sign in has this username. Nothing was changed. Check the spelling.",
        "no_instructor": "This account has no role in the course. Nothing was changed. Choose an account from the "
        "list.",
        "role_unknown": "There is no such role. Nothing was changed. Choose one of these roles: {known}.",
        "limit_unfit": "Only assistants and observers can be limited, to at least one group. Nothing was changed. Choose "
        "another role or other groups.",
        "limit_contradictory": "You chose groups and also the whole class. Nothing was changed. Choose the groups, or the whole "
        "class.",
        "limit_unstated": "This role is limited to groups now ({groups}), and you chose neither groups nor the whole class. "
        "Nothing was changed. Choose the groups that the person sees, or the whole class.",
        "limit_group_unknown": "The course has no group “{name}”. Nothing was changed. Choose groups from the list.",
        "multiplier_invalid": "A time multiplier must be between 1 and 10, such as 1.25. Nothing was changed. Correct "
        "the multiplier.",
        "group_unfit": "A group needs a name of at most {most} characters without “|”. Nothing was changed. Correct the "
        "name.",
        "student_number_unfit": "A student number has at most {most} characters, as the office of the university writes it. "
        "Nothing was changed. Correct the number.",
        "expiry_past": "A link cannot expire in the past. No link was created. Choose a later time.",
        "date_not_later": "A later date for one learner must be later than everyone’s and the group’s, and what never closes cannot "
        "close later. Nothing was changed. Choose a later date, or leave the field empty.",
        "dates_contradict": "The dates of {item} contradict each other: the {first} on {first_at}, set for {first_source}, must "
        "come before the {second} on {second_at}, set for {second_source}. Nothing was changed. Change one of the two "
        "dates.",
        "query_unknown": "This page’s address has the parameter “{name}”, which the page does not support. Supported "
        "parameters: {known}. Correct the address, or remove the parameter.",
        "query_unfit": "This page’s address has “{value}” for “{name}”, which is not a valid value. Valid values: "
        "{known}. Correct the address, or remove the parameter.",
    },
)
declare(
    403,
    {
        "removed_from_class": "An instructor removed you from this course, so you cannot enroll by yourself. Everything "
        "you did is kept. Ask the instructor to bring you back.",
        "not_enrolled": "Only enrolled learners can do this. Nothing was changed. Enroll in the course, which is free, "
        "and try again.",
        "invitation_for_another": "This invitation is for another email address, so you were not enrolled. Nothing was "
        "changed. Sign in with the account of that address, or add the address to yours in Settings.",
        "address_of_another": "This link confirms an address of another account. Nothing was changed. Sign in with the "
        "account that is on the class list, or add the address to yours in Settings.",
        "role_insufficient": "Your role in this course does not include this. Nothing was changed. Ask an instructor of the "
        "course to do it, or an administrator for another role.",
        "preview_only": "You are previewing the course as staff, so nothing was saved. To take the course, use an account "
        "that is enrolled as a learner.",
        "second_factor_needed": "Staff accounts need a second factor. Nothing was changed. Add a passkey or an "
        "authenticator app to your account first.",
    },
)
declare(
    409,
    {
        "invitation_revoked": "This invitation link was withdrawn, so you were not enrolled. Nothing was changed. Ask the "
        "course’s instructor for a new link.",
        "invitation_used_up": "This invitation link was used as often as it allows, so you were not enrolled. Nothing was "
        "changed. Ask the course’s instructor for a new link.",
        "course_archived": "This course is archived. Your work and certificate are kept.",
        "teaches_the_course": "You have a role in this course, so you cannot leave it here. Nothing was changed. Ask an "
        "administrator to remove you.",
        "takes_the_course": "This account has worked in the course as a learner, so it cannot get another role. Nothing "
        "was changed. Use another account of this person.",
        "last_instructor": "This is the course’s only instructor. Nothing was changed. Appoint another instructor first, "
        "or ask an administrator.",
        "nothing_to_undo": "There is nothing to undo here; someone may have undone it already. Nothing was changed. "
        "Reload to see the current state.",
        "student_number_taken": "Somebody else in this course has the student number {number}. Nothing was changed. Correct "
        "the number, or take it from the other person first.",
        "not_in_class": "This person has left the course already. Nothing was changed. Bring them back if they belong to "
        "the class.",
        "roster_stale": "The class has changed since you checked the list, or the list has mistakes. Nothing was changed. "
        "Check the list again.",
        "invitation_expired": "This invitation link has expired, so you were not enrolled. Nothing was changed. Ask the "
        "course’s instructor for a new link.",
        "invitation_accepted": "This invitation was accepted already. Nothing was changed.",
        "invitation_withdrawn": "This invitation was withdrawn. Nothing was changed. An instructor of the course can "
        "send another.",
        "invitation_just_mailed": "This invitation was mailed less than an hour ago. Nothing was sent. Wait an hour "
        "before you send it again.",
        "invitations_exhausted": "A course can mail {most} invitations in 24 hours, and this one has. Nothing was sent. "
        "Try again tomorrow, or give out an invitation link.",
        "no_mail_server": "This site has no mail server, so it cannot invite people by email. Nothing was changed. Give "
        "out an invitation link, or let the class list create accounts.",
        "invitation_unseen": "This course is hidden, so nobody could follow an invitation. Nothing was sent. Make the "
        "course private or listed first.",
        "too_many_invitations": "This course already has {most} invitation links that are not revoked. No link was "
        "created. Revoke links that you no longer need.",
        "name_fixed": "Your certificate has been issued, so its name can no longer change. If the name is wrong, ask an "
        "instructor.",
    },
)
