"""Addresses of what learners are allowed; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.allowances import api
from portal.allowances.workplace import from_file, group_dates, learner_dates

calls = [
    path("courses/<slug:slug>/date-extensions/", api.DateExtensions.as_view(), name="api-date-extensions"),
    path("courses/<slug:slug>/group-dates/", api.GroupsDates.as_view(), name="api-group-dates"),
    path("courses/<slug:slug>/allowances/", api.Allowances.as_view(), name="api-allowances"),
]
workplace_pages = [
    path("learners/<record:learner_id>/dates/", learner_dates.learner_dates, name="learner_dates"),
    path("group-dates/", group_dates.group_dates, name="group_dates"),
    path("allowances/", from_file.allowances_file, name="allowances_file"),
]
