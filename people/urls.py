"""Addresses of the people of a course; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from people.api import members, staff
from people.pages import enrolling, invited, joining, listed
from people.workplace import instructors, inviting, roster

learner_pages = [
    path("join/<str:token>/", joining.join, name="join"),
    path("invited/<str:token>/", invited.invited, name="invited"),
    path("listed/<str:token>/", listed.listed_address, name="listed_address"),
    path("courses/<slug:slug>/enroll/", enrolling.self_enroll, name="enroll"),
    path("courses/<slug:slug>/unenroll/", enrolling.self_unenroll, name="unenroll"),
]
workplace_pages = [
    path("class/", roster.roster, name="roster"),
    path("class/list/", roster.class_list, name="class_list"),
    path("learners/<record:learner_id>/class/", roster.membership, name="membership"),
    path("class/invitations/", inviting.inviting, name="inviting"),
    path("instructors/", instructors.instructors, name="instructors"),
]
calls = [
    path("me/", members.OwnAccount.as_view(), name="api-me"),
    path(
        "courses/<slug:slug>/personal-invitations/",
        members.PersonalInvitations.as_view(),
        name="api-personal-invitations",
    ),
    path(
        "courses/<slug:slug>/personal-invitations/<str:personal_invitation_id>/resend/",
        members.ResentInvitation.as_view(),
        name="api-invitation-resend",
    ),
    path(
        "courses/<slug:slug>/personal-invitations/<str:personal_invitation_id>/withdraw/",
        members.WithdrawnInvitation.as_view(),
        name="api-invitation-withdraw",
    ),
    path("courses/<slug:slug>/class-list/", members.ClassList.as_view(), name="api-class-list"),
    path(
        "courses/<slug:slug>/learners/<str:learner_id>/groups/",
        members.LearnerGroups.as_view(),
        name="api-learner-groups",
    ),
    path(
        "courses/<slug:slug>/learners/<str:learner_id>/student-number/",
        members.StudentNumber.as_view(),
        name="api-student-number",
    ),
    path("courses/<slug:slug>/learners/<str:learner_id>/removal/", members.Removal.as_view(), name="api-removal"),
    path(
        "courses/<slug:slug>/learners/<str:learner_id>/restoration/",
        members.Restoration.as_view(),
        name="api-restoration",
    ),
    path("courses/<slug:slug>/staff/", staff.StaffMembers.as_view(), name="api-staff"),
    path("courses/<slug:slug>/staff/<str:staff_id>/limit/", staff.StaffLimit.as_view(), name="api-staff-limit"),
    path("courses/<slug:slug>/staff/<str:staff_id>/dismissal/", staff.Dismissal.as_view(), name="api-dismissal"),
    path("courses/<slug:slug>/learners/", members.ClassMembers.as_view(), name="api-class"),
]
