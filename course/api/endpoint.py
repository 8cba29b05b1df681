"""What every endpoint does: read strictly, answer once per Idempotency-Key, say the rate."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from course.api.parsing import BoundedJSONParser
from course.api.throttles import Reads, Writes, headers
from course.permissions import InScope
from course.rules.refusals import Refusal
from course.serializers import Nothing
from course.services import answer_once

LONGEST_KEY = 200


class Endpoint(APIView):
    """Base of the API's views; `now` is the instant at which the request was received.

    With `is_conditional` an answer has an ETag, and unchanged it is 304 without its text: for what programs ask
    again and again.
    """

    request: Request
    permission_classes = [InScope]
    parser_classes = [BoundedJSONParser]
    throttle_classes = [Reads, Writes]
    is_conditional = False

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        view = super().as_view(**options)
        return conditional_page(view) if cls.is_conditional else view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if any("\0" in str(part) for part in kwargs.values()):
            raise Refusal("not_found")  # which PostgreSQL cannot even look for

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """JSON, whatever Accept says: those who want something else are better off with it than with 406."""
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    @property
    def now(self) -> datetime:
        return self.request._request.now  # type: ignore[attr-defined, no-any-return]  # set by config.middleware

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        final = super().finalize_response(request, response, *args, **kwargs)
        rate = getattr(request._request, "rate", None)
        for name, value in (headers(rate) if rate else {}).items():
            final[name] = value
        return final

    def read(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The request's body as `serializer` understands it; ValidationError otherwise."""
        found = serializer(data=self.request.data)
        found.is_valid(raise_exception=True)
        return found.validated_data

    def read_query(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """The address's query, likewise."""
        found = serializer(data=self.request.query_params.dict())
        found.is_valid(raise_exception=True)
        return found.validated_data

    def read_nothing(self) -> None:
        """Of a call that takes no body: whoever sends fields means something that it does not do."""
        if self.request.data:
            self.read(Nothing)

    def once(self, answer: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
        """The answer, stored under the request's Idempotency-Key where it has one (D12)."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not key:
            status, body = answer()
            return Response(body, status)
        if len(key) > LONGEST_KEY:
            raise serializers.ValidationError({"Idempotency-Key": f"At most {LONGEST_KEY} characters."})
        asked = {"method": self.request.method, "path": self.request.path, "body": self.request.data}
        stored = answer_once(user=self.request.user, key=key, request=asked, now=self.now, answer=answer)
        return Response(stored.body, stored.status, headers={"Idempotent-Replayed": "true"} if stored.is_replay else {})
