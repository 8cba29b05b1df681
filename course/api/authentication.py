from typing import Any

from django.utils import timezone
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication


class ScopedTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`, in one statement: an expired token is refused here and removed by the sweeper."""

    def _cleanup_token(self, auth_token: Any) -> bool:
        return auth_token.expiry is not None and auth_token.expiry <= timezone.now()


class ScopedTokenScheme(KnoxTokenScheme):
    """How the schema describes it; defining the class registers it."""

    target_class = "course.api.authentication.ScopedTokenAuthentication"
    name = "token"
