"""Rate limits per person: 100 reads, 30 writes and 20 new event streams a second.

Each process counts separately. Headers state the limit and what is left of it.
"""

from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class PerSecond(SimpleRateThrottle):
    """A number of requests per second. Stores how many are left in `request.rate`."""

    cache = caches["throttles"]

    def get_cache_key(self, request: Request, view: APIView | None) -> str:
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"{self.scope}:{who}"

    is_for_reads: bool

    def allow_request(self, request: Request, view: APIView | None) -> bool:
        if (request.method in SAFE_METHODS) is not self.is_for_reads:
            return True
        is_allowed = super().allow_request(request, view)
        left = max(self.num_requests - len(self.history), 0)
        request._request.rate = (self.num_requests, left)  # type: ignore[attr-defined]  # read by Endpoint
        return is_allowed

    def wait(self) -> float | None:
        """Return at least a second, which is the smallest Retry-After."""
        return max(super().wait() or 0, 1)


class Reads(PerSecond):
    scope, rate, is_for_reads = "reads", "100/second", True


class Writes(PerSecond):
    scope, rate, is_for_reads = "writes", "30/second", False


class Openings(PerSecond):
    """The limit for opening event streams. Their view is a coroutine and calls it directly."""

    scope, rate, is_for_reads = "streams", "20/second", True


def headers(rate: tuple[int, int] | None) -> dict[str, str]:
    if rate is None:
        return {}
    limit, left = rate
    return {"RateLimit-Limit": str(limit), "RateLimit-Remaining": str(left), "RateLimit-Reset": "1"}
