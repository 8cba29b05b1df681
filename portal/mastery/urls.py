"""Addresses of objectives; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.mastery import api, pages, workplace

learner_pages = [
    path("courses/<slug:slug>/objectives/", pages.objectives, name="objectives"),
]
workplace_pages = [
    path("objectives/", workplace.class_objectives, name="class_objectives"),
]
calls = [
    path("courses/<slug:slug>/objectives/", api.OwnObjectives.as_view(), name="api-objectives"),
]
staff_calls = [
    path("courses/<slug:slug>/objectives/class/", api.ClassObjectives.as_view(), name="api-class-objectives"),
]
