"""How often: 100 reads and 30 writes a second for each person, counted in each process, told in headers."""

from typing import Any

from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PerSecond(SimpleRateThrottle):
    """So many requests a second; says how many are left in `request.rate`."""

    cache = caches["throttles"]

    def get_cache_key(self, request: Request, view: APIView) -> str:
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"{self.scope}:{who}"

    is_for_reads: bool

    def allow_request(self, request: Request, view: APIView) -> bool:
        if (request.method in SAFE_METHODS) is not self.is_for_reads:
            return True
        is_allowed = super().allow_request(request, view)
        left = max(self.num_requests - len(self.history), 0)
        request._request.rate = (self.num_requests, left)  # type: ignore[attr-defined]  # read by Endpoint
        return is_allowed

    def wait(self) -> float | None:
        """At least a second, which is the smallest Retry-After."""
        return max(super().wait() or 0, 1)


class Reads(PerSecond):
    scope, rate, is_for_reads = "reads", "100/second", True


class Writes(PerSecond):
    scope, rate, is_for_reads = "writes", "30/second", False


def headers(rate: tuple[int, int]) -> dict[str, Any]:
    limit, left = rate
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left), "RateLimit-Reset": "1"}
