from django.urls import path, re_path

from portal.api import docs, published
from portal.api.endpoints import (
    account,
    announcements,
    courses,
    goals,
    joining,
    lessons,
    rights,
    statements,
    unknown,
)

calls = [
    # The most frequent calls come first, because a path is compared with one pattern after the other.
    path("lessons/<str:lesson_id>/", lessons.OneLesson.as_view(), name="api-lesson"),
    path("lessons/<str:lesson_id>/place/", lessons.LastSection.as_view(), name="api-lesson-place"),
    path("lessons/<str:lesson_id>/done/", lessons.Done.as_view(), name="api-lesson-done"),
    # The rest, by subject
    path("docs/", docs.docs, name="api-docs"),
    path("schema/", published.schema, name="api-schema"),
    path("tokens/", account.OwnTokens.as_view(), name="api-tokens"),
    path("tokens/<str:token_id>/", account.OneToken.as_view(), name="api-token"),
    path("me/", account.OwnAccount.as_view(), name="api-me"),
    path("me/export/", rights.OwnExport.as_view(), name="api-export"),
    path("me/export/data.zip", rights.OwnArchive.as_view(), name="api-archive-of-data"),
    path("me/deletion/", rights.OwnDeletion.as_view(), name="api-deletion"),
    path("me/calendar/", account.OwnCalendar.as_view(), name="api-calendar"),
    path("me/mail/", announcements.OwnMail.as_view(), name="api-mail"),
    path("courses/", courses.Courses.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", courses.OneCourse.as_view(), name="api-course"),
    path("courses/<slug:slug>/enrollment/", courses.OwnEnrollment.as_view(), name="api-enrollment"),
    path("courses/<slug:slug>/progress/", courses.OwnProgress.as_view(), name="api-progress"),
    path("courses/<slug:slug>/statement/", statements.OwnStatement.as_view(), name="api-statement"),
    path("statements/keys/", statements.StatementKeyList.as_view(), name="api-statement-keys"),
    path("courses/<slug:slug>/announcements/", announcements.OwnAnnouncements.as_view(), name="api-announcements"),
    path(
        "courses/<slug:slug>/announcements/posted/",
        announcements.PostedAnnouncements.as_view(),
        name="api-posted-announcements",
    ),
    path(
        "courses/<slug:slug>/announcements/<str:announcement_id>/",
        announcements.OneAnnouncement.as_view(),
        name="api-announcement",
    ),
    path(
        "courses/<slug:slug>/announcements/<str:announcement_id>/withdraw/",
        announcements.WithdrawnAnnouncement.as_view(),
        name="api-announcement-withdraw",
    ),
    path("courses/<slug:slug>/visibility/", joining.Visibility.as_view(), name="api-visibility"),
    path("courses/<slug:slug>/archive/", joining.Archive.as_view(), name="api-archive"),
    path("courses/<slug:slug>/joining/", joining.Joining.as_view(), name="api-joining"),
    path("courses/<slug:slug>/joining/code/", joining.JoinCode.as_view(), name="api-join-code"),
    path("courses/<slug:slug>/invitations/", joining.Invitations.as_view(), name="api-invitations"),
    path(
        "courses/<slug:slug>/invitations/<str:invitation_id>/revoke/",
        joining.RevokedInvitation.as_view(),
        name="api-invitation-revoke",
    ),
    path("courses/<slug:slug>/goal/", goals.OwnGoal.as_view(), name="api-goal"),
]
# Any other address; it comes after those of every room.
last = [
    re_path("", unknown.UnknownAddress.as_view(), name="api-unknown"),
]
