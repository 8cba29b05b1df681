"""Lists in pages of one shape, `{next, previous, results}`."""

from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from foundation.moments import YEARS

LARGEST = 200  # rows
SIZE = {"type": "integer", "minimum": 1, "maximum": LARGEST}
PAGING = [OpenApiParameter("cursor", str), OpenApiParameter("page_size", SIZE)]


def page_of(row: type[serializers.Serializer[Any]]) -> object:
    """Return the shape of a page of such rows, for the schema."""
    links = {name: serializers.URLField(allow_null=True) for name in ("next", "previous")}
    return inline_serializer(f"{row.__name__}Page", {**links, "results": row(many=True)})


def wrong_cursor() -> ValidationError:
    return ValidationError({"cursor": "Take it from `next` or `previous` of an answer."})


class Pages(CursorPagination):
    """Pages of 1 to 200 rows, set by `?page_size=`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST
    ordering = "pk"

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.getlist("page_size")
        if not asked:
            return self.page_size
        if len(asked) == 1 and asked[0] in map(str, range(1, LARGEST + 1)):
            return int(asked[0])
        raise ValidationError({"page_size": f"One whole number from 1 to {LARGEST}."})

    def decode_cursor(self, request: Request) -> Any:
        """Return the cursor. Raises ValidationError for a cursor that no answer of ours contained."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise wrong_cursor() from None
        position = cursor.position if cursor else None
        if position is not None and not self.is_position(position):
            raise wrong_cursor()
        return cursor

    def is_position(self, position: str) -> bool:
        return position.isascii() and position.isdecimal() and len(position) < 20


class NewestPages(Pages):
    """Pages of rows with `created_at`, newest first."""

    ordering = ("-created_at", "-pk")

    def is_position(self, position: str) -> bool:
        try:
            moment = parse_datetime(position)
        except ValueError:
            return False
        return moment is not None and moment.tzinfo is not None and moment.year in YEARS
