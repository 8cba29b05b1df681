"""Requests and answers whose body is bytes, for files. Nothing here interprets them."""

from collections.abc import Mapping
from typing import IO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import BaseParser

BYTES = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
KINDS = {"application/octet-stream": OpenApiTypes.BINARY}


class RawParser(BaseParser):
    """Any body, as bytes. Of a larger body, one byte more than `largest` is read, to show that it is too large."""

    media_type = "*/*"
    largest = 5 << 20

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> bytes:
        content: bytes = stream.read(self.largest + 1)
        return content


def attachment(content: bytes, name: str, kind: str = "application/octet-stream") -> HttpResponse:
    """Return a file as a download. Browsers never open it as a page, whatever it contains."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
