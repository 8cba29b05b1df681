"""Addresses of practice; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from practice import api, pages

learner_pages = [
    path("courses/<slug:slug>/practice/", pages.practice_page, name="practice_page"),
    path("courses/<slug:slug>/practice-now/", pages.practice_now, name="practice_now"),
    path("courses/<slug:slug>/practice-reminder/", pages.practice_reminder, name="practice_reminder"),
]
calls = [
    path("courses/<slug:slug>/practice/", api.OwnPractice.as_view(), name="api-practice-day"),
]
