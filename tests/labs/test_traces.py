"""One trace leads from the request that orders a run through the worker to the runner, as a collector receives it."""

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from rest_framework.test import APIClient

from config import tracing
from foundation.tracing import trace_with
from labs.models import Run
from tests import factories as make
from tests.collector import Collector
from tests.labs.lives import Live, wait_until
from tests.labs.making import RIGHT, make_lab

SECRET = "answer_of_ada"
TREE = {
    ("finalcheck-web", "POST api-lab-runs", ""),
    ("finalcheck-worker", "labs.run_queued", "POST api-lab-runs"),
    ("finalcheck-worker", "execute a lab run", "POST api-lab-runs"),
    ("finalcheck-worker", "run code", "execute a lab run"),
    ("finalcheck-runner", "make the sandbox", "run code"),
    ("finalcheck-runner", "run the cells", "run code"),
    ("finalcheck-runner", "judge the tests", "run code"),
}


@pytest.fixture
def collector(monkeypatch, tmp_path):
    with Collector() as found:
        monkeypatch.setenv("FINALCHECK_OTLP_ENDPOINT", f"http://{found.place}")
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "metrics" / "worker"))
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield found
        trace_with(None)
        for signal, receiver in tracing.RECEIVERS:
            signal.disconnect(receiver)


def tree(collector: Collector, trace: bytes) -> set[tuple[str, str, str]]:
    """Return the spans of a trace: the program, the name, and the name of the span around it."""
    bodies = [ExportTraceServiceRequest.FromString(body) for path, body in collector.received if path == "/v1/traces"]
    found = []
    for resource in (each for body in bodies for each in body.resource_spans):
        (program,) = [each.value.string_value for each in resource.resource.attributes if each.key == "service.name"]
        found += [(program, span) for scope in resource.scope_spans for span in scope.spans if span.trace_id == trace]
    names = {span.span_id: span.name for _, span in found}
    return {(program, span.name, names.get(span.parent_span_id, "")) for program, span in found}


def test_one_trace_leads_from_the_page_through_the_worker_to_the_runner(runner, live: Live, collector):
    tracing.trace_program(f"http://{collector.place}", "web")
    lab = make_lab()
    api = APIClient()
    api.force_authenticate(make.enroll(course=lab.course))
    cells = [*RIGHT[:2], {"id": "4", "source": f"print('{SECRET}')"}]
    ordered = api.post(f"/api/v1/labs/{lab.pk}/runs/", {"cells": cells, "mode": "test"}).json()
    trace = bytes.fromhex(Run.objects.get(pk=ordered["id"]).trace.split("-")[1])
    live.worker()
    wait_until(lambda: tree(collector, trace) == TREE)
    assert Run.objects.get(pk=ordered["id"]).verdict == "succeeded"
    assert SECRET not in str(collector.received)
