import binascii
from datetime import datetime
from hmac import compare_digest
from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import get_token_model
from knox.settings import CONSTANTS
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from foundation.acquaintances import forget_credential, remember_credential
from foundation.fast.prepared import PreparedInstances

BEGINNING_WITH = PreparedInstances(
    lambda token_key: get_token_model().objects.filter(token_key=token_key), "user", token_key=str
)


class ScopedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`, checked with one query. An expired token is refused here and deleted by the sweeper."""

    now: datetime

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        self.now = request._request.now  # when the request was received; REST framework makes one object for each
        account_and_token: tuple[Any, Any] | None = super().authenticate(request)
        return account_and_token

    def authenticate_credentials(self, token: bytes) -> object:
        """Return the account and the token. Bytes that are not text cannot be a token.

        The server learns from it whose the token is, as long as it is accepted (foundation.acquaintances).
        """
        try:
            text = token.decode("ascii")
            digest = hash_token(text)
        except (UnicodeDecodeError, TypeError, binascii.Error):
            raise AuthenticationFailed("Invalid token.") from None
        for stored in BEGINNING_WITH(token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH]):
            is_over = stored.expiry is not None and stored.expiry <= self.now
            if not is_over and compare_digest(digest, stored.digest):
                if not stored.user.is_active:
                    break
                remember_credential(digest, stored.user_id)
                return stored.user, stored
        forget_credential(digest)
        raise AuthenticationFailed("Invalid token.")


class ScopedTokenScheme(KnoxTokenScheme):
    """The schema's description; defining the class registers it."""

    target_class = "foundation.authentication.ScopedTokenAuthentication"
    name = "token"
