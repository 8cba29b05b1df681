"""Addresses of accounts; config.urls puts each list where it belongs."""

from accounts import api
from foundation.frame.addresses import path

calls = [
    path("tokens/", api.OwnTokens.as_view(), name="api-tokens"),
    path("tokens/<str:token_id>/", api.OneToken.as_view(), name="api-token"),
]
