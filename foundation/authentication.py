from datetime import datetime
from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request


class ScopedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`, checked with one query. An expired token is refused here and deleted by the sweeper."""

    now: datetime

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        self.now = request._request.now  # when the request was received; REST framework makes one object for each
        return super().authenticate(request)

    def authenticate_credentials(self, token: bytes) -> object:
        """Refuse bytes that are not text, which cannot be a token."""
        if not token.isascii():
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)

    def _cleanup_token(self, auth_token: Any) -> bool:
        return auth_token.expiry is not None and auth_token.expiry <= self.now


class ScopedTokenScheme(KnoxTokenScheme):
    """The schema's description; defining the class registers it."""

    target_class = "foundation.authentication.ScopedTokenAuthentication"
    name = "token"
