"""For operators, on loopback or signed in as staff: is everything there (/readyz), and how much of it (/metrics)."""

from ipaddress import ip_address
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import Gauge

from course.rules.refusals import Refusal
from labs.selectors import lab_pulse
from quizzes.selectors import pulse

LONGEST_PULSE = 60  # seconds; the sweeper beats every ten
RUNNING = Gauge("finalcheck_exams_running", "Sittings whose time runs")
DUE = Gauge("finalcheck_exams_due", "Expired sittings that wait for the sweeper")
AGE = Gauge("finalcheck_sweeper_age_seconds", "Seconds since the sweeper's last beat")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where answers can be taken and graded, 503 with what is missing otherwise."""
    refuse_outsider(request)
    try:
        found, labs = pulse(request.now), lab_pulse(request.now)
    except DatabaseError as error:
        return JsonResponse({"ready": False, "database": type(error).__name__}, status=503)
    has_sweeper = found.age is not None and found.age <= LONGEST_PULSE
    body = {
        "ready": True,  # every page is right without a sweeper (D9), so its absence is told, not fatal
        "database": connection.vendor,
        "sweeper": {"is_alive": has_sweeper, "seconds_since_beat": found.age},
        "exams": {"running": found.running, "due": found.due},
        "labs": {
            "queued": labs.queued,
            "running": labs.running,
            "queue_age_seconds": labs.age,
            "workers": {name: shown_runner(runner) for name, runner in labs.workers.items()},
        },
    }
    return JsonResponse(body)


def shown_runner(runner: dict[str, Any]) -> dict[str, Any]:
    """What a worker last heard of the runner beside it; of the self-test how many attacks, and which of them gained."""
    attacks = runner.get("self_test", [])
    gained = [row["attack"] for row in attacks if row["found"] is not None]
    shown = {name: runner.get(name) for name in ("ready", "tier", "reasons")}
    return shown | {"self_test": {"attacks": len(attacks), "gained": gained}}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    refuse_outsider(request)
    found = pulse(request.now)
    RUNNING.set(found.running)
    DUE.set(found.due)
    AGE.set(found.age if found.age is not None else -1)
    return ExportToDjangoView(request)


def refuse_outsider(request: HttpRequest) -> None:
    """Raise Refusal not_found unless the request comes from this machine itself, past no proxy, or from staff."""
    if not is_from_here(request) and not request.user.is_staff:
        raise Refusal("not_found")


def is_from_here(request: HttpRequest) -> bool:
    """A proxy on this machine is on loopback too: what it passes on names the public host or says so in a header."""
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
