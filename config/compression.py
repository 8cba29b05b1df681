"""Compress answers with gzip, from parts that the process keeps compressed."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

from foundation.compression import gzipped, noting_kept_texts

LEAST = 200  # bytes


class Compression(GZipMiddleware):
    """Django's middleware, but quicker for answers that are not streamed."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with noting_kept_texts() as request.kept_texts:
            return super().__call__(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or response.has_header("ETag") or response.has_header("Content-Encoding"):
            return super().process_response(request, response)
        if len(response.content) >= LEAST:
            patch_vary_headers(response, ("Accept-Encoding",))
            if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
                packed = gzipped(response.content, request.kept_texts)
                if len(packed) < len(response.content):  # a certificate's PDF, for example, does not become smaller
                    response.content = packed
                    response.headers["Content-Encoding"] = "gzip"
                    response.headers["Content-Length"] = str(len(packed))
        return response
