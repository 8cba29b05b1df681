"""Addresses of announcements; config.urls puts each list where it belongs."""

from announcements import api, pages, workplace
from foundation.frame.addresses import path

learner_pages = [
    path("courses/<slug:slug>/announcements/", pages.announcements, name="announcements"),
]
workplace_pages = [
    path("announcements/", workplace.announcing, name="announcing"),
    path("announcements/<record:announcement_id>/", workplace.announcement_page, name="announcement_page"),
]
calls = [
    path("courses/<slug:slug>/announcements/", api.OwnAnnouncements.as_view(), name="api-announcements"),
    path(
        "courses/<slug:slug>/announcements/posted/",
        api.PostedAnnouncements.as_view(),
        name="api-posted-announcements",
    ),
    path(
        "courses/<slug:slug>/announcements/<str:announcement_id>/",
        api.OneAnnouncement.as_view(),
        name="api-announcement",
    ),
    path(
        "courses/<slug:slug>/announcements/<str:announcement_id>/withdraw/",
        api.WithdrawnAnnouncement.as_view(),
        name="api-announcement-withdraw",
    ),
]
