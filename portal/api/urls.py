"""The addresses of calls that join subjects. A new call goes into `api` and `urls.py` of the room of its subject."""

from django.urls import path, re_path

from portal.api import docs, published
from portal.api.endpoints import (
    courses,
    joining,
    lessons,
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
    path("courses/", courses.Courses.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", courses.OneCourse.as_view(), name="api-course"),
    path("courses/<slug:slug>/enrollment/", courses.OwnEnrollment.as_view(), name="api-enrollment"),
    path("courses/<slug:slug>/progress/", courses.OwnProgress.as_view(), name="api-progress"),
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
]
# Any other address; it comes after those of every room.
last = [
    re_path("", unknown.UnknownAddress.as_view(), name="api-unknown"),
]
