from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 1024 * 1024  # bytes


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = "This request is larger than 1 MB. Nothing was changed. Send a smaller request."


class BoundedJSONParser(JSONParser):
    """JSON of at most 1 MB, without NaN, Infinity and extremely deep nesting."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        meta = parser_context["request"].META if parser_context else {}
        if int(meta.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None
