"""Health pages: /readyz and /metrics for operators, on loopback or signed in as staff; /heartbeat for the sweeper."""

import os
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import redis
from django.conf import settings
from django.core import signing
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from redis.backoff import NoBackoff
from redis.retry import Retry

from labs.selectors import lab_workload
from portal.refusals import Refusal
from quizzes.selectors import SweeperState, sweeper_state
from quizzes.services import beat
from quizzes.services.heartbeat import HEARTBEAT

SIGNATURE_LASTS = 60  # seconds from a sweeper's request for a heartbeat
IMPATIENT = {"socket_connect_timeout": 0.5, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if answers can be accepted and graded, otherwise 503 with what is missing."""
    refuse_outsider(request)
    try:
        found, labs = sweeper_state(request.now), lab_workload(request.now)
    except (DatabaseError, InterfaceError) as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    redis_state = state_of_redis()
    body = {
        # every page is correct without a sweeper (D9), so its absence is reported but not fatal
        "ready": redis_state != "away",
        "database": connection.vendor,
        "redis": redis_state,
        "sweeper": {"is_alive": found.has_sweeper, "seconds_since_sweep": found.age},
        "exams": {"running": found.running, "due": found.due},
        "labs": {
            "queued": labs.queued,
            "running": labs.running,
            "queue_age_seconds": labs.age,
            "workers": {name: shown_runner(runner) for name, runner in labs.workers.items()},
        },
    }
    return JsonResponse(body, status=200 if body["ready"] else 503)


def state_of_redis() -> str:
    """Return "here", "away", or "not used". Saves work without Redis; labs cannot run."""
    if not settings.REDIS_URL:
        return "not used"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **IMPATIENT) as server:
            server.ping()
    except redis.RedisError:
        return "away"
    return "here"


@csrf_exempt
@require_POST
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Record that this server answers and that its writes commit. Only a holder of the secret key can ask for it."""
    try:
        signing.loads(request.body.decode("latin1"), salt=HEARTBEAT, max_age=SIGNATURE_LASTS)
    except signing.BadSignature:
        raise Refusal("not_found") from None
    beat(now=request.now)
    return HttpResponse(status=204)


def shown_runner(runner: dict[str, Any]) -> dict[str, object]:
    """Return a worker's last report on its runner: of the self-test, the number of attacks and those that succeeded."""
    attacks = runner.get("self_test", [])
    gained = [row["attack"] for row in attacks if row["found"] is not None]
    shown = {name: runner.get(name) for name in ("ready", "is_alive", "tier", "reasons")}
    shown["seconds_since_report"] = runner["age"]
    return shown | {"self_test": {"attacks": len(attacks), "gained": gained}}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return counters of all web processes of this host, and gauges of the sweeper's work if the database answers."""
    refuse_outsider(request)
    page = generate_latest(counters())
    try:
        found = sweeper_state(request.now)
    except (DatabaseError, InterfaceError):
        return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)
    gauges = CollectorRegistry()
    gauges.register(Gauges(found))
    return HttpResponse(page + generate_latest(gauges), content_type=CONTENT_TYPE_LATEST)


def counters() -> CollectorRegistry:
    """Return the counters of every web process if `up` set a shared folder, else of this process only."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # registers itself
    return registry


class Gauges:
    """Values read from the database, which are the same in every process."""

    def __init__(self, found: SweeperState) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("finalcheck_exams_running", "Sittings whose time runs", self.found.running)
        yield GaugeMetricFamily("finalcheck_exams_due", "Expired sittings that wait for the sweeper", self.found.due)
        age = -1 if self.found.age is None else self.found.age
        yield GaugeMetricFamily("finalcheck_sweeper_age_seconds", "Seconds since the last sweep", age)


def refuse_outsider(request: HttpRequest) -> None:
    """Raise Refusal not_found unless the request comes from this machine without a proxy, or from staff."""
    if not is_from_here(request) and not request.user.is_staff:
        raise Refusal("not_found")


def is_from_here(request: HttpRequest) -> bool:
    """Return whether the request comes from this machine.

    A proxy on this machine is on loopback too, but requests through it name the public host or have a header that says
    so.
    """
    is_proxied = "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return (
        is_local(request.META.get("REMOTE_ADDR", "")) and not is_proxied and host in {"localhost", "127.0.0.1", "[::1]"}
    )


def is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
