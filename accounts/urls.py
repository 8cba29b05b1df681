"""Addresses of accounts; config.urls puts each list where it belongs."""

from accounts import api, pages
from foundation.frame.addresses import path

learner_pages = [
    path("settings/theme/", pages.theme, name="theme"),
    path("settings/tokens/", pages.tokens, name="tokens"),
    path("settings/tokens/<str:token_id>/revoke/", pages.revoke_own_token, name="revoke_token"),
]
calls = [
    path("tokens/", api.OwnTokens.as_view(), name="api-tokens"),
    path("tokens/<str:token_id>/", api.OneToken.as_view(), name="api-token"),
]
