from django.urls import include, path, re_path

from portal.api import docs, published
from portal.api.endpoints import (
    account,
    assessments,
    certificates,
    correcting,
    courses,
    instructing,
    joining,
    lessons,
    regrades,
    sittings,
    unknown,
)

# Clients poll these, so they have an ETag: unchanged content is answered with 304 and no body.
urlpatterns = [
    path("docs/", docs.docs, name="api-docs"),
    path("schema/", published.schema, name="api-schema"),
    path("tokens/", account.OwnTokens.as_view(), name="api-tokens"),
    path("tokens/<str:token_id>/", account.OneToken.as_view(), name="api-token"),
    path("me/", account.OwnAccount.as_view(), name="api-me"),
    path("courses/", courses.Courses.as_view(), name="api-courses"),
    path("courses/<slug:slug>/", courses.OneCourse.as_view(), name="api-course"),
    path("courses/<slug:slug>/enrollment/", courses.OwnEnrollment.as_view(), name="api-enrollment"),
    path("courses/<slug:slug>/progress/", courses.OwnProgress.as_view(), name="api-progress"),
    path("courses/<slug:slug>/joining/", joining.Joining.as_view(), name="api-joining"),
    path("courses/<slug:slug>/joining/code/", joining.JoinCode.as_view(), name="api-join-code"),
    path("courses/<slug:slug>/invitations/", joining.Invitations.as_view(), name="api-invitations"),
    path(
        "courses/<slug:slug>/invitations/<str:invitation_id>/revoke/",
        joining.RevokedInvitation.as_view(),
        name="api-invitation-revoke",
    ),
    path("courses/<slug:slug>/gradebook/", instructing.Gradebook.as_view(), name="api-gradebook"),
    path("courses/<slug:slug>/learners/<str:learner_id>/", instructing.OneLearner.as_view(), name="api-learner"),
    path("courses/<slug:slug>/certificates/", instructing.Certificates.as_view(), name="api-certificates"),
    path("courses/<slug:slug>/accommodations/", correcting.Accommodations.as_view(), name="api-accommodations"),
    path("courses/<slug:slug>/extensions/", correcting.Extensions.as_view(), name="api-extensions"),
    path("courses/<slug:slug>/overrides/", correcting.Overrides.as_view(), name="api-overrides"),
    path("courses/<slug:slug>/overrides/undo/", correcting.UndoneOverrides.as_view(), name="api-override-undo"),
    path("courses/<slug:slug>/voids/", correcting.Voids.as_view(), name="api-voids"),
    path("courses/<slug:slug>/voids/undo/", correcting.UndoneVoids.as_view(), name="api-void-undo"),
    path("courses/<slug:slug>/regrades/", regrades.Regrades.as_view(), name="api-regrades"),
    path("courses/<slug:slug>/regrades/<str:regrade_id>/", regrades.OneRegrade.as_view(), name="api-regrade"),
    path(
        "courses/<slug:slug>/regrades/<str:regrade_id>/undo/", regrades.UndoneRegrade.as_view(), name="api-regrade-undo"
    ),
    path("lessons/<str:lesson_id>/", lessons.OneLesson.as_view(), name="api-lesson"),
    path("lessons/<str:lesson_id>/done/", lessons.Done.as_view(), name="api-lesson-done"),
    path("assessments/<str:assessment_id>/", assessments.OneAssessment.as_view(), name="api-assessment"),
    path("assessments/<str:assessment_id>/sitting/", sittings.Start.as_view(), name="api-start"),
    path("sittings/<str:sitting_id>/", sittings.OneSitting.as_view(), name="api-sitting"),
    path("sittings/<str:sitting_id>/submit/", sittings.Submit.as_view(), name="api-submit"),
    path("questions/<str:question_id>/draft/", assessments.SaveDraft.as_view(), name="api-draft"),
    path("questions/<str:question_id>/flag/", assessments.Flag.as_view(), name="api-flag"),
    path("questions/<str:question_id>/attempts/", assessments.Attempts.as_view(), name="api-attempts"),
    path("questions/<str:question_id>/reports/", assessments.Reports.as_view(), name="api-reports"),
    path("certificates/<str:code>/", certificates.OneCertificate.as_view(), name="api-certificate"),
    path("", include("portal.api.lab_urls")),
    re_path("", unknown.UnknownAddress.as_view(), name="api-unknown"),
]
