"""Addresses of the weekly goal; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.goals import api, pages

learner_pages = [
    path("courses/<slug:slug>/goal/", pages.goal, name="goal"),
]
calls = [
    path("courses/<slug:slug>/goal/", api.OwnGoal.as_view(), name="api-goal"),
]
