"""Put the kept texts into a page, and compress answers with gzip, from parts that the process keeps compressed."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

from foundation.fast.kept_texts import Placeholders, gzipped
from foundation.fast.pieces import ON

LEAST = 200  # bytes


class Compression(GZipMiddleware):
    """Django's middleware, but quicker for answers that are not streamed."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.placeholders = Placeholders()
        return super().__call__(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming:
            return super().process_response(request, response)
        pieces = request.placeholders.filled(response.content)
        if len(pieces) > 1:
            fill(response, b"".join(pieces))
        is_encoded = response.has_header("ETag") or response.has_header("Content-Encoding")
        if is_encoded or not ON.compressed_blocks:
            return super().process_response(request, response)
        if len(response.content) >= LEAST:
            patch_vary_headers(response, ("Accept-Encoding",))
            if re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
                packed = gzipped(pieces)
                if len(packed) < len(response.content):  # a certificate's PDF, for example, does not become smaller
                    fill(response, packed)
                    response.headers["Content-Encoding"] = "gzip"
        return response


def fill(response: HttpResponseBase, content: bytes) -> None:
    response.content = content
    response.headers["Content-Length"] = str(len(content))
