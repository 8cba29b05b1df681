"""What a token may do: `read`, `write` (as a learner), `staff`; a browser's session may do all its user may."""

from knox.models import AbstractAuthToken
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

SCOPES = ("read", "write", "staff")


class InScope(BasePermission):
    """Signed in, by a session or by a token whose scopes cover the method."""

    message = "This token's scopes do not cover the request. Create one with the scope that it needs."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        needed = "read" if request.method in SAFE_METHODS else "write"
        return not isinstance(request.auth, AbstractAuthToken) or needed in request.auth.scopes


class Staff(BasePermission):
    """Signed in by a session, or by a token with the scope `staff`; whose courses they are is asked besides."""

    message = InScope.message

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        return not isinstance(request.auth, AbstractAuthToken) or "staff" in request.auth.scopes


class Anyone(BasePermission):
    """The catalogue and the public verification of certificates."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return True
