"""Bodies that are bytes, and answers that are: for files, which nothing here interprets."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import BaseParser

BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
KINDS = {"application/octet-stream": OpenApiTypes.BINARY}


class RawParser(BaseParser):
    """Any body, as bytes; of one that is larger than `largest`, a byte more than that, so that it can be told."""

    media_type = "*/*"
    largest = 5 << 20

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        content: bytes = stream.read(self.largest + 1)
        return content


def attachment(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """A file to be saved, never shown: whatever it holds, no browser opens it as a page."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
