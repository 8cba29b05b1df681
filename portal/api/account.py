from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.pages import PAGING, NewestPages, page_of
from course.permissions import Anyone, InScope
from course.selectors import enrollments_of, tokens_of
from course.services import create_token, revoke_token
from portal.api.endpoint import Endpoint
from portal.serializers import learning


class TokenPages(NewestPages):
    ordering = ("-created", "-id")


class Tokens(Endpoint):
    """A program's keys to an account. Creating one takes the password, and the one-time code where there is MFA."""

    @property
    def is_creation(self) -> bool:
        return getattr(self.request, "method", None) == "POST"  # there is no request while the schema is made

    def get_permissions(self) -> list[Any]:
        return [Anyone()] if self.is_creation else [InScope()]

    def get_authenticators(self) -> list[Any]:
        """The password in the body says who asks; a session or token beside it is not looked at."""
        return [] if self.is_creation else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        """Wrong credentials in the body are 401 too, as a wrong token is."""
        return "Token"

    @extend_schema(parameters=PAGING, responses=page_of(learning.TokenOut))
    def get(self, request: Request) -> Response:
        pages = TokenPages()
        rows = pages.paginate_queryset(tokens_of(request.user), request, self)
        return pages.get_paginated_response(learning.TokenOut(rows, many=True).data)

    @extend_schema(request=learning.TokenIn, responses={201: learning.NewToken})
    def post(self, request: Request) -> Response:
        body = self.read(learning.TokenIn)
        user = authenticated(request, body)
        token, text = create_token(
            user=user,
            now=self.now,
            name=body.get("name", ""),
            scopes=body.get("scopes", ["read", "write"]),
            life=timedelta(seconds=body.get("expires_in", 30 * 24 * 3600)),
        )
        return Response({"id": token.id, "token": text, "expires_at": token.expiry}, 201)


def authenticated(request: Request, body: dict[str, Any]) -> Any:
    """The account of these credentials, under the very throttle of the sign-in form."""
    credentials = {"username": body["username"], "password": body["password"]}
    try:
        user = get_adapter().authenticate(request._request, **credentials)  # allauth wants Django's own
        if user is None:
            raise AuthenticationFailed("This name and password do not belong together. Check both and try again.")
        if is_mfa_enabled(user):
            refuse_wrong_code(user, body.get("otp", ""))
    except ValidationError as too_many:
        raise Throttled(wait=60, detail=" ".join(too_many.messages)) from None
    return user


def refuse_wrong_code(user: Any, code: str) -> None:
    """Raise AuthenticationFailed unless `code` is the account's one-time or recovery code."""
    if not code:
        raise AuthenticationFailed("This account needs its one-time code too: send it as otp.", "otp_required")
    forget_failures = check_rate_limit(user)
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    for found in Authenticator.objects.filter(user=user, type__in=kinds):
        if found.wrap().validate_code(code):
            found.record_usage()
            forget_failures()
            return
    raise AuthenticationFailed("This one-time code is not right or was used before. Send a fresh one.", "otp_invalid")


class OneToken(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, token_id: str) -> Response:
        """Revoke a token, this one too."""
        revoke_token(user=request.user, token_id=token_id)
        return Response(status=204)


@extend_schema(responses=learning.Me)
class Me(Endpoint):
    """Who one is."""

    def get(self, request: Request) -> Response:
        user = request.user
        slugs = [enrollment.course.slug for enrollment in enrollments_of(user)]
        body = {"username": user.username, "name": user.name, "enrollments": slugs, "timezone": user.timezone}
        return Response(learning.Me(body).data)
