"""Scopes of a token: `read`, `write` (as a learner), `staff`. A browser's session may do everything its user may."""

from knox.models import AbstractAuthToken
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class InScope(BasePermission):
    """Signed in, by a session or by a token whose scopes cover the method."""

    message = "This token lacks the scope for this request (read or write). Create one under Settings → API tokens."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        needed = "read" if request.method in SAFE_METHODS else "write"
        return not isinstance(request.auth, AbstractAuthToken) or needed in request.auth.scopes


class InScopeOrItself(InScope):
    """For requests about one token. In addition, a token may revoke itself, whatever its scopes."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        is_itself = isinstance(request.auth, AbstractAuthToken) and request.auth.id == view.kwargs["token_id"]
        return (is_itself and request.method == "DELETE") or super().has_permission(request, view)


class Staff(BasePermission):
    """Signed in by a session, or by a token with the scope `staff`. The course is checked separately."""

    message = "This token lacks the staff scope. Create one under Settings → API tokens."

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated:
            return False
        return not isinstance(request.auth, AbstractAuthToken) or "staff" in request.auth.scopes


class Anyone(BasePermission):
    """The catalog and the public verification of certificates."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return True
