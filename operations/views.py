"""Health pages: /readyz and /metrics for operators, on loopback, with a token or signed in as staff; /heartbeat for the sweeper."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from foundation import clock
from foundation.version import finalcheck_version
from labs.hosts import SeenHost
from labs.selectors import LabWorkload
from operations.refusals import Refusal
from operations.services import Measures, readiness, registry_of_counters
from quizzes.rules.outages import report_in
from quizzes.selectors import SweeperState
from quizzes.services import beat
from quizzes.services.heartbeat import HEARTBEAT

FULL = "finalcheck.full"  # where the server says when it refused others, and who held it (config/server)
SIGNATURE_LASTS = 60  # seconds from a sweeper's request for a heartbeat


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 if every part works, otherwise 503. Names each part, its state and what to know about it."""
    refuse_outsider(request)
    state = readiness(request.now, timezone.now)
    parts = {part.name: {"state": part.state, "says": part.says} for part in state.parts}
    body: dict[str, object] = {"ready": state.is_ready, "version": str(finalcheck_version()), "parts": parts}
    if state.sweeper is not None and state.labs is not None:
        body |= shown_work(state.sweeper, state.labs)
    answer = JsonResponse(body, status=200 if state.is_ready else 503)
    answer._has_been_logged = True  # otherwise Django would log an error for each request
    return answer


def shown_work(sweeper: SweeperState, labs: LabWorkload) -> dict[str, object]:
    """Return what waits and what runs, as the database has it."""
    return {
        "sweeper": {"is_alive": sweeper.has_sweeper, "seconds_since_sweep": sweeper.age},
        "exams": {"running": sweeper.running, "due": sweeper.due},
        "labs": {
            "queued": labs.queued,
            "running": labs.running,
            "queue_age_seconds": labs.age,
            "workers": {name: shown_runner(runner) for name, runner in labs.workers.items()},
            "runners": {name: shown_host(host) for name, host in labs.hosts.items()},
        },
    }


@csrf_exempt
@require_POST
def heartbeat(request: HttpRequest) -> HttpResponse:
    """Record that this server answers and that its writes commit. Only a holder of the secret key can ask for it."""
    try:
        report = signing.loads(request.body.decode("latin1"), salt=HEARTBEAT, max_age=SIGNATURE_LASTS)
    except signing.BadSignature:
        raise Refusal("not_found") from None
    beat(now=request.now, report=report_in(report), serving_since=clock.began_at())
    full = request.META.get("asgi.scope", {}).get(FULL)
    return JsonResponse(full) if full else HttpResponse(status=204)


def shown_host(host: SeenHost) -> dict[str, object]:
    shown = {name: host.capacity.get(name, 0) for name in ("running", "runs", "open_sessions", "sessions")}
    state = {"ready": host.is_ready, "is_lost": host.is_lost, "is_draining": host.is_draining}
    return state | shown | {"reasons": host.reasons, "runtimes": host.runtimes, "seconds_since_seen": host.age}


def shown_runner(runner: dict[str, Any]) -> dict[str, object]:
    """Return a worker's last report on its runner: of the self-test, the number of attacks and those that succeeded."""
    attacks = runner.get("self_test", [])
    gained = [row["attack"] for row in attacks if row["found"] is not None]
    shown = {name: runner.get(name) for name in ("ready", "is_alive", "tier", "reasons")}
    shown["seconds_since_report"] = runner["age"]
    return shown | {"self_test": {"attacks": len(attacks), "gained": gained}}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return what the programs of this host counted, and what is measured now."""
    refuse_outsider(request)
    measured = CollectorRegistry()
    measured.register(Measures(request.now, timezone.now))
    page = generate_latest(registry_of_counters()) + generate_latest(measured)
    return HttpResponse(page, content_type=CONTENT_TYPE_LATEST)


def refuse_outsider(request: HttpRequest) -> None:
    """Raise Refusal not_found unless the request has the token, comes from this machine without a proxy, or from staff."""
    if not has_token(request) and not is_from_here(request) and not request.user.is_staff:
        raise Refusal("not_found")


def has_token(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    return bool(token) and constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}")


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
