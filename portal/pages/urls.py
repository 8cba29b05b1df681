from django.urls import path

from people import errors
from portal.pages.views import (
    accounts,
    calendars,
    course_files,
    home,
    labs,
    lessons,
    offline,
    outline,
    palette,
    progress,
)

learner_pages = [
    # The most frequent requests come first, because a path is compared with one pattern after the other.
    path("lessons/<str:lesson_id>/", lessons.lesson, name="lesson"),
    path("lessons/<str:lesson_id>/place/", lessons.lesson_place, name="lesson_place"),
    path("lessons/<str:lesson_id>/done/", lessons.lesson_done, name="lesson_done"),
    path("", home.home, name="home"),
    path("courses/<slug:slug>/", outline.outline, name="course"),
    path("courses/<slug:slug>/progress/", progress.progress, name="progress"),
    path("labs/<str:lab_id>/", labs.lab, name="lab"),
    # The rest, by subject
    path("about/", home.about, name="about"),
    path("search/palette/", palette.palette, name="palette"),
    path("keyboard/", home.shortcuts, name="shortcuts"),
    path("courses/<slug:slug>/<str:kind>/<slug:key>/", course_files.course_page, name="course_page"),
    path("courses/<slug:slug>/files/<str:digest>/<path:path>", course_files.course_file, name="course_file"),
    path("labs/<str:lab_id>/draft/", labs.lab_draft, name="lab_draft"),
    path("settings/", accounts.settings, name="settings"),
    path("settings/calendar/renew/", calendars.new_calendar_address, name="renew_calendar"),
    path("settings/calendar/remove/", calendars.no_calendar_address, name="remove_calendar"),
    path("calendar/<str:token>.ics", calendars.calendar, name="calendar"),
    path("offline/", errors.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("service-worker.js", offline.service_worker, name="service_worker"),
]
