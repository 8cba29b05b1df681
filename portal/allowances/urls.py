"""Addresses of what learners are allowed; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.allowances import api

calls = [
    path("courses/<slug:slug>/date-extensions/", api.DateExtensions.as_view(), name="api-date-extensions"),
    path("courses/<slug:slug>/allowances/", api.Allowances.as_view(), name="api-allowances"),
]
