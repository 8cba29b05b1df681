"""API tokens: made with a password, listed, revoked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import serializers as shapes
from accounts.adapters import factor_of_code
from accounts.selectors import tokens_of
from accounts.services import create_token, log_security, revoke_token
from foundation.frame.endpoint import Endpoint, leads
from foundation.paging import PAGING, NewestPages, page_of
from foundation.permissions import Anyone, InScope, InScopeOrItself
from foundation.refusals import refuses

if TYPE_CHECKING:
    from accounts.models import User


class TokenPages(NewestPages):
    ordering = ("-created", "-id")


NOT_TOGETHER = "This name and password do not belong together. Check both and try again."


@refuses("authentication_failed", "otp_required", "otp_invalid")
def authenticated(request: Request, body: dict[str, Any]) -> Any:
    """Return the account of these credentials, under the same throttle as the sign-in form."""
    credentials = {"username": body["username"], "password": body["password"]}
    try:
        user = get_adapter().authenticate(request._request, **credentials)  # allauth needs Django's own request
        if user is None:
            raise AuthenticationFailed(NOT_TOGETHER)
        if is_mfa_enabled(user):
            refuse_wrong_code(user, body.get("otp", ""), request._request.now)
    except ValidationError as too_many:
        raise Throttled(wait=settings.SIGN_IN_WINDOW.total_seconds(), detail=" ".join(too_many.messages)) from None
    return user


def refuse_wrong_code(user: "User", code: str, now: datetime) -> None:
    """Raise AuthenticationFailed unless `code` is the account's one-time or recovery code, ValidationError at the limit."""
    if not code:
        raise AuthenticationFailed("This account also needs a one-time code. Send it as otp.", "otp_required")
    factor = factor_of_code(user, code, now)
    if factor is None:
        log_security("second_factor_failed", account=user.pk, problem="incorrect_code")
        raise AuthenticationFailed("This one-time code is incorrect or was used before. Send a new one.", "otp_invalid")
    factor.record_usage()


class OwnTokens(Endpoint):
    """API tokens of an account. Creating one takes the password, and the one-time code if the account uses MFA."""

    takes_key = False

    @property
    def is_creation(self) -> bool:
        return getattr(self.request, "method", None) == "POST"  # the schema is generated without a request

    def get_permissions(self) -> list[BasePermission]:
        return [Anyone()] if self.is_creation else [InScope()]

    def get_authenticators(self) -> list[Any]:
        """Skip authenticators: the password in the body identifies the person, and a session or token is ignored."""
        return [] if self.is_creation else super().get_authenticators()

    def get_throttles(self) -> list[Any]:
        """Limit failed sign-ins only, because a whole exam hall may share one address."""
        return [] if self.is_creation else super().get_throttles()

    def get_authenticate_header(self, request: Request) -> str:
        """Make wrong credentials in the body a 401, like a wrong token."""
        return "Token"

    @extend_schema(parameters=PAGING, responses=page_of(shapes.TokenOut))
    @leads(token_id="/results/0/id")  # noqa: S106  # a JSON pointer
    @refuses()
    def get(self, request: Request) -> Response:
        pages = TokenPages()
        rows = pages.paginate_queryset(tokens_of(self.person), request, self)
        return pages.get_paginated_response(shapes.TokenOut(rows, many=True).data)

    @extend_schema(request=shapes.TokenIn, responses={201: shapes.NewToken})
    @leads(token_id="/id")  # noqa: S106  # a JSON pointer
    @refuses(authenticated, "not_permitted", "too_many_tokens", "too_many_sign_ins")
    def post(self, request: Request) -> Response:
        body = self.read(shapes.TokenIn)
        user = authenticated(request, body)
        token, text = create_token(
            user=user,
            now=self.now,
            name=body.get("name", ""),
            scopes=body.get("scopes", ["read", "write"]),
            life=timedelta(seconds=body.get("expires_in", 30 * 24 * 3600)),
        )
        return Response({"id": token.id, "token": text, "expires_at": token.expiry}, 201)


class OneToken(Endpoint):
    permission_classes = [InScopeOrItself]

    @extend_schema(responses={204: None})
    @refuses()
    def delete(self, request: Request, token_id: str) -> Response:
        """Revoke a token. The token that makes the request may always revoke itself, whatever its scopes."""
        revoke_token(user=self.person, token_id=token_id)
        return Response(status=204)
