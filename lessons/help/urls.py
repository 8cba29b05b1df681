"""Addresses of "Ask about this"; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from lessons.help import api, pages, workplace

learner_pages = [
    path("courses/<slug:slug>/help/", pages.my_help, name="my_help"),
    path("lessons/<str:lesson_id>/help/", pages.lesson_help, name="lesson_help"),
    path("labs/<str:lab_id>/help/", pages.lab_help, name="lab_help"),
]
workplace_pages = [
    path("help/", workplace.help_requests, name="help_requests"),
    path("help/<record:request_id>/", workplace.help_request, name="help_request"),
]
calls = [
    path("courses/<slug:slug>/help/", api.OwnHelp.as_view(), name="api-help"),
    path("courses/<slug:slug>/help-requests/", api.HelpRequests.as_view(), name="api-help-requests"),
    path("courses/<slug:slug>/help-requests/<str:request_id>/reply/", api.HelpReply.as_view(), name="api-help-reply"),
    path("lessons/<str:lesson_id>/help/", api.LessonHelp.as_view(), name="api-lesson-help"),
    path("labs/<str:lab_id>/help/", api.LabHelp.as_view(), name="api-lab-help"),
]
