"""Common behavior of endpoints: read strictly, answer once per Idempotency-Key, report the rate limit."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from foundation.idempotency import Answer, answer_once, is_answered
from foundation.parsing import BoundedJSONParser
from foundation.permissions import InScope
from foundation.queries import refuse_unknown_parameters
from foundation.refusals import Refusal, declares_refusals, refused_by
from foundation.serializers import Nothing, shared_shape
from foundation.throttles import Reads, Writes, headers
from foundation.turns import turns

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_KEY = 200
DIGITS = 18  # digits of the largest number that every database can search for


def leads[S: Callable[..., object]](**pointers: str) -> Callable[[S], S]:
    """Declare where an answer has an id that other calls take, as a JSON pointer by parameter: `token_id="/id"`."""
    return extend_schema(extensions={"x-leads": pointers})


def parsed_body(serializer: type[serializers.Serializer[Any]], given: object) -> dict[str, Any]:
    """Return what was given as `serializer` parses it. Raises ValidationError."""
    try:
        read: dict[str, Any] = shared_shape(serializer).run_validation(given)
    except serializers.ValidationError:
        serializer(data=given).is_valid(raise_exception=True)  # words the errors of a missing body as well
        raise
    return read


class Endpoint(APIView):
    """Base of the API's views; `now` is the instant at which the request was received.

    With `is_conditional`, answers have an ETag, and unchanged ones are 304 without a body: for content that clients
    poll. With `is_costly`, a person gets one answer at a time, and 429 for concurrent requests. A POST takes an
    Idempotency-Key and answers `once`, unless `takes_key` is false.
    """

    request: Request
    permission_classes = [InScope]
    parser_classes = [BoundedJSONParser]
    throttle_classes = [Reads, Writes]
    is_conditional = False
    is_costly = False
    takes_key = True
    has_turn = False

    @classmethod
    def as_view(cls, **options: object) -> Any:
        view = super().as_view(**options)
        return conditional_page(view) if cls.is_conditional else view

    @classmethod
    def refusals(cls, method: str) -> frozenset[str]:
        """Return the codes of the refusals that are declared for a method, without those of every call.

        Raises AssertionError unless the method or its class has `refuses`. For a method that only reads, a base may have it.
        """
        handler = getattr(cls, method.lower())
        bases = cls.__mro__ if method in SAFE_METHODS else ()
        assert any(map(declares_refusals, (handler, cls, *bases))), f"{cls.__name__}.{method.lower()} lacks @refuses"
        is_once = method == "POST" and cls.takes_key
        return refused_by(handler) | refused_by(cls) | (refused_by(answer_once) if is_once else frozenset())

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        self.check_query(request)
        if any("\0" in str(part) for part in kwargs.values()):
            raise Refusal("not_found")  # a NUL, for which PostgreSQL cannot even search
        if self.is_costly:
            self.take_turn()

    def take_turn(self) -> None:
        """Reserve the person's turn for a costly answer. Raises Throttled while another one is in progress."""
        turns.take(self.request.user.pk)
        self.has_turn = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
            if self.has_turn and isinstance(response, Response):
                response.render()  # rendering is part of the cost
            return response
        finally:
            if self.has_turn:
                turns.give_back(self.request.user.pk)

    def check_query(self, request: Request) -> None:
        """Refuse query parameters that the schema does not declare, so that none is ignored."""
        refuse_unknown_parameters(self, request)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """Answer JSON whatever Accept says, because JSON is more useful than a 406."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    @property
    def now(self) -> datetime:
        return self.request._request.now  # type: ignore[attr-defined, no-any-return]  # set by config.middleware

    @property
    def first_received(self) -> datetime:
        """Return when this request was first received, if we failed to store it before. An answer counts from then (D20)."""
        return self.request._request.first_received  # type: ignore[attr-defined, no-any-return]  # as `now` is

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        final = super().finalize_response(request, response, *args, **kwargs)
        rate = getattr(request._request, "rate", None)
        for name, value in headers(rate).items():
            final[name] = value
        return final

    @property
    def person(self) -> "User":
        """Return the account that makes the request. Only for endpoints that refuse requests without an account."""
        assert self.request.user.is_authenticated
        return self.request.user

    def read(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the request's body as `serializer` parses it. Raises ValidationError."""
        return parsed_body(serializer, self.request.data)

    def read_query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return the query as `serializer` parses it. Raises ValidationError."""
        return parsed_body(serializer, self.request.query_params.dict())

    def read_nothing(self) -> None:
        """Check that a request without parameters has no body. Fields would suggest an effect that the endpoint does not have."""
        if self.request.data:
            self.read(Nothing)

    def idempotency_key(self) -> str:
        """Return the request's Idempotency-Key, "" if it has none. Raises ValidationError for one that is too long."""
        key: str = self.request.headers.get("Idempotency-Key", "")
        if len(key) > LONGEST_KEY:
            raise serializers.ValidationError({"Idempotency-Key": f"At most {LONGEST_KEY} characters."})
        return key

    def once(self, answer: Callable[[], Answer]) -> Response:
        """Return the answer, stored under the request's Idempotency-Key if it has one (D12)."""
        assert self.takes_key
        key = self.idempotency_key()
        if not key:
            status, body = answer()
            return Response(body, status)
        asked = {"method": self.request.method, "path": self.request.path, "body": self.request.data}
        stored = answer_once(user_id=self.request.user.pk, key=key, request=asked, now=self.now, answer=answer)
        return Response(stored.body, stored.status, headers={"Idempotent-Replayed": "true"} if stored.is_replay else {})

    def once_prepared(self, prepare: Callable[[], Callable[[], Answer]]) -> Response:
        """Answer `once` with what `prepare` returns, which is called before the transaction, and for no repeated request."""
        key = self.idempotency_key()
        is_replay = bool(key) and is_answered(user_id=self.request.user.pk, key=key)
        return self.once((lambda: prepare()()) if is_replay else prepare())


def number(text: str) -> int:
    """Return a learner's or record's id. Raises Refusal not_found for anything that cannot be an id."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise Refusal("not_found")
    return int(text)
